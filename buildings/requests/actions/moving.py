"""What every move begins and ends with: the lock, and the times that follow from the new state."""

from datetime import datetime
from typing import Any

from portal.core import workflow
from portal.core.calendar import WorkingCalendar, load_calendar
from portal.core.models import User

from .. import clocks
from ..models import WORKING_STATES, BuildingRequest
from ..rules import limits


def calendar_of(request: BuildingRequest) -> WorkingCalendar:
    return load_calendar(request.building.ward)


def lock_for(request: BuildingRequest, move: workflow.Transition, *, by: User | None, at: datetime) -> BuildingRequest:
    """The locked request, on which this move may be made now. Raises what `workflow.check` raises."""
    locked = workflow.lock(request)
    workflow.check(locked, move, by=by, at=at)
    return locked


def go(
    locked: BuildingRequest,
    move: workflow.Transition,
    *,
    by: User | None,
    at: datetime,
    set: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    **data: Any,
) -> None:
    """Make the move. What is owed next is due at `due_at`, else when the request is promised; nothing while the clock
    stands or the next word is not the managers'."""
    changes: dict[str, Any] = {"stopped_at": None, **(set or {})}
    target = move.target or locked.state
    promised_at = changes.get("promised_at", locked.promised_at)
    owed = target in WORKING_STATES and changes["stopped_at"] is None
    changes["next_due_at"] = (due_at or promised_at) if owed else None
    calendar = calendar_of(locked)
    workflow.apply(locked, move, by=by, at=at, set=changes, **data)
    watch_at = clocks.next_watch(locked, calendar, limits(), after=at)
    if watch_at != locked.next_watch_at:
        locked.next_watch_at = watch_at
        locked.save(update_fields=["next_watch_at"])


def started(locked: BuildingRequest, at: datetime) -> dict[str, Any]:
    """The clock runs again, if it stood: what was left then is left now."""
    if locked.stopped_at is None:
        return {}
    moved = clocks.after_stop(calendar_of(locked), locked.promised_at, locked.stopped_at, at, any_hour=locked.any_hour)
    return {"promised_at": moved, "stopped_at": None}
