"""How a due time stands, in words an officer can act on: "Còn 3 giờ", "Quá hạn 1 ngày".

Counted in working time: on Friday at 16:00 a step due on Monday at 9:00 has two hours left.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from buildings.requests.models import WardReferral
from portal.core.calendar import WorkingCalendar
from portal.core.durations import amount, amount_left, day_minutes, left, overdue
from portal.core.lateness import LatenessState
from services.dossiers.models import ENDED_STATES, WAITING_STATES, Dossier, Lateness

from .lateness_pages import WAITS_FOR

SOON_MINUTES = 4 * 60  # half a working day: what is to be done before anything else


@dataclass(frozen=True)
class Standing:
    """`tone` names the shape and colour that go with the words (templatetags/components/telling.py, TONES)."""

    words: str
    tone: str
    due_at: datetime | None = None


def standing(dossier: Dossier, *, calendar: WorkingCalendar, at: datetime) -> Standing:
    """How the current step of a dossier stands at this moment; behind a shut gate, what it waits for."""
    case = dossier.lateness
    if case and (case.reason == Lateness.Reason.ERROR or dossier.state in ENDED_STATES):
        return standing_of_case(case, calendar=calendar, at=at)
    if dossier.state in ENDED_STATES:
        return Standing(_("Đã kết thúc"), "neutral")
    if dossier.state in WAITING_STATES:
        return Standing(_("Tạm dừng: chờ công dân"), "waiting")
    due_at = dossier.next_due_at
    if due_at is None:
        return Standing(_("Không có hạn"), "neutral")
    if at > due_at:
        waits_for = WAITS_FOR[case.state if case else LatenessState.EXPLAINING]
        return Standing(f"{_overdue(due_at, at, calendar)}, {waits_for}", "late", due_at)
    return Standing(left(amount_left(at, due_at, calendar)), _tone(at, due_at, calendar), due_at)


def standing_of_case(case: Lateness, *, calendar: WorkingCalendar, at: datetime) -> Standing:
    """How a case stands: how late it is and what it waits for; once closed, how late it was."""
    ends = case.closed_at or at
    # An error has no time that passed.
    how = _overdue(case.due_at, ends, calendar) if case.due_at else _("Sai sót")
    if case.is_open:
        return Standing(f"{how}, {WAITS_FOR[case.state]}", "late", case.due_at)
    return Standing(how, "neutral", case.due_at)


def standing_of_wait(since: datetime, due_at: datetime | None, *, calendar: WorkingCalendar, at: datetime) -> Standing:
    """How long a resident has waited for an answer; a complaint has a time by which it is due."""
    if due_at is None:
        waited = amount(calendar.minutes_between(since, at), calendar)
        return Standing(_("Chờ %(time)s") % {"time": waited} if waited else _("Vừa gửi đến"), "waiting")
    if at > due_at:
        return Standing(_("Phản ánh: %(how)s") % {"how": _overdue(due_at, at, calendar).lower()}, "late", due_at)
    time = amount_left(at, due_at, calendar)
    words = _("Phản ánh: còn %(time)s") % {"time": time} if time else _("Phản ánh: đến hạn ngay")
    return Standing(words, _tone(at, due_at, calendar), due_at)


def standing_of_referral(referral: WardReferral, *, calendar: WorkingCalendar, at: datetime) -> Standing:
    """How what a building handed over to the ward stands."""
    if referral.answered_at:
        return Standing(_("Đã trả lời"), "done")
    due_at = referral.due_at
    if at > due_at:
        return Standing(_overdue(due_at, at, calendar), "late", due_at)
    return Standing(left(amount_left(at, due_at, calendar)), _tone(at, due_at, calendar), due_at)


def late_by(case: Lateness, *, calendar: WorkingCalendar, at: datetime) -> str:
    """The working time since it was due: "1 ngày 3 giờ"; "" for none, and for an error."""
    if case.due_at is None:
        return ""
    minutes = calendar.minutes_between(case.due_at, case.closed_at or at)
    whole_days = minutes // day_minutes(calendar) * day_minutes(calendar)
    parts = (amount(whole_days, calendar), amount(minutes - whole_days, calendar))
    return " ".join(part for part in parts if part)


def _overdue(due_at: datetime, at: datetime, calendar: WorkingCalendar) -> str:
    return overdue(amount(calendar.minutes_between(due_at, at), calendar))


def _tone(at: datetime, due_at: datetime, calendar: WorkingCalendar) -> str:
    return "soon" if calendar.minutes_between(at, due_at) <= SOON_MINUTES else "progress"
