"""A building's fire-safety record of a year, as an inspection asks for it: what is due, what was looked at and found,
which drills were held. One paper instead of forty records of single checks."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone, translation

from portal.core.calendar import VIETNAM
from portal.core.pdf import render_pdf_now

from ..models import Building
from ..notices.kinds import NoticeKind
from ..notices.models import Notice
from .checklists import checklists
from .models import Check, CheckItem, CheckState
from .queries import Duty, duties

DAYS = 365  # ahead of the day it is printed


@dataclass(frozen=True)
class FireBook:
    """`since` and `until` both count."""

    since: date
    until: date
    duties: list[Duty]
    checks: list[tuple[Check, list[CheckItem]]]  # each with what was wrong
    drills: list[Notice]

    @property
    def wrong(self) -> int:
        """How many checks found something wrong."""
        return sum(bool(items) for _check, items in self.checks)


def fire_book(building: Building, *, on: date) -> FireBook:
    """The year that ends on this day. As many queries whatever it holds."""
    since = on - timedelta(days=DAYS - 1)
    span = (datetime.combine(since, time.min, VIETNAM), datetime.combine(on, time.max, VIETNAM))
    lists = {key for key, checklist in checklists().items() if checklist.fire}
    done = building.checks.filter(state=CheckState.DONE, checklist__in=lists, done_at__range=span)
    checks = list(done.select_related("done_by").order_by("done_at", "pk"))
    wrong: dict[uuid.UUID, list[CheckItem]] = {check.pk: [] for check in checks}
    for item in CheckItem.objects.filter(check_of__in=checks, result=CheckItem.Result.WRONG).order_by("number"):
        wrong[item.check_of_id].append(item)
    drills = building.notices.filter(
        kind=NoticeKind.FIRE_DRILL, version__gt=0, withdrawn_at=None, starts_at__range=span
    )
    return FireBook(
        since=since,
        until=on,
        duties=[duty for duty in duties(building, today=on) if duty.checklist.fire],
        checks=[(check, wrong[check.pk]) for check in checks],
        drills=list(drills.order_by("starts_at", "pk")),
    )


def print_fire_book(building: Building, *, at: datetime) -> bytes:
    """PDF, Vietnamese whoever prints it; signed on paper by the head of the managers."""
    operator = building.operated_by
    with translation.override("vi"):
        context = {
            "title": "Sổ theo dõi an toàn phòng cháy, chữa cháy",
            "building": building,
            "book": fire_book(building, on=timezone.localdate(at)),
            "operator": operator.company if operator else "",
        }
        return render_pdf_now("pdf/buildings/fire_book.html", context)
