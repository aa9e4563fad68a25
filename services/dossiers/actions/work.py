"""The ward's own work on an accepted dossier: examining, waiting for the resident, and who does it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.core import workflow
from portal.core.models import User

from .. import notifications, slips, steps
from .. import transitions as moves
from ..assignment import Choice, owner_of_step
from ..models import Dossier, Interest, Pause, Step, Verification
from . import finding
from .locking import advance, go_to, lock_at


def approve(
    dossier: Dossier,
    *,
    by: User,
    at: datetime,
    findings: Mapping[str, Any] | None = None,
    note: str = "",
    step: str | None = None,
    to: User | None = None,
) -> Dossier:
    """The specialist has examined it and puts it forward, with what was found for the result.

    Raises FindingsMissing when the examination ends without what the result needs.
    """
    with transaction.atomic():
        locked = lock_at(dossier, moves.APPROVE, by=by, at=at, step=step)
        if findings is not None:
            finding.write(locked, findings, by=by, at=at)
        if not locked.steps.filter(kind=Step.Kind.WORK, seq__gt=locked.owed_step.seq).exists():
            finding.require(locked, moves.APPROVE)
        return advance(dossier, moves.APPROVE, by=by, at=at, step=step, note=note, to=to)


def send_back(dossier: Dossier, *, by: User, at: datetime, reason: str, step: str | None = None) -> Dossier:
    """The leader returns it to the last step of examination, with the reason."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.SEND_BACK, by=by, at=at, step=step)
        current, earlier = locked.owed_step, moves.examined_before(locked)
        go_to(locked, earlier, moves.SEND_BACK, by=by, at=at, set={"confirmed_at": None}, reason=reason)
        steps.reopen(current)
        notifications.work_arrived(locked, at=at)
        return locked


def ask_verification(
    dossier: Dossier, *, by: User, at: datetime, agency: str, reason: str, step: str | None = None
) -> Dossier:
    """Another agency has to verify something: the longer limit of the procedure holds from acceptance on.

    Once a dossier. The resident is told the new date and why; a new receipt takes the place of the first.
    """
    if not agency.strip() or not reason.strip():
        raise ValueError("a verification says who is asked, and what")
    with transaction.atomic():
        locked = lock_at(dossier, moves.ASK_VERIFICATION, by=by, at=at, step=step)
        promised, current = locked.promised_at, locked.owed_step
        steps.receive(locked, by=by, at=at)
        asked = Verification(
            dossier=locked,
            step=current,
            agency=agency,
            reason=reason,
            asked_by=by,
            asked_at=at,
            promised_before=promised,
        )
        locked.verification_asked = asked  # kept below: the move asks whether it is the first
        owed = steps.stretch(locked)
        workflow.apply(
            locked,
            moves.ASK_VERIFICATION,
            by=by,
            at=at,
            set={"changed_at": at, **owed, **steps.clock_fields(locked, current, state=None)},
            agency=agency,
            reason=reason,
            promised_before=promised,
            due_at=locked.promised_at,
        )
        asked.save()
        slips.issue_receipt(locked, by=by, at=at, again=True)
        notifications.verification_asked(locked, at=at)
        return locked


# --- Waiting for the resident --------------------------------------------------------------------------------


def ask_fee(dossier: Dossier, *, by: User, at: datetime, amount: int, reason: str, step: str | None = None) -> Dossier:
    """A fee or charge of `amount` đồng has to be paid first: the clock stands still."""
    if amount <= 0:
        raise ValueError("a fee is a positive amount of đồng")
    with transaction.atomic():
        locked = lock_at(dossier, moves.ASK_FEE, by=by, at=at, step=step)
        _wait(locked, moves.ASK_FEE, Pause.Reason.FEE, by=by, at=at, amount=amount, reason=reason)
        slips.issue_fee_notice(locked, by=by, at=at, amount=amount, reason=reason)
        notifications.fee_asked(locked, at=at, amount=amount)
        return locked


def record_fee(dossier: Dossier, *, by: User, at: datetime, receipt_number: str, step: str | None = None) -> Dossier:
    """It was paid, by this receipt: the clock runs on where it stood."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.RECORD_FEE, by=by, at=at, step=step)
        return _go_on(locked, moves.RECORD_FEE, by=by, at=at, receipt_number=receipt_number)


def ask_confirmation(
    dossier: Dossier, *, by: User, at: datetime, findings: Mapping[str, Any] | None = None, step: str | None = None
) -> Dossier:
    """Send the filled civil-status form to the citizen, with what was found so far: one working day to object,
    silence agrees (row 30)."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.ASK_CONFIRMATION, by=by, at=at, step=step)
        if findings is not None:
            finding.write(locked, findings, by=by, at=at)
        _wait(locked, moves.ASK_CONFIRMATION, Pause.Reason.CONFIRMATION, by=by, at=at)
        notifications.confirmation_asked(locked, at=at)
        return locked


