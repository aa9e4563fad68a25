"""How a request stands, in words a manager can act on: "Còn 3 giờ", "Quá hạn 1 ngày".

Counted as it was promised: an emergency by the clock on the wall, everything else in working time.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.calendar import WorkingCalendar
from portal.core.durations import amount, amount_left, in_words, left, overdue
from portal.core.lateness import LatenessState

from ..requests.models import BuildingRequest, RequestLateness, RequestState, Urgency

S, L = RequestState, LatenessState
A_DAY = 24 * 60  # minutes by the clock on the wall
SOON_MINUTES = 4 * 60  # half a working day: what is to be done before anything else

TONES: dict[str, str] = {
    S.NEW: "action",
    S.ACCEPTED: "progress",
    S.PLANNED: "progress",
    S.WAITING: "waiting",
    S.WITH_WARD: "waiting",
    S.DONE: "waiting",
    S.CLOSED: "done",
    S.REFUSED: "refused",
    S.WITHDRAWN: "neutral",
    S.JOINED: "neutral",
}

# How a request stands while its case is open, after "Quá hạn 2 ngày".
WAITS_FOR: dict[str, str | Promise] = {
    L.EXPLAINING: gettext_lazy("chờ giải trình"),
    L.EXPLAINED: gettext_lazy("chờ duyệt giải trình"),
    L.APOLOGISING: gettext_lazy("chờ dự thảo thư xin lỗi"),
    L.DRAFTED: gettext_lazy("chờ ký thư xin lỗi"),
    L.SIGNED: gettext_lazy("đang gửi thư xin lỗi"),
    L.SENT: gettext_lazy("chờ thư xin lỗi đến cư dân"),
}


@dataclass(frozen=True)
class Standing:
    """`tone` names the shape and colour that go with the words (templatetags/components/telling.py, TONES)."""

    words: str
    tone: str
    due_at: datetime | None = None


def standing(request: BuildingRequest, *, calendar: WorkingCalendar, at: datetime) -> Standing:
    """What the managers owe at this moment, and how long they have for it."""
    if request.state == S.DONE:
        return Standing(_("Chờ cư dân xác nhận"), "waiting")
    if request.state == S.WITH_WARD:
        return Standing(_("Phường đang xử lý"), "waiting")
    if request.next_due_at is None:
        waits = request.state == S.WAITING
        return Standing(_("Tạm dừng: chờ cư dân"), "waiting") if waits else Standing(_("Đã kết thúc"), "neutral")
    late = late_by(request, calendar=calendar, at=at)
    if at > request.next_due_at:
        return Standing(overdue(late), "late", request.next_due_at)
    minutes = minutes_between(request, at, request.next_due_at, calendar)
    if request.urgency == Urgency.EMERGENCY:
        time = in_words(minutes, a_day=A_DAY)
    else:
        time = amount_left(at, request.next_due_at, calendar)
    return Standing(left(time), "soon" if minutes <= SOON_MINUTES else "progress", request.next_due_at)


def late_by(request: BuildingRequest, *, calendar: WorkingCalendar, at: datetime) -> str:
    """How long ago what is owed was due: "3 giờ"; "" when it was not, or only just now."""
    if request.next_due_at is None or at <= request.next_due_at:
        return ""
    return _in_words(request, minutes_between(request, request.next_due_at, at, calendar), calendar)


def case_late_by(case: RequestLateness, *, calendar: WorkingCalendar, at: datetime) -> str:
    """How late a case's request was when it closed, or is now."""
    if case.due_at is None:
        return ""
    minutes = minutes_between(case.request, case.due_at, case.closed_at or at, calendar)
    return _in_words(case.request, minutes, calendar)


def minutes_between(request: BuildingRequest, start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    if request.urgency == Urgency.EMERGENCY:
        return int((end - start).total_seconds() // 60)
    return calendar.minutes_between(start, end)


def _in_words(request: BuildingRequest, minutes: int, calendar: WorkingCalendar) -> str:
    if request.urgency == Urgency.EMERGENCY:
        return in_words(minutes, a_day=A_DAY)
    return amount(minutes, calendar)
