"""Which times are free: a function of the calendar, the ward's counters, the visit and what is booked.

Nothing here reads the clock or the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.core.calendar import VIETNAM, WorkingCalendar

from .models import VisitHours

NOTICE_MINUTES = 2 * 60  # working minutes the desk has to look at the dossier before somebody comes


@dataclass(frozen=True)
class Taken:
    """A counter that is spoken for, in [starts_at, ends_at)."""

    starts_at: datetime
    ends_at: datetime
    counter: int


@dataclass(frozen=True)
class Slot:
    """A time at which somebody can still come, and the counters that are free for all of it."""

    starts_at: datetime
    ends_at: datetime
    counters: tuple[int, ...]


def bookable_days(calendar: WorkingCalendar, hours: VisitHours, earliest: datetime) -> list[date]:
    """The working days one can choose from, beginning with the day of the earliest moment."""
    day = calendar.next_opening(earliest).astimezone(VIETNAM).date()
    days = [day]
    while len(days) < hours.days_ahead:
        days.append(day := calendar.working_day_after(day))
    return days


def earliest_start(calendar: WorkingCalendar, at: datetime) -> datetime:
    """From when a resident can choose."""
    return calendar.add_minutes(at, NOTICE_MINUTES)


def free_slots(
    day: date,
    *,
    calendar: WorkingCalendar,
    hours: VisitHours,
    minutes: int,
    taken: Iterable[Taken],
    earliest: datetime,
) -> list[Slot]:
    """The free times of a day for a visit of so many minutes, in order.

    Times lie on the ward's grid, which begins anew with each period of office hours; a visit ends
    before its period does. Whoever comes later is never moved to make room.
    """
    taken = [one for one in taken if one.starts_at.astimezone(VIETNAM).date() == day]
    length, pace = timedelta(minutes=minutes), timedelta(minutes=hours.slot_minutes)
    found = []
    for opens, closes in periods(calendar, day):
        start = max(opens, _at(day, hours.first_start))
        while start + length <= closes and start.time() <= hours.last_start:
            busy = {one.counter for one in taken if one.starts_at < start + length and one.ends_at > start}
            free = tuple(counter for counter in range(1, hours.counters + 1) if counter not in busy)
            if free and start >= earliest:
                found.append(Slot(start, start + length, free))
            start += pace
    return found


def is_open_for(calendar: WorkingCalendar, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the office is open all the while."""
    day = starts_at.astimezone(VIETNAM).date()
    return any(opens <= starts_at and ends_at <= closes for opens, closes in periods(calendar, day))


def periods(calendar: WorkingCalendar, day: date) -> list[tuple[datetime, datetime]]:
    """The office hours of a day as moments."""
    midnight = _at(day, time())
    return [
        (midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes))
        for opens, closes in calendar.hours(day)
    ]


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)
