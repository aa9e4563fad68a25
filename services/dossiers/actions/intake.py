"""From the resident's hand to the desk's: sending, receiving, completing, refusing."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import workflow
from portal.core.models import User
from portal.core.numbering import next_number
from portal.core.text import fold
from services.catalogue import answers as form_answers

from .. import clocks, notifications, renewal, slips, steps
from .. import transitions as moves
from ..assignment import WardClosed
from ..filing import NotInForce
from ..models import Dossier, Pause, SupplementItem, SupplementRequest
from .locking import advance, lock_at


class Incomplete(Exception):
    """A dossier that cannot be sent yet; `problems` says what is missing, page by page."""

    def __init__(self, problems: list) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def submit(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """Send a draft: freeze it, number it, name its steps, acknowledge it. Sent twice is sent once.

    Raises Incomplete while something is missing, NotInForce where its version has ended (`renewal.py`),
    WardClosed when the ward takes nothing new.
    """
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if not locked.is_draft and by.pk in (locked.owner_id, locked.filed_by_id):
            return locked
        workflow.check(locked, moves.SUBMIT, by=by, at=at)
        if not locked.ward.is_open:
            raise WardClosed(str(locked.ward))
        if not renewal.may_send(locked, at=at):
            raise NotInForce(locked.version)
        if problems := problems_of(locked):
            raise Incomplete(problems)
        locked.submitted_at = at
        first = steps.make(locked)
        steps.begin(locked, first, at=at)
        steps.hand_over(locked, None, first, giver=by, at=at)
        name = applicant_name(locked)
        workflow.apply(
            locked,
            moves.SUBMIT,
            by=by,
            at=at,
            set={
                "code": _next_code(locked, at),
                "submitted_at": at,
                "changed_at": at,
                "applicant_name": name,
                "folded_name": fold(name),
                **steps.clock_fields(locked, first, state=moves.S.SUBMITTED),
            },
            step=first.name,
        )
        slips.issue_acknowledgement(locked, at=at)
        notifications.submitted(locked, at=at)
        return locked


def accept(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """Receive a complete dossier: its rules are pinned, the limit runs, the receipt (form 01) is issued."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.ACCEPT, by=by, at=at, step=step)
        rules = locked.rules
        due_at = clocks.result_due(locked.calendar, locked.spec.limit, at)
        steps.receive(locked, by=by, at=at)
        current = locked.current_step
        was_due = locked.next_due_at
        if current:
            current.due_at = clocks.transfer_due(locked.calendar, rules, at, due_at, locked.spec.transfer_cutoff)
            current.save(update_fields=["due_at"])
        locked.accepted_at, locked.due_at = at, due_at
        clock = steps.clock_fields(locked, current, state=moves.S.ACCEPTED)
        workflow.apply(
            locked,
            moves.ACCEPT,
            by=by,
            at=at,
            set={"accepted_at": at, "due_at": due_at, "rule_set": rules.key, "changed_at": at, **clock},
            due_at=due_at,
            intake_due_at=was_due,
        )
        steps.plan(locked, start=at, due_at=due_at)
        slips.issue_receipt(locked, by=by, at=at)
        notifications.accepted(locked, at=at)
        return locked


def hand_on(dossier: Dossier, *, by: User, at: datetime, step: str | None = None, to: User | None = None) -> Dossier:
    """The desk hands the accepted dossier to whoever owes the next step. Raises CannotOwn for a wrong `to`."""
    return advance(dossier, moves.HAND_ON, by=by, at=at, step=step, to=to)


def refuse(dossier: Dossier, *, by: User, at: datetime, reason: str, step: str | None = None) -> Dossier:
    """Refuse to receive it, with the reason in words (form 03)."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.REFUSE, by=by, at=at, step=step)
        steps.finish(locked, at=at)
        workflow.apply(
            locked,
            moves.REFUSE,
            by=by,
            at=at,
            set={"changed_at": at, **steps.clock_fields(locked, None, state=moves.S.REFUSED)},
            reason=reason,
        )
        slips.issue_refusal(locked, by=by, at=at, reason=reason)
        notifications.refused(locked, at=at)
        return locked


# --- Supplements -------------------------------------------------------------------------------------------


def request_supplement(
    dossier: Dossier,
    *,
    by: User,
    at: datetime,
    items: Iterable[tuple[str, str]],
    reason: str,
    contact: str,
    step: str | None = None,
) -> Dossier:
    """Ask once, for everything at once (form 02): (field key, what to do) for each item."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.REQUEST_SUPPLEMENT, by=by, at=at, step=step)
        _wait_for_supplement(locked, moves.REQUEST_SUPPLEMENT, by=by, at=at, reason=reason)
        request = _write_request(locked, by=by, at=at, items=items, reason=reason, contact=contact, sent_at=at)
        _send_request(locked, request, by=by, at=at)
        return locked


def propose_supplement(
    dossier: Dossier,
    *,
    by: User,
    at: datetime,
    items: Iterable[tuple[str, str]],
    reason: str,
    contact: str,
    legal_basis: str,
    step: str | None = None,
) -> Dossier:
    """The appraisal finds something missing: it needs its legal basis, and the leader's word."""
    if not legal_basis.strip():
        raise ValueError("a request after acceptance names its legal basis")
    with transaction.atomic():
        locked = lock_at(dossier, moves.PROPOSE_SUPPLEMENT, by=by, at=at, step=step)
        workflow.apply(
            locked, moves.PROPOSE_SUPPLEMENT, by=by, at=at, set={"changed_at": at}, reason=reason, basis=legal_basis
        )
        _write_request(
            locked,
            by=by,
            at=at,
            items=items,
            reason=reason,
            contact=contact,
            stage=SupplementRequest.Stage.APPRAISAL,
            legal_basis=legal_basis,
        )
        notifications.supplement_proposed(locked, at=at)
        return locked


