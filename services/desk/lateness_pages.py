"""The road out of lateness as screens: one row a step of it. What may be done is `lateness.process`' to say."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.lateness import LatenessState
from portal.core.lateness_forms import (
    AcceptForm,
    CaseForm,
    DeliveryForm,
    ReturnDraftForm,
    ReturnExplanationForm,
)
from portal.core.models import User
from portal.core.workflow import Transition
from services.dossiers.lateness import process
from services.dossiers.models import Lateness

from .lateness_forms import DraftForm, ExplainForm, OverrideForm


@dataclass(frozen=True)
class RoadPage:
    name: str  # of the move
    slug: str  # in its address
    follows: str | Promise  # what it brings about, said before it is done
    done: str | Promise  # said after it was done
    form: type[CaseForm] = CaseForm
    kind: str = "primary"  # of its button
    back: str = ""  # the page that gives it back instead
    shows: str = ""  # what is read before it is done: explanation, letter
    signs: bool = False  # asks for the second factor again

    @property
    def move(self) -> Transition:
        return process.moves[self.name]

    @property
    def label(self) -> str | Promise:
        return self.move.label


# In the order in which a screen offers them: what leads on first.
PAGES = {
    page.name: page
    for page in (
        RoadPage(
            "sign_apology",
            "ky",
            _("Thư được cấp số, ký số của cơ quan và gửi ngay cho người dân. Thư đến nơi thì hồ sơ đi tiếp."),
            _("Đã ký thư xin lỗi của hồ sơ %(code)s. Thư đang được gửi."),
            back="return_draft",
            shows="letter",
            signs=True,
        ),
        RoadPage(
            "accept_explanation",
            "duyet",
            _("Bộ phận phụ trách soạn thư xin lỗi để trình ký."),
            _("Đã chấp nhận giải trình của hồ sơ %(code)s."),
            form=AcceptForm,
            back="return_explanation",
            shows="explanation",
        ),
        RoadPage(
            "explain",
            "giai-trinh",
            _("Giải trình được trình lãnh đạo phường duyệt. Người dân không đọc giải trình."),
            _("Đã gửi giải trình của hồ sơ %(code)s."),
            form=ExplainForm,
        ),
        RoadPage(
            "draft_apology",
            "thu-xin-loi",
            _("Thư theo Mẫu số 04, do thủ trưởng cơ quan ký. Trước khi ký, lãnh đạo xem đúng bản sẽ gửi."),
            _("Đã trình ký thư xin lỗi của hồ sơ %(code)s."),
            form=DraftForm,
            shows="explanation",
        ),
        RoadPage(
            "record_delivery",
            "da-den",
            _("Thư đã đến người dân: hồ sơ đi tiếp và thời hạn của bước được tính lại."),
            _("Đã ghi nhận thư xin lỗi đến người dân. Hồ sơ %(code)s đi tiếp."),
            form=DeliveryForm,
        ),
        RoadPage(
            "return_explanation",
            "tra-lai-giai-trinh",
            _("Người giải trình viết lại theo ý kiến của bạn."),
            _("Đã trả lại giải trình của hồ sơ %(code)s."),
            form=ReturnExplanationForm,
            shows="explanation",
        ),
        RoadPage(
            "return_draft",
            "tra-lai-du-thao",
            _("Bộ phận phụ trách soạn lại thư theo ý kiến của bạn."),
            _("Đã trả lại dự thảo thư xin lỗi của hồ sơ %(code)s."),
            form=ReturnDraftForm,
            shows="letter",
        ),
        RoadPage(
            "override",
            "cho-di-tiep",
            _("Hồ sơ đi tiếp ngay, không chờ thư xin lỗi. Lần này được ghi vào danh sách kiểm tra và được đếm."),
            _("Đã cho hồ sơ %(code)s đi tiếp."),
            form=OverrideForm,
            kind="warning",
        ),
    )
}

ASIDE = ("return_explanation", "return_draft", "override")  # never the chief thing to do


def available_pages(case: Lateness, officer: User, *, at: datetime) -> list[RoadPage]:
    """What this officer may do on the road now, what leads on first."""
    open_to = {move.name for move in process.available(case, officer, at=at)}
    return [page for page in PAGES.values() if page.name in open_to]


# How a dossier stands while its case is open, after "Quá hạn 2 ngày".
WAITS_FOR: dict[str, str | Promise] = {
    LatenessState.EXPLAINING: _("chờ giải trình"),
    LatenessState.EXPLAINED: _("chờ duyệt giải trình"),
    LatenessState.APOLOGISING: _("chờ dự thảo thư xin lỗi"),
    LatenessState.DRAFTED: _("chờ ký thư xin lỗi"),
    LatenessState.SIGNED: _("đang gửi thư xin lỗi"),
    LatenessState.SENT: _("chờ thư xin lỗi đến người dân"),
}
