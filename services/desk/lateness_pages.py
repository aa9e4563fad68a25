"""The road out of lateness at the ward's desk: its words, its forms, and who has which part."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AgencyKey
from portal.core.lateness import LatenessState
from portal.core.lateness_road import Owed, Road, Texts
from services.dossiers.lateness import note_late, process
from services.dossiers.models import Lateness

from .lateness_forms import DraftForm, ExplainForm, OverrideForm

# Of each agency: its heads, the first of them, whoever hands things over for it.
PEOPLE: dict[str, tuple[Promise, Promise, Promise]] = {
    AgencyKey.COMMITTEE: (_("Lãnh đạo phường"), _("Chủ tịch phường"), _("Bộ phận Một cửa")),
    AgencyKey.POLICE: (_("Chỉ huy Công an phường"), _("Trưởng Công an phường"), _("Công an phường")),
}


def owed(case: Lateness) -> Owed:
    heads, first, desk = PEOPLE[case.dossier.agency.key]
    return Owed(judges=first if case.escalated else heads, signs=heads, records=desk)


ROAD = Road(
    process,
    note_late,
    owed,
    texts={
        "sign_apology": Texts(
            _("Thư được cấp số, ký số của cơ quan và gửi ngay cho người dân. Thư đến nơi thì hồ sơ đi tiếp."),
            _("Đã ký thư xin lỗi của hồ sơ %(code)s. Thư đang được gửi."),
        ),
        "accept_explanation": Texts(
            _("Bộ phận phụ trách soạn thư xin lỗi để trình ký."),
            _("Đã chấp nhận giải trình của hồ sơ %(code)s."),
        ),
        "explain": Texts(
            _("Giải trình được trình lãnh đạo phường duyệt. Người dân không đọc giải trình."),
            _("Đã gửi giải trình của hồ sơ %(code)s."),
        ),
        "draft_apology": Texts(
            _("Thư theo Mẫu số 04, do thủ trưởng cơ quan ký. Trước khi ký, lãnh đạo xem đúng bản sẽ gửi."),
            _("Đã trình ký thư xin lỗi của hồ sơ %(code)s."),
        ),
        "record_delivery": Texts(
            _("Thư đã đến người dân: hồ sơ đi tiếp và thời hạn của bước được tính lại."),
            _("Đã ghi nhận thư xin lỗi đến người dân. Hồ sơ %(code)s đi tiếp."),
        ),
        "return_explanation": Texts(
            _("Người giải trình viết lại theo ý kiến của bạn."),
            _("Đã trả lại giải trình của hồ sơ %(code)s."),
        ),
        "return_draft": Texts(
            _("Bộ phận phụ trách soạn lại thư theo ý kiến của bạn."),
            _("Đã trả lại dự thảo thư xin lỗi của hồ sơ %(code)s."),
        ),
        "override": Texts(
            _("Hồ sơ đi tiếp ngay, không chờ thư xin lỗi. Lần này được ghi vào danh sách kiểm tra và được đếm."),
            _("Đã cho hồ sơ %(code)s đi tiếp."),
        ),
    },
    forms={"explain": ExplainForm, "draft_apology": DraftForm, "override": OverrideForm},
    arrival=_("Thư xin lỗi đến người dân"),
    let_go=_("Lãnh đạo cho đi tiếp"),
    signing=frozenset({"sign_apology"}),
)

# How a dossier stands while its case is open, after "Quá hạn 2 ngày".
WAITS_FOR: dict[str, str | Promise] = {
    LatenessState.EXPLAINING: _("chờ giải trình"),
    LatenessState.EXPLAINED: _("chờ duyệt giải trình"),
    LatenessState.APOLOGISING: _("chờ dự thảo thư xin lỗi"),
    LatenessState.DRAFTED: _("chờ ký thư xin lỗi"),
    LatenessState.SIGNED: _("đang gửi thư xin lỗi"),
    LatenessState.SENT: _("chờ thư xin lỗi đến người dân"),
}
