"""What every action on a step begins and ends with."""

from datetime import datetime

from django.db import transaction

from portal.core import workflow
from portal.core.audit import history_of
from portal.core.models import User

from .. import notifications, steps
from ..models import Dossier, Step


class StepMoved(workflow.IllegalMove):
    """The step the officer saw is no longer the current one."""


def lock_at(
    dossier: Dossier, move: workflow.Transition, *, by: User | None, at: datetime, step: str | None = None
) -> Dossier:
    """Lock the dossier where the officer saw it, for a move that may be made there now.

    `step` is the turn of the step on their screen. Raises StepMoved, and what `workflow.check` raises.
    """
    locked = workflow.lock(dossier)
    if step is not None and (locked.current_step is None or locked.current_step.turn != step):
        raise StepMoved(locked, move, history_of(locked).last())
    workflow.check(locked, move, by=by, at=at)
    return locked


def advance(dossier, move, *, by, at, step, set=None, tell=True, to: User | None = None, **data) -> Dossier:
    """Finish the current step, begin the next, make the move, tell whoever is concerned."""
    with transaction.atomic():
        locked = lock_at(dossier, move, by=by, at=at, step=step)
        current = locked.current_step
        following = locked.steps.filter(seq__gt=current.seq).first() if current else None
        go_to(locked, following, move, by=by, at=at, set=set, to=to, **data)
        if tell:
            notifications.moved_on(locked, move, at=at)
        if following:
            notifications.work_arrived(locked, at=at)
        return locked


def go_to(
    locked: Dossier,
    following: Step | None,
    move: workflow.Transition,
    *,
    by: User,
    at: datetime,
    set: dict | None = None,
    to: User | None = None,
    note: str = "",
    **data,
) -> None:
    """From the current step of a locked dossier to another, with the line of the control slip."""
    current = locked.current_step
    steps.receive(locked, by=by, at=at)
    steps.finish(locked, at=at)
    if following:
        steps.begin(locked, following, at=at, chosen=to)
    if current:
        steps.hand_over(locked, current, following, giver=by, at=at, note=note[:200])
    said = {"note": note} if note else {}
    workflow.apply(
        locked,
        move,
        by=by,
        at=at,
        set={
            "changed_at": at,
            **(set or {}),
            **steps.clock_fields(locked, following, state=move.target or locked.state),
        },
        step=current.name if current else "",
        next_step=following.name if following else "",
        **said,
        **data,
    )
