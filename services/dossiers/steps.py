"""The steps of a dossier: made, begun, received, finished, handed on; and what their clocks say.

Every function works on a locked dossier inside its action's transaction. The actions write the
dossier's own fields through `workflow.apply`; `clock_fields` gives them what follows from the step.
"""

from datetime import datetime, timedelta
from typing import Any

from portal.core.models import User

from . import clocks, notifications
from .assignment import Choice, owner_of_step
from .models import WAITING_STATES, Dossier, DossierState, HandOver, Pause, Step

JUST_AFTER = timedelta(seconds=1)  # a step is late after its due time, not at it


def make(dossier: Dossier) -> Step:
    """The rows of all steps, in the order of the version. Returns the first."""
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
            assign=spec.assign,
        )
        for seq, spec in enumerate(dossier.spec.steps, start=1)
    )
    return steps[0]


def plan(dossier: Dossier, *, start: datetime, due_at: datetime) -> None:
    """Planned start and due time of every step that has not begun, one after the other from `start`."""
    waiting = list(dossier.steps.filter(started_at=None).order_by("seq"))
    times = clocks.plan(dossier.calendar, start, [step.minutes for step in waiting], due_at)
    for step, (planned_start, planned_due) in zip(waiting, times, strict=True):
        step.planned_start_at, step.planned_due_at = planned_start, planned_due
    Step.objects.bulk_update(waiting, ["planned_start_at", "planned_due_at"])


def begin(dossier: Dossier, step: Step, *, at: datetime, chosen: User | None = None) -> None:
    """Name its person and start its clock: at the counter whoever filed it, who has its citizen before them.

    Raises NobodyToOwn, CannotOwn.
    """
    before = step.assignee or (dossier.filed_by if step.kind == Step.Kind.RECEIVE else None)
    choice = owner_of_step(step.position, dossier.ward, dossier=dossier, at=at, before=before, chosen=chosen)
    _give(step, choice)
    step.started_at, step.received_at, step.finished_at = at, None, None
    step.due_at = due_from(dossier, step, at=at)
    step.save(update_fields=["assignee", "stands_in_for", "started_at", "received_at", "finished_at", "due_at"])
    if choice.instead:
        notifications.leader_steps_in(dossier, step, at=at)


def due_from(dossier: Dossier, step: Step, *, at: datetime) -> datetime:
    """When a step that begins (again) now is due. Before acceptance the desk has its intake time."""
    calendar = dossier.calendar
    if dossier.accepted_at is None and step.kind == Step.Kind.RECEIVE:
        return clocks.intake_due(calendar, dossier.rules, at)
    due_at = clocks.step_due(calendar, at, step.minutes, dossier.promised_at)
    asked = dossier.verification_asked
    if asked and asked.step_id == step.pk and dossier.promised_at:
        return clocks.verifying_due(calendar, due_at, minutes_after(dossier, step), dossier.promised_at)
    return due_at


def receive(dossier: Dossier, *, by: User, at: datetime) -> None:
    """Whoever acts on the current step has accepted it: a colleague who takes it over owes it from now on."""
    step = dossier.current_step
    if step is None or (step.received_at and step.assignee_id == by.pk):
        return
    if step.assignee_id != by.pk:
        hand_over(dossier, step, step, giver=step.assignee, at=at, receiver=by, note="nhận thay đồng nghiệp")
        step.assignee, step.stands_in_for = by, None
    step.received_at = at
    step.save(update_fields=["assignee", "stands_in_for", "received_at"])
    dossier.hand_overs.filter(to_step=step, received_at=None).update(received_at=at)


def reassign(dossier: Dossier, choice: Choice, *, giver: User | None, at: datetime, note: str) -> None:
    """The current step goes to somebody else; its clock runs on."""
    step = dossier.current_step
    if step is None:
        raise ValueError("only a current step is handed over")
    hand_over(dossier, step, step, giver=giver, at=at, receiver=choice.user, note=note)
    _give(step, choice)
    step.received_at = None
    step.save(update_fields=["assignee", "stands_in_for", "received_at"])
    notifications.work_arrived(dossier, at=at)


