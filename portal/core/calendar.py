"""Working time: office hours, holidays and swapped days, in Vietnamese time.

Pure functions over a `WorkingCalendar` value; only `load_calendar()` at the end reads the database.

Conventions, chosen once for every clock of the portal:

* Working time runs inside half-open periods [opens, closes). All reckoning is done in Asia/Ho_Chi_Minh,
  whatever zone an argument or the server uses, and results are in that zone. Naive datetimes are refused.
* `add_minutes` returns the *earliest* instant by which that much work can be done, so time used up
  exactly at closing ends at closing (17:00), not at the next opening. Adding nothing changes nothing.
* Hence, for s <= t and any m, n >= 0:
  add(s, m) <= add(t, m);  add(add(s, m), n) == add(s, m + n);  minutes_between(s, add(s, m)) == m.
* `subtract_minutes` is its mirror: the *latest* instant from which that much work can still be done by
  the end, so time that reaches back exactly to opening starts at opening (08:00), not at the last
  closing. For m > 0: subtract(add(s, m), m) == next_opening(s), which is s itself while the office is
  open, and add(subtract(t, m), m) is t itself within working time or at its end, else the closing before t.
* "n ngày làm việc": the day of acceptance is not counted (Civil Code, art. 147), the n-th working day
  after it is, to its closing time. A day with any office hours at all is a working day.
* "After 15:00" is told by the minute, as receipts print it: 15:00:59 is still 15:00.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

# A period is (opens, closes) in minutes since midnight; a day's hours are periods in order.
Period = tuple[int, int]
Hours = tuple[Period, ...]

CLOSED: Hours = ()
ORDINARY_HOURS = "08:00-12:00,13:00-17:00"  # eight hours, so that step budgets in hours make whole days
CUTOFF = time(15, 0)

_ONE_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 400  # days; a calendar closed for longer is a mistake in its data, not a holiday
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


class NeverOpens(ValueError):
    """The calendar holds no working day where one was looked for."""


def parse_hours(text: str) -> Hours:
    """Periods of a day written as "08:00-12:00,13:00-17:00"; an empty text means closed.

    Raises ValueError when a period is malformed, empty, or not after the one before it.
    """
    periods: list[Period] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _PERIOD.fullmatch(part)
        if not match:
            raise ValueError(f"not a period of the day: {part!r}")
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
        if from_minute > 59 or to_minute > 59 or not opens < closes <= 24 * 60:
            raise ValueError(f"not a period of the day: {part!r}")
        if periods and opens < periods[-1][1]:
            raise ValueError(f"periods overlap or are out of order: {text!r}")
        periods.append((opens, closes))
    return tuple(periods)


def _minutes(hours: Hours) -> int:
    return sum(closes - opens for opens, closes in hours)


_ORDINARY = parse_hours(ORDINARY_HOURS)


@dataclass(frozen=True)
class WorkingCalendar:
    """When an office works.

    `weekly` holds the hours from Monday to Sunday; `special` the dates that differ: holidays (`CLOSED`),
    swapped Saturdays and days of other hours.
    """

    weekly: tuple[Hours, ...] = (_ORDINARY,) * 5 + (CLOSED,) * 2
    special: Mapping[date, Hours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("weekly hours are given for seven days, Monday first")

    def hours(self, day: date) -> Hours:
        special = self.special.get(day)
        return self.weekly[day.weekday()] if special is None else special

    def is_working(self, day: date) -> bool:
        """Whether the office opens at all on this date."""
        return bool(self.hours(day))

    def is_open(self, at: datetime) -> bool:
        local = _local(at)
        return any(opens <= local < closes for opens, closes in self._periods(local.date()))

    def next_opening(self, at: datetime) -> datetime:
        """The first instant from `at` on at which the office is open; `at` itself when it is."""
        return next(self._open_from(_local(at)))[0]

    def closing(self, day: date) -> datetime:
        """When the office closes for the day. Raises NeverOpens when it does not work that day."""
        periods = list(self._periods(day))
        if not periods:
            raise NeverOpens(f"{day:%d/%m/%Y} is not a working day")
        return periods[-1][1]

    def working_day_after(self, day: date, n: int = 1) -> date:
        """The n-th working day after this date, which is itself not counted."""
        return self._nth_working_day(day, n, _ONE_DAY)

    def working_day_before(self, day: date, n: int = 1) -> date:
        """The n-th working day before this date, which is itself not counted."""
        return self._nth_working_day(day, n, -_ONE_DAY)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The earliest instant by which `minutes` of working time have passed since `start`."""
        if minutes < 0:
            raise ValueError("working time is added forwards only")
        instant = _local(start)
        if not minutes:
            return instant
        left = timedelta(minutes=minutes)
        for opens, closes in self._open_from(instant):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("unreachable: periods end only by NeverOpens")

    def subtract_minutes(self, end: datetime, minutes: int) -> datetime:
        """The latest instant from which `minutes` of working time still pass until `end`."""
        if minutes < 0:
            raise ValueError("working time is subtracted backwards only")
        instant = _local(end)
        if not minutes:
            return instant
        left = timedelta(minutes=minutes)
        for opens, closes in self._open_until(instant):
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
        raise AssertionError("unreachable: periods end only by NeverOpens")

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from `start` to `end`, negative when `end` comes first."""
        start, end = _local(start), _local(end)
        if end < start:
            return -self.minutes_between(end, start)
        edges = {start.date(), end.date()}
        worked = sum(
            (
                max(timedelta(), min(closes, end) - max(opens, start))
                for day in edges
                for opens, closes in self._periods(day)
            ),
            timedelta(),
        )
        return worked // timedelta(minutes=1) + self._minutes_of_days(start.date() + _ONE_DAY, end.date())

    def _minutes_of_days(self, first: date, end: date) -> int:
        """Working minutes of whole days, `end` not counted: by weeks, so that years cost what days do."""
        weeks, rest = divmod(max(0, (end - first).days), 7)
        ordinary = [_minutes(hours) for hours in self.weekly]
        differing = sum(
            _minutes(hours) - ordinary[day.weekday()] for day, hours in self.special.items() if first <= day < end
        )
        return weeks * sum(ordinary) + sum(ordinary[(first.weekday() + day) % 7] for day in range(rest)) + differing

    def end_of_nth_working_day(self, start: datetime, n: int) -> datetime:
        """When a limit of "n ngày làm việc" ends for what was accepted at `start`."""
        return self.closing(self.working_day_after(_local(start).date(), n))

    def end_of_nth_day(self, start: datetime, n: int) -> datetime:
        """When a limit of "n ngày", days off counted, ends for what was accepted at `start`: at closing of the n-th
        day after it, of the next working day where that one is a day off (Civil Code, art. 147 and 148)."""
        day = _local(start).date() + n * _ONE_DAY
        return self.closing(day if self.is_working(day) else self.working_day_after(day))

    def same_day_due(self, start: datetime, cutoff: time | str = CUTOFF) -> datetime:
        """When "trong ngày" ends: at closing the same day, or the next working day for what came
        after the cut-off (Luật Hộ tịch; NĐ 23/2015 art. 7), after closing, or on a day off."""
        if isinstance(cutoff, str):
            cutoff = time.fromisoformat(cutoff)
        received = _local(start)
        day = received.date()
        in_time = received.time().replace(second=0, microsecond=0) <= cutoff
        if in_time and self.is_working(day) and received < self.closing(day):
            return self.closing(day)
        return self.end_of_nth_working_day(received, 1)

    def _nth_working_day(self, day: date, n: int, pace: timedelta) -> date:
        if n < 1:
            raise ValueError("working days are counted from one")
        silent = 0
        while n:
            day += pace
            silent = 0 if self.is_working(day) else silent + 1
            n -= self.is_working(day)
            if silent > _LONGEST_CLOSURE:
                raise NeverOpens(f"no working day within {_LONGEST_CLOSURE} days of {day:%d/%m/%Y}")
        return day

    def _periods(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        midnight = datetime.combine(day, time(), VIETNAM)
        for opens, closes in self.hours(day):
            yield midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)

    def _open_from(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of each working period from this instant on, without end."""
        day = instant.date()
        if self.is_working(day):
            yield from ((max(opens, instant), closes) for opens, closes in self._periods(day) if closes > instant)
        while True:
            day = self.working_day_after(day)
            yield from self._periods(day)

    def _open_until(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What there was of each working period up to this instant, latest first, without end."""
        day = instant.date()
        if self.is_working(day):
            yield from (
                (opens, min(closes, instant)) for opens, closes in reversed([*self._periods(day)]) if opens < instant
            )
        while True:
            day = self.working_day_before(day)
            yield from reversed([*self._periods(day)])


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("working time needs aware datetimes")
    return instant.astimezone(VIETNAM)


# --- From the database -------------------------------------------------------------------------------


class Office(Protocol):
    """What the calendar asks of a ward: its code, and its hours from Monday to Friday."""

    code: str
    office_hours: str


def load_calendar(office: Office | None = None) -> WorkingCalendar:
    """The calendar of a ward; without one, the ordinary hours and what holds for every ward.

    A ward's own row for a date wins over the general one. One small query; what is parsed is
    remembered by content, so an edited row counts at once, in every process.
    """
    from .models import CalendarDay  # noqa: PLC0415 - the functions above need no tables

    codes = ["", office.code] if office else [""]
    rows = CalendarDay.objects.filter(ward_code__in=codes).order_by("ward_code", "date")
    return _assemble(
        office.office_hours if office else ORDINARY_HOURS, tuple(rows.values_list("date", "kind", "hours"))
    )


@lru_cache(maxsize=64)
def _assemble(office_hours: str, rows: tuple[tuple[date, str, str], ...]) -> WorkingCalendar:
    hours = parse_hours(office_hours)
    read: dict[str, Callable[[str], Hours]] = {
        "closed": lambda text: CLOSED,
        "working": lambda text: hours,
        "hours": parse_hours,
    }
    return WorkingCalendar(
        weekly=(hours,) * 5 + (CLOSED,) * 2, special={day: read[kind](text) for day, kind, text in rows}
    )
