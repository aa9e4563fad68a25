"""The road out of lateness at a building's desk: its words, its forms, and who has which part."""

from django.utils.translation import gettext_lazy as _

from portal.core.lateness_road import Owed, Road, Texts

from ..requests.lateness import note_late, process
from ..requests.models import RequestLateness
from .lateness_forms import DraftForm, ExplainForm, OverrideForm


def owed(case: RequestLateness) -> Owed:
    head = _("Trưởng ban quản lý")
    above = _("Trưởng ban quản trị, hoặc lãnh đạo phường nơi chưa có ban quản trị")
    return Owed(judges=above if case.escalated else head, signs=head, records=_("Ban quản lý"))


ROAD = Road(
    process,
    note_late,
    owed,
    texts={
        "sign_apology": Texts(
            _("Tên bạn đứng dưới thư. Thư được gửi ngay cho cư dân; thư đến nơi thì yêu cầu đi tiếp."),
            _("Đã ký thư xin lỗi của %(code)s. Thư đang được gửi."),
        ),
        "accept_explanation": Texts(
            _("Người chịu trách nhiệm soạn thư xin lỗi để trình ký."),
            _("Đã chấp nhận giải trình của %(code)s."),
        ),
        "explain": Texts(
            _("Giải trình được trình người phụ trách duyệt. Cư dân không đọc giải trình."),
            _("Đã gửi giải trình của %(code)s."),
        ),
        "draft_apology": Texts(
            _("Thư do trưởng ban quản lý ký. Trước khi ký, người ký xem đúng bản sẽ gửi."),
            _("Đã trình ký thư xin lỗi của %(code)s."),
        ),
        "record_delivery": Texts(
            _("Thư đã đến cư dân: yêu cầu đi tiếp và thời hạn được tính lại."),
            _("Đã ghi nhận thư xin lỗi đến cư dân. %(code)s đi tiếp."),
        ),
        "return_explanation": Texts(
            _("Người giải trình viết lại theo ý kiến của bạn."),
            _("Đã trả lại giải trình của %(code)s."),
        ),
        "return_draft": Texts(
            _("Người soạn viết lại thư theo ý kiến của bạn."),
            _("Đã trả lại dự thảo thư xin lỗi của %(code)s."),
        ),
        "override": Texts(
            _("Yêu cầu đi tiếp ngay, không chờ thư xin lỗi. Lần này được ghi lại và được đếm."),
            _("Đã cho %(code)s đi tiếp."),
        ),
    },
    forms={"explain": ExplainForm, "draft_apology": DraftForm, "override": OverrideForm},
    arrival=_("Thư xin lỗi đến cư dân"),
    let_go=_("Cho đi tiếp"),
)
