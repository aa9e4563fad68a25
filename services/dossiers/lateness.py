"""The lateness rule at the ward's desk: who answers for a late step, and how its dossier goes on.

The mechanism is `portal.core.lateness`; here is what a dossier adds to it. The case stands between
the late step and everything after it (`transitions.is_blocked`); the resident's own moves pass.
"""

from datetime import datetime

from django.db import transaction

from portal.core import workflow
from portal.core.lateness import LatenessProcess
from portal.core.models import User

from . import notifications, permissions, slips, steps
from . import transitions as moves
from .models import Dossier, Lateness


def find_late(dossier: Dossier, *, at: datetime) -> Lateness | None:
    """Open the case of a dossier whose current step is past its due time. Twice is once; None when it is not."""
    with transaction.atomic():
        return note_late(workflow.lock(dossier), at=at)


def note_late(locked: Dossier, *, at: datetime) -> Lateness | None:
    """`find_late` of a dossier that is locked already: the watch locks many at once."""
    if locked.lateness_id:
        return locked.lateness
    step = locked.current_step
    if step is None or step.assignee is None or locked.next_due_at is None or locked.next_due_at >= at:
        return None
    case = _open(locked, reason=Lateness.Reason.LATE, what=step.name, responsible=step.assignee, step=step, at=at)
    workflow.apply(
        locked,
        moves.MARK_LATE,
        by=None,
        at=at,
        set={"lateness": case, "next_watch_at": None},
        step=step.name,
        due_at=step.due_at,
        number=case.number,
    )
    notifications.late(locked, case, at=at)
    notifications.lateness_owned_up(locked, case, at=at)
    return case


def report_error(dossier: Dossier, *, by: User, at: datetime, what: str, responsible: User) -> Lateness:
    """Something went wrong on the ward's side: the same road as for lateness, before or after the result."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        workflow.check(locked, moves.REPORT_ERROR, by=by, at=at)
        case = _open(
            locked,
            reason=Lateness.Reason.ERROR,
            what=what,
            responsible=responsible,
            step=locked.current_step,
            at=at,
        )
        workflow.apply(
            locked, moves.REPORT_ERROR, by=by, at=at, set={"lateness": case, "next_watch_at": None}, reason=what
        )
        notifications.late(locked, case, at=at)
        return case


def _open(dossier: Dossier, *, reason: str, what: str, responsible: User, step, at: datetime) -> Lateness:
    earlier = sum(case.reason == Lateness.Reason.LATE for case in dossier.latenesses.all())
    late = reason == Lateness.Reason.LATE
    second = late and earlier >= dossier.rules.reschedules
    return Lateness.objects.create(
        dossier=dossier,
        step=step,
        reason=reason,
        what=what[:200],
        number=earlier + 1 if late else 0,
        # Before acceptance nothing was promised yet, after the result nothing is left to promise.
        new_date_allowed=late and not second and bool(dossier.accepted_at) and not dossier.done_at,
        escalated=second or not _has_a_head_besides(responsible, dossier),
        due_at=step.due_at if late and step else None,
        opened_at=at,
        responsible=responsible,
    )


def _has_a_head_besides(responsible: User, dossier: Dossier) -> bool:
    return any(head.pk != responsible.pk for head in dossier.heads)


def _lock_dossier(case: Lateness) -> None:
    workflow.lock(case.dossier)


def _release(case: Lateness, *, at: datetime, by: User | None) -> None:
    """The step goes on: its clock starts again, up to the new date where one was promised."""
    locked = workflow.lock(case.dossier)
    step = locked.current_step
    changes: dict = {"lateness": None}
    if case.new_due_at and case.signed_at:  # a draft nobody signed has promised nothing
        locked.rescheduled_to = changes["rescheduled_to"] = max(filter(None, (case.new_due_at, locked.due_at)))
    if step and locked.next_due_at:
        step.due_at = steps.due_from(locked, step, at=at)
        step.save(update_fields=["due_at"])
        if locked.promised_at:
            steps.plan(locked, start=step.due_at, due_at=locked.promised_at)
    changes |= steps.clock_fields(locked, step, state=locked.state, after=at)
    workflow.apply(locked, moves.RELEASE, by=by, at=at, set=changes, case=str(case.pk), outcome=case.state)
    notifications.work_arrived(locked, at=at)


process = LatenessProcess(
    may_explain=permissions.may_explain,
    may_judge=permissions.may_judge,
    may_draft=permissions.may_draft,
    may_sign=permissions.may_sign_apology,
    may_record=permissions.may_record_delivery,
    may_override=permissions.may_override,
    lock_subject=_lock_dossier,
    issue_apology=slips.issue_apology,
    released=_release,
)
