"""Due times of requests as functions of recorded facts. Nothing here reads the clock or writes a row.

An emergency runs in real time, day and night; everything else in the ward's working time. The clock stands while
the next word is the resident's or the ward's; waiting for a part is the managers' own time.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.core.calendar import VIETNAM, WorkingCalendar

from .models import BuildingRequest, RequestState, Urgency
from .rules import Limit, Limits

S = RequestState
LATE, DUE_SOON, BACK, SILENCE_WARNING, SILENCE = "late", "due_soon", "back", "silence_warning", "silence"
OWED_STATES = (S.NEW, S.ACCEPTED, S.PLANNED, S.WAITING)


def answer_due(calendar: WorkingCalendar, limit: Limit, since: datetime) -> datetime:
    """When somebody must have answered."""
    if limit.any_hour:
        return since + timedelta(minutes=limit.answer_minutes)
    return calendar.add_minutes(since, limit.answer_minutes)


def done_due(calendar: WorkingCalendar, limit: Limit, since: datetime) -> datetime:
    """When it must be done. The day of the report is not counted in days."""
    if limit.any_hour:
        return since + timedelta(minutes=limit.done_minutes)
    if limit.done_days:
        return calendar.end_of_nth_working_day(since, limit.done_days)
    return calendar.add_minutes(since, limit.done_minutes)


def after_stop(
    calendar: WorkingCalendar, due_at: datetime, stopped_at: datetime, resumed_at: datetime, *, any_hour: bool
) -> datetime:
    """The due time after the clock stood: what was left of it then, from now on. A begun minute is whole."""
    if any_hour:
        return resumed_at + max(timedelta(), due_at - stopped_at)
    left = max(0, calendar.minutes_between(stopped_at, due_at))
    if calendar.add_minutes(stopped_at, left) < due_at:
        left += 1
    return calendar.add_minutes(resumed_at, left)


def back_at(calendar: WorkingCalendar, day: date) -> datetime:
    """When a waiting request comes back: as the office opens on that day, or next after it."""
    return calendar.next_opening(datetime.combine(day, time(), VIETNAM))


@dataclass(frozen=True)
class Reminder:
    """Something the watch has to do at an instant. `kind` is one of the constants above."""

    at: datetime
    kind: str
    day: int = 0  # of the silence


def reminders(request: BuildingRequest, calendar: WorkingCalendar, limits: Limits) -> list[Reminder]:
    """What follows for this request from the time alone, in order. An open lateness case holds lateness up, and
    nothing else: the resident's silence and the day that brings a request back go on."""
    found: list[Reminder] = []
    if request.state in OWED_STATES and request.next_due_at and not request.lateness_id:
        # What is due at 17:00:00 is late a second after.
        found.append(Reminder(request.next_due_at + timedelta(seconds=1), LATE))
        if request.urgency != Urgency.EMERGENCY:
            found.append(Reminder(calendar.subtract_minutes(request.next_due_at, limits.due_soon_minutes), DUE_SOON))
    if request.state == S.WAITING and request.back_on:
        found.append(Reminder(back_at(calendar, request.back_on), BACK))
    if request.state == S.DONE and request.done_at:
        days = [(day, SILENCE_WARNING) for day in limits.silence_warning_days] + [(limits.silence_days, SILENCE)]
        found += [Reminder(calendar.end_of_nth_working_day(request.done_at, day), kind, day) for day, kind in days]
    return sorted(found, key=lambda reminder: reminder.at)


def next_watch(
    request: BuildingRequest, calendar: WorkingCalendar, limits: Limits, *, after: datetime
) -> datetime | None:
    """The first instant after this one at which something follows from the time alone."""
    return min((r.at for r in reminders(request, calendar, limits) if r.at > after), default=None)
