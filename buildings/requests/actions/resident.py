"""What the resident does: never held up by the managers' lateness."""

from datetime import datetime

from django.db import transaction

from portal.core import audit, workflow
from portal.core.models import User

from .. import assignment, clocks, notifications, rules
from .. import transitions as moves
from ..models import BuildingRequest, RequestRating, RequestState, Support
from .moving import calendar_of, go, lock_for


def confirm(request: BuildingRequest, *, by: User | None, at: datetime) -> BuildingRequest:
    """It is done, says the resident; `by` None: nobody objected in time."""
    with transaction.atomic():
        locked = lock_for(request, moves.CONFIRM, by=by, at=at)
        how = BuildingRequest.Ending.RESIDENT if by else BuildingRequest.Ending.SILENCE
        go(locked, moves.CONFIRM, by=by, at=at, set={"ended_at": at, "ended_by": how}, how=how)
        notifications.closed(locked, at=at)
        return locked


def reopen(request: BuildingRequest, *, by: User, at: datetime, reason: str) -> BuildingRequest:
    """It is not done, came back, or was refused without good reason. The whole limit runs anew.

    What was refused goes to somebody else for a second look, once.
    """
    with transaction.atomic():
        locked = lock_for(request, moves.REOPEN, by=by, at=at)
        refused = locked.state == RequestState.REFUSED
        promised_at = clocks.done_due(calendar_of(locked), rules.limit(locked.category, locked.urgency), at)
        changes = {
            "promised_at": promised_at,
            "reason": reason,
            "reopened": locked.reopened + 1,
            "done_at": None,
            "done_by": None,
            "ended_at": None,
            "ended_by": "",
            "planned_for": None,
        }
        if refused:
            other = assignment.second_look(locked, besides=locked.answerable_id)
            changes |= {"refusal_contested": True, "elsewhere": "", **({"answerable": other} if other else {})}
        go(locked, moves.REOPEN, by=by, at=at, set=changes, reason=reason, due_at=None)
        notifications.reopened(locked, at=at)
        return locked


def withdraw(request: BuildingRequest, *, by: User, at: datetime, reason: str = "") -> BuildingRequest:
    with transaction.atomic():
        locked = lock_for(request, moves.WITHDRAW, by=by, at=at)
        go(locked, moves.WITHDRAW, by=by, at=at, set={"ended_at": at}, reason=reason)
        notifications.withdrawn(locked, at=at)
        return locked


def support(request: BuildingRequest, *, by: User, at: datetime) -> BuildingRequest:
    """ "Tôi cũng bị": a neighbour is told of what is done from now on. Twice is once."""
    with transaction.atomic():
        locked = lock_for(request, moves.SUPPORT, by=by, at=at)
        _supported, new = Support.objects.get_or_create(request=locked, user=by, defaults={"at": at})
        if new:
            workflow.apply(locked, moves.SUPPORT, by=by, at=at)
        return locked


def rate(request: BuildingRequest, *, by: User, at: datetime, score: int, comment: str = "") -> RequestRating:
    """Once. Raises ValueError for a score beyond 1 to 5."""
    if score not in range(1, 6):
        raise ValueError("a score from 1 to 5")
    with transaction.atomic():
        locked = lock_for(request, moves.RATE, by=by, at=at)
        rating = RequestRating.objects.create(request=locked, score=score, comment=comment, at=at)
        # Not the words and not the score: managers see it in sums.
        audit.record(locked, moves.RATE.name, by=by, at=at)
        return rating
