"""What can be done to a dossier: one function a business action, one transaction each.

Each locks the row, makes one move of the table, writes what belongs to it and promises what
follows. All take `by` (who) and `at` (when). They raise what `core.workflow.apply` raises:
IllegalMove when somebody was quicker, PermissionDenied when it is not theirs.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import workflow
from portal.core.audit import history_of
from portal.core.calendar import load_calendar
from portal.core.models import User
from portal.core.numbering import next_number
from portal.core.text import fold
from services.catalogue import forms as catalogue_forms

from . import clocks, notifications, slips
from . import transitions as moves
from .assignment import owner_of_step
from .models import Dossier, Pause, Step, SupplementItem, SupplementRequest


class Incomplete(Exception):
    """A dossier that cannot be sent yet; `problems` says what is missing, page by page."""

    def __init__(self, problems: list) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class StepMoved(workflow.IllegalMove):
    """The step the officer saw is no longer the current one."""


def submit(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """Send a draft: freeze it, number it, name its steps, acknowledge it. Sent twice is sent once.

    Raises Incomplete while something is missing.
    """
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if not locked.is_draft and locked.owner_id == by.pk:
            return locked
        if problems := problems_of(locked):
            raise Incomplete(problems)
        first = _make_steps(locked)
        _begin(locked, first, at=at)
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
                **_pointing_at(first),
            },
            step=first.name,
        )
        slips.issue_acknowledgement(locked, at=at)
        notifications.submitted(locked, at=at)
        return locked


def accept(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """Receive a complete dossier: the limit runs, the receipt (form 01) is issued."""
    with transaction.atomic():
        locked = _lock_at(dossier, moves.ACCEPT, step)
        calendar = load_calendar(locked.ward)
        due_at = clocks.result_due(calendar, locked.spec.limit, at)
        workflow.apply(
            locked,
            moves.ACCEPT,
            by=by,
            at=at,
            set={"accepted_at": at, "due_at": due_at, "changed_at": at},
            due_at=due_at,
        )
        slips.issue_receipt(locked, by=by, at=at)
        notifications.accepted(locked, at=at)
        return locked


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
    items = list(items)
    if not items:
        raise ValueError("a supplement request names what is missing")
    with transaction.atomic():
        locked = _lock_at(dossier, moves.REQUEST_SUPPLEMENT, step)
        # The clock stands still: nothing is due until the resident has answered.
        workflow.apply(
            locked, moves.REQUEST_SUPPLEMENT, by=by, at=at, set={"changed_at": at, "next_due_at": None}, reason=reason
        )
        request = SupplementRequest.objects.create(
            dossier=locked, asked_by=by, asked_at=at, reason=reason, contact=contact
        )
        SupplementItem.objects.bulk_create(
            SupplementItem(request=request, field=field, what=what) for field, what in items
        )
        Pause.objects.create(dossier=locked, reason=Pause.Reason.SUPPLEMENT, began_at=at)
        slips.issue_supplement_request(locked, request, by=by, at=at)
        notifications.supplement_requested(locked, request, at=at)
        return locked


def answer_supplement(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """The resident has completed what was asked: the desk's clock starts again from zero.

    Raises Incomplete while something asked was not looked at, or the form as a whole lacks something.
    """
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if locked.state == moves.S.SUBMITTED and locked.owner_id == by.pk:
            return locked
        if locked.state == moves.S.SUPPLEMENT and (problems := [*_unanswered(locked), *problems_of(locked)]):
            raise Incomplete(problems)
        step = locked.current_step
        if step:
            _begin(locked, step, at=at)
        name = applicant_name(locked)
        workflow.apply(
            locked,
            moves.ANSWER_SUPPLEMENT,
            by=by,
            at=at,
            set={"changed_at": at, "applicant_name": name, "folded_name": fold(name), **_pointing_at(step)},
        )
        locked.pauses.filter(ended_at=None).update(ended_at=at)
        locked.supplement_requests.filter(answered_at=None).update(answered_at=at)
        notifications.supplement_answered(locked, at=at)
        return locked


def refuse(dossier: Dossier, *, by: User, at: datetime, reason: str, step: str | None = None) -> Dossier:
    """Refuse to receive it, with the reason in words (form 03)."""
    with transaction.atomic():
        locked = _lock_at(dossier, moves.REFUSE, step)
        _finish(locked, at=at)
        workflow.apply(locked, moves.REFUSE, by=by, at=at, set={"changed_at": at, **_pointing_at(None)}, reason=reason)
        slips.issue_refusal(locked, by=by, at=at, reason=reason)
        notifications.refused(locked, at=at)
        return locked


def hand_on(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """The desk hands the accepted dossier to whoever owes the next step."""
    return _advance(dossier, moves.HAND_ON, by=by, at=at, step=step)


def approve(dossier: Dossier, *, by: User, at: datetime, note: str = "", step: str | None = None) -> Dossier:
    """The specialist has examined it and puts it forward."""
    return _advance(dossier, moves.APPROVE, by=by, at=at, step=step, note=note)


def sign(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """The leader signs the result: who and when are recorded; the file follows its number."""
    return _advance(dossier, moves.SIGN, by=by, at=at, step=step, set={"signed_at": at, "signed_by": by})


def send_back(dossier: Dossier, *, by: User, at: datetime, reason: str, step: str | None = None) -> Dossier:
    """The leader returns it to the last step of examination, with the reason."""
    with transaction.atomic():
        locked = _lock_at(dossier, moves.SEND_BACK, step)
        earlier = moves.examined_before(locked)
        if earlier and locked.current_step:
            _reopen(locked.current_step)
            _begin(locked, earlier, at=at)
        workflow.apply(
            locked, moves.SEND_BACK, by=by, at=at, set={"changed_at": at, **_pointing_at(earlier)}, reason=reason
        )
        notifications.work_arrived(locked, at=at)
        return locked


def issue(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """The registry clerk numbers the signed result and issues it under the agency's signature."""
    with transaction.atomic():
        locked = _advance(dossier, moves.ISSUE, by=by, at=at, step=step, set={"done_at": at}, tell=False)
        slips.issue_result(locked, at=at)
        return locked


