"""A month of the working calendar as the desk shows it: a grid of days, and the days that differ."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from buildings.models import Ward
from portal.core.calendar import Hours, WorkingCalendar, load_calendar
from portal.core.models import CalendarDay

YEARS = range(2020, 2100)
WEEKDAYS = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật"))
WEEKDAYS_SHORT = (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))


@dataclass(frozen=True)
class Day:
    """One date: how the ward works on it, and the rows that say so."""

    date: date
    is_of_month: bool
    is_today: bool
    hours: Hours
    usual: Hours
    own: CalendarDay | None
    general: CalendarDay | None

    @property
    def row(self) -> CalendarDay | None:
        """The row that holds."""
        return self.own or self.general

    @property
    def tone(self) -> str:
        if not self.hours:
            return "closed"
        return "working" if self.hours == self.usual else "other"

    @property
    def differs(self) -> bool:
        return self.hours != self.usual

    @property
    def word(self) -> str | Promise:
        """How the ward works on this day, in a word or two."""
        if not self.hours:
            return _("Nghỉ")
        if not self.differs:
            return _("Làm việc")
        return pgettext_lazy("month", "Giờ riêng") if self.usual or (self.row and self.row.hours) else _("Làm bù")

    @property
    def hours_text(self) -> str:
        return ",".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in self.hours)

    @property
    def weekday(self) -> str | Promise:
        return WEEKDAYS[self.date.weekday()]


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Day]]

    @property
    def last(self) -> date:
        return _first_of_next(self.first) - timedelta(days=1)

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{_first_of_next(self.first):%Y-%m}"

    def days_that_differ(self) -> list[Day]:
        """Those of this month with a row of their own or of everybody's, in order."""
        return [day for week in self.weeks for day in week if day.is_of_month and day.row]


def first_of(text: str, *, today: date) -> date:
    """The first day of the month written "2026-11"; of this month when that makes no sense."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return (first if first.year in YEARS else today).replace(day=1)


def month_of(ward: Ward, first: date, *, today: date) -> Month:
    """The weeks, Monday first, that share a day with this month. Two small queries."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    calendar = load_calendar(ward)
    rows = CalendarDay.objects.filter(ward_code__in=["", ward.code], date__range=(weeks[0][0], weeks[-1][-1]))
    by_key = {(row.date, row.ward_code): row for row in rows}
    return Month(first, [[_day(day, first, today, ward, calendar, by_key) for day in week] for week in weeks])


def _day(
    day: date,
    first: date,
    today: date,
    ward: Ward,
    calendar: WorkingCalendar,
    rows: Mapping[tuple[date, str], CalendarDay],
) -> Day:
    return Day(
        date=day,
        is_of_month=day.month == first.month,
        is_today=day == today,
        hours=calendar.hours(day),
        usual=calendar.weekly[day.weekday()],
        own=rows.get((day, ward.code)),
        general=rows.get((day, "")),
    )


def _first_of_next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
