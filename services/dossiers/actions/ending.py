"""Ends before a result: taken back by the resident, stopped by the ward."""

from datetime import datetime

from django.db import transaction

from portal.core import workflow
from portal.core.models import User

from .. import notifications, slips, steps
from .. import transitions as moves
from ..models import Dossier
from .locking import lock_at


def withdraw(dossier: Dossier, *, by: User, at: datetime, reason: str = "") -> Dossier:
    """The resident takes it back, as long as nothing is signed. The desk's notice (form 05) follows."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.WITHDRAW, by=by, at=at)
        _end(locked, moves.WITHDRAW, by=by, at=at, reason=reason)
        slips.issue_stop(locked, at=at, why="withdrawn", reason=reason)
        notifications.withdrawn(locked, at=at)
        return locked


def stop(dossier: Dossier, *, by: User, at: datetime, reason: str, step: str | None = None) -> Dossier:
    """The leader stops the handling, with the reason and its legal basis (form 05)."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.STOP, by=by, at=at, step=step)
        _end(locked, moves.STOP, by=by, at=at, reason=reason)
        slips.issue_stop(locked, at=at, why="stopped", reason=reason, by=by)
        notifications.stopped(locked, at=at)
        return locked


def _end(locked: Dossier, move: workflow.Transition, *, by: User, at: datetime, reason: str) -> None:
    steps.finish(locked, at=at)
    locked.pauses.filter(ended_at=None).update(ended_at=at)
    clock = steps.clock_fields(locked, None, state=move.target)
    workflow.apply(locked, move, by=by, at=at, set={"changed_at": at, **clock}, reason=reason)
    if locked.accepted_at:
        slips.issue_control(locked, at=at)