def finish(dossier: Dossier, *, at: datetime) -> None:
    if dossier.current_step_id:
        Step.objects.filter(pk=dossier.current_step_id, finished_at=None).update(finished_at=at)


def reopen(step: Step) -> None:
    Step.objects.filter(pk=step.pk).update(started_at=None, received_at=None, due_at=None, finished_at=None)


def hand_over(
    dossier: Dossier,
    from_step: Step | None,
    to_step: Step | None,
    *,
    giver: User | None,
    at: datetime,
    receiver: User | None = None,
    note: str = "",
) -> HandOver:
    """One line of the control slip. What the step before came to is read off the moment of arrival."""
    due_at = from_step.due_at if from_step and from_step != to_step else None
    last = dossier.hand_overs.order_by("-seq").first()
    return HandOver.objects.create(
        dossier=dossier,
        seq=last.seq + 1 if last else 1,
        from_step=from_step,
        to_step=to_step,
        giver=giver,
        receiver=receiver or (to_step.assignee if to_step else None),
        given_at=at,
        received_at=at if to_step is None else None,
        due_at=due_at,
        result=clocks.outcome(dossier.calendar, dossier.rules, due_at, at) if due_at else "",
        note=note,
    )


# --- Standing still ------------------------------------------------------------------------------------


def pause(dossier: Dossier, reason: str, *, at: datetime) -> None:
    Pause.objects.create(dossier=dossier, reason=reason, began_at=at)


def resume(dossier: Dossier, *, at: datetime) -> dict[str, datetime]:
    """End the open pause, give the current step the time it had left. Returns what is owed to the resident anew.

    After a supplement the limit is counted from the start; a fee or a confirmation adds what it took.
    """
    ended = dossier.pauses.filter(ended_at=None).first()
    if ended:
        ended.ended_at = at
        ended.save(update_fields=["ended_at"])
    promised = owed_anew(dossier) if dossier.accepted_at else {}
    step = dossier.current_step
    if step and step.due_at and ended:
        if ended.reason == Pause.Reason.SUPPLEMENT:
            step.due_at = due_from(dossier, step, at=at)
        else:
            step.due_at = clocks.resumed_due(dossier.calendar, step.due_at, ended.began_at, at, dossier.promised_at)
        step.save(update_fields=["due_at"])
    if step and step.due_at and dossier.promised_at:
        plan(dossier, start=step.due_at, due_at=dossier.promised_at)
    return promised


def stretch(dossier: Dossier) -> dict[str, datetime]:
    """Another agency was asked: the longer limit holds. The current step has the time of it, what has not
    started is planned after it. Returns what is owed to the resident anew."""
    promised, step = owed_anew(dossier), dossier.owed_step
    if step.due_at and dossier.promised_at:
        following = minutes_after(dossier, step)
        step.due_at = clocks.verifying_due(dossier.calendar, step.due_at, following, dossier.promised_at)
        step.save(update_fields=["due_at"])
        plan(dossier, start=step.due_at, due_at=dossier.promised_at)
    return promised


def owed_anew(dossier: Dossier) -> dict[str, datetime]:
    """The dossier's `due_at`, and `rescheduled_to` where an apology promised a date, by what is recorded now."""
    dossier.due_at = result_due(dossier)
    owed = {"due_at": dossier.due_at}
    if dossier.rescheduled_to:
        dossier.rescheduled_to = owed["rescheduled_to"] = rescheduled_due(dossier)
    return owed


def result_due(dossier: Dossier) -> datetime:
    """When the result is owed, from what is recorded. For an accepted dossier."""
    since = dossier.accepted_at
    if since is None:
        raise ValueError("a limit runs from acceptance")
    supplements, others = _pauses(dossier, since=since)
    counted = clocks.counted_from(since, supplements)
    stood_still = [(began, ended) for began, ended in others if began >= counted]
    return clocks.result_due(dossier.calendar, dossier.spec.limit, counted, stood_still, dossier.longer_limit)