def deliver(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """The result has reached the resident, by the way they chose."""
    return _advance(dossier, moves.DELIVER, by=by, at=at, step=step, set={"delivered_at": at})


def withdraw(dossier: Dossier, *, by: User, at: datetime, reason: str = "") -> Dossier:
    """The resident takes it back, as long as nothing is signed."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        _finish(locked, at=at)
        locked.pauses.filter(ended_at=None).update(ended_at=at)
        workflow.apply(
            locked, moves.WITHDRAW, by=by, at=at, set={"changed_at": at, **_pointing_at(None)}, reason=reason
        )
        notifications.withdrawn(locked, at=at)
        return locked


def problems_of(dossier: Dossier) -> list:
    """What is still missing before it can be sent."""
    attached = dossier.attachments.kept().values_list("field", flat=True)
    return catalogue_forms.problems(dossier.spec, dossier.answers, set(attached))


def _unanswered(dossier: Dossier) -> list:
    """What the desk asked for and the resident has not saved since."""
    items = SupplementItem.objects.filter(request__dossier=dossier, request__answered_at=None, answered_at=None)
    return [
        catalogue_forms.Problem("", item.field, _("Chưa bổ sung: %(what)s") % {"what": item.what}) for item in items
    ]


def applicant_name(dossier: Dossier) -> str:
    """The applicant as the form names them, else as the account does."""
    return catalogue_forms.applicant_name(dossier.spec, dossier.answers) or str(dossier.owner)


# --- Steps ---------------------------------------------------------------------------------------


def _lock_at(dossier: Dossier, move: workflow.Transition, step: str | None) -> Dossier:
    """Lock the dossier where the officer saw it. `step` is the turn of the step on their screen."""
    locked = workflow.lock(dossier)
    if step is not None and (locked.current_step is None or locked.current_step.turn != step):
        raise StepMoved(locked, move, history_of(locked).last())
    return locked


def _advance(dossier, move, *, by, at, step, set=None, tell=True, **data) -> Dossier:
    """Finish the current step, begin the next, make the move, tell whoever is concerned."""
    with transaction.atomic():
        locked = _lock_at(dossier, move, step)
        current = locked.current_step
        following = locked.steps.filter(seq__gt=current.seq).first() if current else None
        _finish(locked, at=at)
        if following:
            _begin(locked, following, at=at)
        workflow.apply(
            locked,
            move,
            by=by,
            at=at,
            set={"changed_at": at, **(set or {}), **_pointing_at(following)},
            step=current.name if current else "",
            next_step=following.name if following else "",
            **data,
        )
        if tell:
            notifications.moved_on(locked, move, at=at)
        if following:
            notifications.work_arrived(locked, at=at)
        return locked


def _make_steps(dossier: Dossier) -> Step:
    steps = Step.objects.bulk_create(
        Step(
            dossier=dossier,
            seq=seq,
            key=spec.key,
            kind=spec.kind,
            name=spec.name,
            task=spec.task,
            position=spec.position,
            minutes=spec.minutes,
        )
        for seq, spec in enumerate(dossier.spec.steps, start=1)
    )
    return steps[0]


def _begin(dossier: Dossier, step: Step, *, at: datetime) -> None:
    step.assignee = owner_of_step(step.position, dossier.ward, dossier=dossier, before=step.assignee)
    step.started_at, step.finished_at = at, None
    step.due_at = clocks.step_due(load_calendar(dossier.ward), at, step.minutes, dossier.due_at)
    step.save(update_fields=["assignee", "started_at", "finished_at", "due_at"])


def _finish(dossier: Dossier, *, at: datetime) -> None:
    if dossier.current_step_id:
        Step.objects.filter(pk=dossier.current_step_id, finished_at=None).update(finished_at=at)


def _reopen(step: Step) -> None:
    Step.objects.filter(pk=step.pk).update(started_at=None, due_at=None, finished_at=None)


def _pointing_at(step: Step | None) -> dict:
    return {"current_step": step, "next_due_at": step.due_at if step else None}


def _next_code(dossier: Dossier, at: datetime) -> str:
    """H26.004.127-261123-0001: agency, day, serial of the agency's day, without gaps (§1.5)."""
    agency, day = dossier.ward.agency_code, timezone.localtime(at)
    return f"{agency}-{day:%y%m%d}-{next_number(f'code:{agency}:{day:%y%m%d}'):04d}"