def confirm(dossier: Dossier, *, by: User | None, at: datetime) -> Dossier:
    """The citizen agrees, or was silent for the time given (`by` is None)."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if by and locked.confirmed_at and locked.owner_id == by.pk:
            return locked
        return _go_on(locked, moves.CONFIRM, by=by, at=at, set={"confirmed_at": at}, silent=by is None)


def dispute(dossier: Dossier, *, by: User, at: datetime, reason: str) -> Dossier:
    """The citizen wants the e-form mended: back to the examination, with what is wrong."""
    with transaction.atomic():
        return _go_on(workflow.lock(dossier), moves.DISPUTE, by=by, at=at, reason=reason)


def ask_visit(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """Nothing goes on before the person has come (level 3): they are asked to, and the clock stands still."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.ASK_VISIT, by=by, at=at, step=step)
        _wait(locked, moves.ASK_VISIT, Pause.Reason.VISIT, by=by, at=at)
        notifications.visit_asked(locked, at=at)
        return locked


def expect_visit(dossier: Dossier, *, expected_at: datetime, at: datetime) -> Dossier:
    """The person has said when they come, or called it off just now (`expected_at` is `at`): silence counts from
    then. For whoever keeps the appointments; no move, and no notice of its own."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        locked.visit_expected_at = expected_at
        changed = {"visit_expected_at": expected_at}
        if locked.state == moves.S.VISITING:
            clock = steps.clock_fields(locked, locked.current_step, state=None, after=at)
            changed["next_watch_at"] = locked.next_watch_at = clock["next_watch_at"]
        locked.save(update_fields=list(changed))
        return locked


def record_visit(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """They came: the clock runs on where it stood."""
    move = moves.RECORD_VISIT if dossier.accepted_at else moves.RECORD_FIRST_VISIT
    with transaction.atomic():
        locked = lock_at(dossier, move, by=by, at=at, step=step)
        return _go_on(locked, move, by=by, at=at)


def _wait(locked: Dossier, move: workflow.Transition, why: str, *, by: User, at: datetime, **data) -> None:
    steps.receive(locked, by=by, at=at)
    steps.pause(locked, why, at=at)
    clock = steps.clock_fields(locked, locked.current_step, state=move.target)
    workflow.apply(locked, move, by=by, at=at, set={"changed_at": at, **clock}, **data)


def _go_on(
    locked: Dossier, move: workflow.Transition, *, by: User | None, at: datetime, set: dict | None = None, **data
) -> Dossier:
    workflow.check(locked, move, by=by, at=at)
    promised = steps.resume(locked, at=at)
    workflow.apply(
        locked,
        move,
        by=by,
        at=at,
        set={
            "changed_at": at,
            **(set or {}),
            **promised,
            **steps.clock_fields(locked, locked.current_step, state=move.target),
        },
        **data,
    )
    notifications.work_arrived(locked, at=at)
    return locked


# --- Who does it ---------------------------------------------------------------------------------------------


def take(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """Accept the hand-over: it is mine now. A colleague of the same position may take it over."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.TAKE, by=by, at=at, step=step)
        workflow.apply(locked, moves.TAKE, by=by, at=at, set={"changed_at": at})
        steps.receive(locked, by=by, at=at)
        return locked


def reassign(
    dossier: Dossier, *, by: User, at: datetime, to: User, reason: str = "", step: str | None = None
) -> Dossier:
    """The leader gives the current step to another person; its clock runs on. Raises CannotOwn."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.REASSIGN, by=by, at=at, step=step)
        current = locked.owed_step
        workflow.apply(locked, moves.REASSIGN, by=by, at=at, set={"changed_at": at}, reason=reason, to=str(to))
        choice = owner_of_step(current.position, locked.ward, dossier=locked, at=at, chosen=to)
        steps.reassign(locked, choice, giver=current.assignee, at=at, note="lãnh đạo phân công lại")
        return locked


def cover(dossier: Dossier, choice: Choice, *, at: datetime) -> Dossier:
    """The person is away: the step goes to whoever stands in. Called by the watch."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.COVER, by=None, at=at)
        workflow.apply(locked, moves.COVER, by=None, at=at, set={"changed_at": at}, to=str(choice.user))
        steps.reassign(locked, choice, giver=locked.owed_step.assignee, at=at, note="người được giao vắng mặt")
        return locked


def declare_interest(dossier: Dossier, *, by: User, at: datetime, relation: str, step: str | None = None) -> Dossier:
    """This dossier is a relative's: the officer gives it out of hand until a leader approves."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.DECLARE_INTEREST, by=by, at=at, step=step)
        workflow.apply(locked, moves.DECLARE_INTEREST, by=by, at=at, set={"changed_at": at}, relation=relation)
        Interest.objects.get_or_create(dossier=locked, officer=by, defaults={"relation": relation, "declared_at": at})
        locked.__dict__.pop("excluded_officers", None)
        if locked.current_step and locked.current_step.assignee_id == by.pk:
            choice = owner_of_step(locked.current_step.position, locked.ward, dossier=locked, at=at)
            steps.reassign(locked, choice, giver=by, at=at, note="người được giao có quan hệ thân thích")
        return locked


def approve_interest(dossier: Dossier, *, by: User, at: datetime, officer: User, step: str | None = None) -> Dossier:
    """A leader approves that the officer who declared an interest goes on handling it."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.APPROVE_INTEREST, by=by, at=at, step=step)
        workflow.apply(locked, moves.APPROVE_INTEREST, by=by, at=at, set={"changed_at": at}, officer=str(officer))
        Interest.objects.filter(dossier=locked, officer=officer, approved_at=None).exclude(officer=by).update(
            approved_by=by, approved_at=at
        )
        return locked