def approve_supplement(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """The leader lets the appraisal's request go to the resident: the clock stands still."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.APPROVE_SUPPLEMENT, by=by, at=at, step=step)
        request = locked.open_request
        _wait_for_supplement(locked, moves.APPROVE_SUPPLEMENT, by=by, at=at)
        request.sent_at, request.approved_by = at, by
        request.save(update_fields=["sent_at", "approved_by"])
        _send_request(locked, request, by=by, at=at)
        return locked


def decline_supplement(dossier: Dossier, *, by: User, at: datetime, reason: str, step: str | None = None) -> Dossier:
    """The leader does not let it go out: the appraisal goes on with what there is."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.DECLINE_SUPPLEMENT, by=by, at=at, step=step)
        request = locked.open_request
        workflow.apply(locked, moves.DECLINE_SUPPLEMENT, by=by, at=at, set={"changed_at": at}, reason=reason)
        SupplementRequest.objects.filter(pk=request.pk).update(declined_at=at)
        notifications.work_arrived(locked, at=at)
        return locked


def answer_supplement(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """The resident has completed what was asked: the clock starts again from zero.

    Before acceptance it is the desk's; after it the limit's, with a new due time and a new receipt.
    Raises Incomplete while something asked was not looked at, or the form as a whole lacks something.
    """
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if locked.state in (moves.S.SUBMITTED, moves.S.PROCESSING) and locked.owner_id == by.pk:
            return locked
        accepted = locked.accepted_at is not None
        move = moves.ANSWER_APPRAISAL if accepted else moves.ANSWER_SUPPLEMENT
        workflow.check(locked, move, by=by, at=at)
        if problems := [*_unanswered(locked), *problems_of(locked)]:
            raise Incomplete(problems)
        step = locked.current_step
        promised = steps.resume(locked, at=at)
        locked.supplement_requests.filter(answered_at=None, declined_at=None).update(answered_at=at)
        if step and not accepted:
            steps.begin(locked, step, at=at)
        name = applicant_name(locked)
        workflow.apply(
            locked,
            move,
            by=by,
            at=at,
            set={
                "changed_at": at,
                "applicant_name": name,
                "folded_name": fold(name),
                **promised,
                **steps.clock_fields(locked, step, state=move.target),
            },
        )
        if accepted:
            slips.issue_receipt(locked, by=step.assignee, at=at, again=True)
        notifications.supplement_answered(locked, at=at)
        return locked


def close_silent(dossier: Dossier, *, at: datetime, days: int) -> Dossier:
    """Nothing came, or nobody, in the working days the rules give: the dossier is closed (NĐ 297/2025). A new one
    may be filed."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.CLOSE, by=None, at=at)
        why = "absent" if locked.state == moves.S.VISITING else "silent"
        steps.finish(locked, at=at)
        locked.pauses.filter(ended_at=None).update(ended_at=at)
        workflow.apply(
            locked,
            moves.CLOSE,
            by=None,
            at=at,
            set={"changed_at": at, **steps.clock_fields(locked, None, state=moves.S.CLOSED)},
            days=days,
            why=why,
        )
        slips.issue_stop(locked, at=at, why=why, days=days)
        notifications.closed(locked, at=at, why=why)
        return locked


def problems_of(dossier: Dossier) -> list:
    """What is still missing before it can be sent."""
    attached = dossier.attachments.kept().values_list("field", flat=True)
    return form_answers.problems(dossier.spec, dossier.answers, set(attached))


def applicant_name(dossier: Dossier) -> str:
    """The applicant as the form names them, else as the account does."""
    return form_answers.applicant_name(dossier.spec, dossier.answers) or str(dossier.owner)


def _wait_for_supplement(locked: Dossier, move: workflow.Transition, *, by: User, at: datetime, **data) -> None:
    """The clock stands still: nothing is due until the resident has answered."""
    steps.pause(locked, Pause.Reason.SUPPLEMENT, at=at)
    clock = steps.clock_fields(locked, locked.current_step, state=moves.S.SUPPLEMENT)
    workflow.apply(locked, move, by=by, at=at, set={"changed_at": at, **clock}, **data)


def _write_request(locked: Dossier, *, by: User, at: datetime, items, reason: str, contact: str, **more):
    items = list(items)
    if not items:
        raise ValueError("a supplement request names what is missing")
    request = SupplementRequest.objects.create(
        dossier=locked, asked_by=by, asked_at=at, reason=reason, contact=contact, **more
    )
    SupplementItem.objects.bulk_create(SupplementItem(request=request, field=field, what=what) for field, what in items)
    return request


def _send_request(locked: Dossier, request: SupplementRequest, *, by: User, at: datetime) -> None:
    slips.issue_supplement_request(locked, request, by=by, at=at)
    notifications.supplement_requested(locked, request, at=at)


def _unanswered(dossier: Dossier) -> list:
    """What the desk asked for and the resident has not saved since."""
    items = SupplementItem.objects.filter(
        request__dossier=dossier, request__answered_at=None, request__sent_at__isnull=False, answered_at=None
    )
    return [form_answers.Problem("", item.field, _("Chưa bổ sung: %(what)s") % {"what": item.what}) for item in items]


def _next_code(dossier: Dossier, at: datetime) -> str:
    """H26.004.127-261123-0001: agency, day, serial of the agency's day, without gaps (§1.5)."""
    agency, day = dossier.ward.agency_code, timezone.localtime(at)
    return f"{agency}-{day:%y%m%d}-{next_number(f'code:{agency}:{day:%y%m%d}'):04d}"
