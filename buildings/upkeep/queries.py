"""What is to be done in a building and when: its lists with their due days, and a month of the calendar."""

from calendar import Calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from portal.core.calendar import VIETNAM

from ..models import Building
from .actions import next_due
from .checklists import Checklist, checklists
from .models import Check, CheckState, PlannedWork, WorkState

SOON = 3  # days ahead in which a check is announced to whoever makes it


@dataclass(frozen=True)
class Duty:
    """A checklist in one building: when it was made last, and when it is due."""

    checklist: Checklist
    last_done: datetime | None
    due_on: date
    today: date
    open: Check | None = None

    @property
    def days_left(self) -> int:
        return (self.due_on - self.today).days

    @property
    def days_late(self) -> int:
        return -self.days_left

    @property
    def is_soon(self) -> bool:
        return self.days_left <= SOON


def duties(building: Building, *, today: date) -> list[Duty]:
    """Every duty, what is due first on top."""
    last = last_done([building.pk])
    begun = {check.checklist: check for check in building.checks.filter(state=CheckState.OPEN)}
    found = [
        Duty(
            checklist,
            last.get((building.pk, checklist.key)),
            next_due(checklist, last.get((building.pk, checklist.key)), today=today),
            today,
            begun.get(checklist.key),
        )
        for checklist in checklists().values()
    ]
    return sorted(found, key=lambda duty: (duty.due_on, duty.checklist.name.vi))


def last_done(buildings: Iterable[int]) -> Mapping[tuple[int, str], datetime]:
    """(building, checklist) → when it was finished last; one query for all of them."""
    rows = Check.objects.filter(building__in=buildings, state=CheckState.DONE)
    return {
        (building, key): at
        for building, key, at in rows.order_by()
        .values_list("building", "checklist")
        .annotate(at=Max("done_at"))
        .values_list("building", "checklist", "at")
    }


@dataclass
class Day:
    date: date
    is_of_month: bool
    is_today: bool
    works: list[PlannedWork] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.works) + len(self.duties)


@dataclass(frozen=True)
class Month:
    """A month of a building's calendar: planned work on the days it takes, checks on the day they are due."""

    first: date
    weeks: list[list[Day]]

    @property
    def days(self) -> list[Day]:
        return [day for week in self.weeks for day in week if day.is_of_month and (day.works or day.duties)]

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.first + timedelta(days=32):%Y-%m}"


def month_of(building: Building, first: date, *, today: date) -> Month:
    weeks = [
        [Day(day, day.month == first.month, day == today) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    begins, ends = (datetime.combine(day, time.min, VIETNAM) for day in (min(days), max(days) + timedelta(days=1)))
    works = building.planned_works.exclude(state=WorkState.CANCELLED).select_related("place")
    for work in works.filter(starts_at__lt=ends, ends_at__gte=begins):
        begun, over = (timezone.localdate(instant) for instant in (work.starts_at, work.ends_at))
        for day in days.values():
            if begun <= day.date <= over:
                day.works.append(work)
    for duty in duties(building, today=today):
        if duty.due_on in days:
            days[duty.due_on].duties.append(duty)
    return Month(first, weeks)
