"""The one writer of days that differ: a holiday, a swapped Saturday, a storm, a half day.

Every change names the document it follows and is recorded. Who may change which days, and what a
change means for work under way, the floors above know.
"""

from datetime import date, datetime
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from . import audit
from .calendar import parse_hours
from .models import CalendarDay, User


class Owner(Protocol):
    """The office whose day it is: a ward."""

    pk: int
    code: str


class DayRefused(ValidationError):
    """A day that cannot be entered as asked. `field` is the question it is about, if one is."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def set_day(
    day: date,
    *,
    office: Owner | None,
    kind: str,
    note: str,
    source: str,
    by: User | None,
    at: datetime,
    hours: str = "",
) -> CalendarDay:
    """Enter how this day differs, for one office or without one for all; what was entered before is replaced.

    Raises DayRefused without a reason or a source document, or with hours that make no sense.
    """
    facts = {"kind": kind, "hours": hours_of(kind, hours), "note": note.strip(), "source": source.strip()}
    _check_words(facts["note"], facts["source"])
    code = office.code if office else ""
    try:
        with transaction.atomic():
            row = CalendarDay.objects.select_for_update().filter(date=day, ward_code=code).first()
            before = _facts(row) if row else None
            row = row or CalendarDay(date=day, ward_code=code)
            for name, value in facts.items():
                setattr(row, name, value)
            row.edited = True
            row.save()
            _record(row, "set_calendar_day", office, by=by, at=at, before=before, **_facts(row))
            return row
    except IntegrityError as taken:
        raise DayRefused(_("Ngày này vừa được người khác ghi. Hãy xem lại lịch.")) from taken


def clear_day(row: CalendarDay, *, office: Owner | None, source: str, by: User | None, at: datetime) -> None:
    """Take a day's own row away: the general one, or the ordinary week, holds again.

    Raises DayRefused without a source document, or when somebody took it away before.
    """
    _check_source(source.strip())
    code = office.code if office else ""
    with transaction.atomic():
        locked = CalendarDay.objects.select_for_update().filter(pk=row.pk, ward_code=code).first()
        if locked is None:
            raise DayRefused(_("Ngày này đã được người khác bỏ."))
        facts = _facts(locked)
        _record(locked, "clear_calendar_day", office, by=by, at=at, before=facts, source=source.strip())
        locked.delete()


def hours_of(kind: str, hours: str) -> str:
    """The hours as they are kept; nothing but a day of other hours has any.

    Raises DayRefused with hours that make no sense.
    """
    if kind not in CalendarDay.Kind:
        raise DayRefused(_("Chọn ngày này làm việc thế nào."), "kind")
    if kind != CalendarDay.Kind.HOURS:
        return ""
    try:
        periods = parse_hours(hours)
    except ValueError as error:
        raise DayRefused(_("Giờ phải viết như 08:00-12:00, 13:00-17:00."), "hours") from error
    if not periods:
        raise DayRefused(_("Ghi giờ làm việc của ngày này."), "hours")
    return ",".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in periods)


def _record(row: CalendarDay, action: str, office: Owner | None, *, by: User | None, at: datetime, **data) -> None:
    audit.record(row, action, by=by, at=at, ward_id=office.pk if office else None, date=row.date, **data)


def _facts(row: CalendarDay) -> dict[str, str]:
    return {"kind": row.kind, "hours": row.hours, "note": row.note, "source": row.source}


def _check_words(note: str, source: str) -> None:
    if not note:
        raise DayRefused(_("Nói rõ lý do."), "note")
    _check_source(source)


def _check_source(source: str) -> None:
    if not source:
        raise DayRefused(_("Ghi văn bản làm căn cứ."), "source")
