"""Due times as functions of recorded facts: when it was accepted, when the clock stood still.

Nothing here reads the clock or writes a row; `actions.py` stores what these return, for indexes.
"""

from collections.abc import Iterable
from datetime import datetime

from portal.core.calendar import WorkingCalendar
from services.catalogue.definition import Limit

INTAKE_MINUTES = 8 * 60  # the desk answers within eight working hours of receipt (NĐ 297/2025)


def result_due(calendar: WorkingCalendar, limit: Limit, accepted_at: datetime) -> datetime:
    """When the result is owed. The day of acceptance is not counted in working days."""
    if limit.kind == "same_day":
        return calendar.same_day_due(accepted_at, limit.cutoff_time)
    if limit.kind == "working_days":
        return calendar.end_of_nth_working_day(accepted_at, limit.amount)
    return calendar.add_minutes(accepted_at, limit.amount)


def counted_from(received_at: datetime, pauses: Iterable[tuple[datetime, datetime | None]]) -> datetime:
    """The instant the limit is counted from: after full receipt it is counted anew from the start
    (NĐ 297/2025), so the end of the last pause, or the receipt itself."""
    return max([received_at, *(ended_at for _began_at, ended_at in pauses if ended_at)])


def step_due(calendar: WorkingCalendar, started_at: datetime, minutes: int, result_due_at: datetime | None) -> datetime:
    """When a step is owed: its working minutes from its start, never beyond the result's due time
    unless it began later than that."""
    planned = calendar.add_minutes(started_at, minutes)
    if result_due_at is None or started_at >= result_due_at:
        return planned
    return min(planned, result_due_at)
