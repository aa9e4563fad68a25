"""The road out of lateness as screens: one row a step of it. What may be done is `lateness.process`' to say."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.lateness import LatenessState, Milestone, Who
from portal.core.lateness_forms import AcceptForm, CaseForm, DeliveryForm, ReturnDraftForm, ReturnExplanationForm
from portal.core.models import User
from portal.core.workflow import Transition

from ..requests.lateness import process
from ..requests.models import RequestLateness
from .lateness_forms import DraftForm, ExplainForm, OverrideForm

L = LatenessState


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

    @property
    def move(self) -> Transition:
        return process.moves[self.name]

    @property
    def label(self) -> str | Promise:
        return self.move.label


# In the order in which a screen offers them: what leads on first.
ROAD = {
    page.slug: page
    for page in (
        RoadPage(
            "sign_apology",
            "ky",
            _("Tên bạn đứng dưới thư. Thư được gửi ngay cho cư dân; thư đến nơi thì yêu cầu đi tiếp."),
            _("Đã ký thư xin lỗi của %(code)s. Thư đang được gửi."),
            back="return_draft",
            shows="letter",
        ),
        RoadPage(
            "accept_explanation",
            "duyet",
            _("Người chịu trách nhiệm soạn thư xin lỗi để trình ký."),
            _("Đã chấp nhận giải trình của %(code)s."),
            form=AcceptForm,
            back="return_explanation",
            shows="explanation",
        ),
        RoadPage(
            "explain",
            "giai-trinh",
            _("Giải trình được trình người phụ trách duyệt. Cư dân không đọc giải trình."),
            _("Đã gửi giải trình của %(code)s."),
            form=ExplainForm,
        ),
        RoadPage(
            "draft_apology",
            "thu-xin-loi",
            _("Thư do trưởng ban quản lý ký. Trước khi ký, người ký xem đúng bản sẽ gửi."),
            _("Đã trình ký thư xin lỗi của %(code)s."),
            form=DraftForm,
            shows="explanation",
        ),
        RoadPage(
            "record_delivery",
            "da-den",
            _("Thư đã đến cư dân: yêu cầu đi tiếp và thời hạn được tính lại."),
            _("Đã ghi nhận thư xin lỗi đến cư dân. %(code)s đi tiếp."),
            form=DeliveryForm,
        ),
        RoadPage(
            "return_explanation",
            "tra-lai-giai-trinh",
            _("Người giải trình viết lại theo ý kiến của bạn."),
            _("Đã trả lại giải trình của %(code)s."),
            form=ReturnExplanationForm,
            shows="explanation",
        ),
        RoadPage(
            "return_draft",
            "tra-lai-du-thao",
            _("Người soạn viết lại thư theo ý kiến của bạn."),
            _("Đã trả lại dự thảo thư xin lỗi của %(code)s."),
            form=ReturnDraftForm,
            shows="letter",
        ),
        RoadPage(
            "override",
            "cho-di-tiep",
            _("Yêu cầu đi tiếp ngay, không chờ thư xin lỗi. Lần này được ghi lại và được đếm."),
            _("Đã cho %(code)s đi tiếp."),
            form=OverrideForm,
            kind="warning",
        ),
    )
}
ASIDE = ("return_explanation", "return_draft", "override")  # never the chief thing to do


def available_pages(case: RequestLateness, user: User, *, at: datetime) -> list[RoadPage]:
    """What this person may do on the road now, what leads on first."""
    open_to = {move.name for move in process.available(case, user, at=at)}
    return [page for page in ROAD.values() if page.name in open_to]


def road_of(case: RequestLateness) -> list[Milestone]:
    """The whole road with names and times, whatever of it lies behind."""
    head = _("Trưởng ban quản lý")
    above = _("Trưởng ban quản trị, hoặc lãnh đạo phường nơi chưa có ban quản trị")
    portal = _("Cổng thông tin tự gửi")
    arrived = f"{case.told_by}: {case.told_how}" if case.told_by else case.told_how
    parts: tuple[tuple[LatenessState, Promise, Who, Who, datetime | None], ...] = (
        (L.EXPLAINING, _("Giải trình"), case.responsible, case.explained_by, case.explained_at),
        (L.EXPLAINED, _("Duyệt giải trình"), above if case.escalated else head, case.judged_by, case.judged_at),
        (L.APOLOGISING, _("Dự thảo thư xin lỗi"), case.responsible, case.drafted_by, case.drafted_at),
        (L.DRAFTED, _("Ký thư xin lỗi"), head, case.signed_by, case.signed_at),
        (L.SIGNED, _("Gửi thư xin lỗi"), portal, portal, case.sent_at),
        (L.SENT, _("Thư xin lỗi đến cư dân"), _("Ban quản lý"), arrived, case.told_at),
    )
    states = [state for state, *_rest in parts]
    reached = states.index(LatenessState(case.state)) if case.is_open else len(states)
    road = []
    for place, (_state, title, owes, did, when) in enumerate(parts):
        if place < reached and when:
            road.append(Milestone(title, "past", did, when))
        elif case.is_open:
            road.append(Milestone(title, "now" if place == reached else "next", owes))
    if case.state == L.OVERRIDDEN:
        road.append(Milestone(_("Cho đi tiếp"), "past", case.overridden_by, case.overridden_at))
    return road


def next_of(case: RequestLateness) -> Milestone | None:
    """Whose turn it is, and for what; None once the case is closed."""
    return next((part for part in road_of(case) if part.state == "now"), None)