def rescheduled_due(dossier: Dossier) -> datetime:
    """The date of the apology, moved by the pauses since. For a dossier whose apology promised one."""
    case = dossier.latenesses.filter(new_due_at__isnull=False, signed_at__isnull=False).latest("opened_at")
    new_due_at, promised_at, due_at = case.new_due_at, case.closed_at or case.signed_at, dossier.due_at
    if new_due_at is None or promised_at is None or due_at is None:
        raise ValueError("no apology has promised a date")
    _supplements, stood_still = _pauses(dossier, since=promised_at)
    return clocks.promised_anew(dossier.calendar, new_due_at, due_at, stood_still)


def _pauses(dossier: Dossier, *, since: datetime) -> tuple[list[clocks.Stretch], list[clocks.Stretch]]:
    """The pauses since then: for a supplement, and for anything else."""
    pauses = [pause for pause in dossier.pauses.all() if pause.began_at >= since]
    supplements = [(p.began_at, p.ended_at) for p in pauses if p.reason == Pause.Reason.SUPPLEMENT]
    return supplements, [(p.began_at, p.ended_at) for p in pauses if p.reason != Pause.Reason.SUPPLEMENT]


# --- What follows from the current step ------------------------------------------------------------------


def clock_fields(
    dossier: Dossier, step: Step | None, *, state: str | None, after: datetime | None = None
) -> dict[str, Any]:
    """The dossier's stored clock fields, for a step and the state it is about to have (None: the one it has).

    `after`: reminders up to this moment have been given.
    """
    state = state or dossier.state
    running = step is not None and state not in WAITING_STATES
    at_risk_at = _at_risk_at(dossier, step) if step and running and state != DossierState.DONE else None
    dossier.at_risk_at = at_risk_at
    reminders = reminders_of(dossier, step, state=state)
    return {
        "current_step": step,
        "next_due_at": step.due_at if step and running else None,
        "at_risk_at": at_risk_at,
        "next_watch_at": min((r.at for r in reminders if after is None or r.at > after), default=None),
    }


def reminders_of(dossier: Dossier, step: Step | None, *, state: str) -> list[clocks.Reminder]:
    """Everything the watch has to say or do about a dossier as it stands, in order of time."""
    calendar, rules = dossier.calendar, dossier.rules
    if step is None:
        return []
    if state in WAITING_STATES:
        pause = dossier.pauses.filter(ended_at=None).first()
        if pause and state == DossierState.SUPPLEMENT:
            return clocks.reminders_of_supplement(calendar, rules, pause.began_at)
        if pause and state == DossierState.CONFIRMING:
            return clocks.reminders_of_confirmation(calendar, rules, pause.began_at)
        if pause and state == DossierState.VISITING:
            return clocks.reminders_of_visit(calendar, rules, silent_since(dossier, pause))
        return []
    if step.due_at is None or step.started_at is None:
        return []
    return clocks.reminders_of_step(
        calendar,
        rules,
        started_at=step.started_at,
        due_at=step.due_at + JUST_AFTER,
        received=dossier.accepted_at is not None,
        at_risk_at=dossier.at_risk_at,
        result_due_at=dossier.promised_at if state != DossierState.DONE else None,
    )


def silent_since(dossier: Dossier, invited: Pause) -> datetime:
    """Since when an invited person has said nothing: an appointment they made is a word, until it has passed."""
    return max(filter(None, (invited.began_at, dossier.visit_expected_at)))


def _at_risk_at(dossier: Dossier, step: Step) -> datetime | None:
    if dossier.promised_at is None or step.started_at is None:
        return None
    # Once a dossier is accepted, what is left of receiving it is to hand it on.
    own = 0 if step.kind == Step.Kind.RECEIVE else step.minutes
    following = minutes_after(dossier, step)
    return clocks.at_risk_from(dossier.calendar, step.started_at, own, following, dossier.promised_at)


def minutes_after(dossier: Dossier, step: Step) -> int:
    """The planned minutes of the steps after this one up to the result; handing it over comes later."""
    following = dossier.steps.filter(seq__gt=step.seq).exclude(kind=Step.Kind.DELIVER)
    return sum(following.values_list("minutes", flat=True))


def _give(step: Step, choice: Choice) -> None:
    step.assignee, step.stands_in_for = choice.user, choice.stands_in_for
