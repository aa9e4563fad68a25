"""What time alone brings about: alerts, alarms, lateness, closing, agreement by silence, substitutes.

`next_watch_at` of a dossier is the first instant at which something is to be done about it; beat
calls `watch` every minute. Each reminder is given once: it lies between the instant stored and now,
and the next one stored lies after now. Beat run twice finds nothing; beat dead for a day makes up
for it; a clock set back only waits.
"""

import logging
from datetime import datetime

from django.db import transaction

from buildings.absences import absences_on
from buildings.models import Absence, Ward
from portal.core import audit, outbox, workflow
from portal.core.calendar import VIETNAM

from . import actions, assignment, clocks, lateness, notifications, steps
from .models import WAITING_STATES, Dossier

log = logging.getLogger(__name__)


def watch(*, at: datetime) -> int:
    """Attend to every dossier whose time has come; returns how many. What fails is logged, holds up none of the
    others, and is tried again in the next minute."""
    due = Dossier.objects.filter(next_watch_at__lte=at).order_by("next_watch_at")
    return sum(attend(pk, at=at) for pk in list(due.values_list("pk", flat=True)))


def attend(pk, *, at: datetime) -> bool:
    """Do what is due for one dossier. False when it failed; the others must not suffer for it."""
    try:
        with transaction.atomic():
            locked = workflow.lock(Dossier(pk=pk))
            since = locked.next_watch_at
            if since is None or since > at:
                return True
            for reminder in _reminders(locked):
                if since <= reminder.at <= at:
                    _do(locked, reminder, at=at)
                    locked = workflow.lock(locked)
            locked.next_watch_at = min((r.at for r in _reminders(locked) if r.at > at), default=None)
            locked.save(update_fields=["next_watch_at"])
        return True
    except Exception:
        log.exception("dossier %s could not be attended to", pk)
        return False


def _reminders(dossier: Dossier) -> list[clocks.Reminder]:
    """An open case holds everything up: nothing more is said until it is closed."""
    return [] if dossier.lateness_id else steps.reminders_of(dossier, dossier.current_step, state=dossier.state)


def _do(dossier: Dossier, reminder: clocks.Reminder, *, at: datetime) -> None:
    match reminder.kind:
        case clocks.INTAKE_ALERT:
            notifications.intake_waits(dossier, at=at)
        case clocks.FORECAST | clocks.DAY_BEFORE:
            audit.record(dossier, reminder.kind, by=None, at=at, due_at=dossier.promised_at)
            notifications.forecast(dossier, at=at, kind=reminder.kind)
        case clocks.LATE:
            lateness.find_late(dossier, at=at)
        case clocks.SILENCE:
            notifications.silence_warned(dossier, day=reminder.day, at=at)
        case clocks.NOT_COME:
            notifications.visit_awaited(dossier, day=reminder.day, at=at)
        case clocks.DESK_CALLS:
            notifications.visit_missed(dossier, day=reminder.day, at=at)
        case clocks.CLOSING:
            actions.close_silent(dossier, at=at, days=reminder.day)
        case clocks.AGREED:
            actions.confirm(dossier, by=None, at=at)


def cover_absences(*, at: datetime) -> int:
    """Every step whose person is away today goes to their substitute; returns how many."""
    today, covered = at.astimezone(VIETNAM).date(), 0
    for ward in Ward.objects.filter(pk__in=Absence.objects.standing().between(today, today).values("ward")):
        away = absences_on(ward, today)
        held = Dossier.objects.open().filter(ward=ward, current_step__assignee__in=away)
        for dossier in held.exclude(state__in=WAITING_STATES).select_related("current_step"):
            step = dossier.current_step
            absence = away[step.assignee_id]
            if absence.substitute_id in {dossier.owner_id, *dossier.excluded_officers}:
                choice = assignment.owner_of_step(step.position, ward, dossier=dossier, at=at)
            else:
                choice = assignment.Choice(absence.substitute, stands_in_for=step.assignee)
            try:
                actions.cover(dossier, choice, at=at)
                covered += 1
            except workflow.IllegalMove:
                log.info("dossier %s moved on before it could be covered", dossier.pk)
    return covered


def calendar_changed(ward: Ward | None, *, at: datetime) -> None:
    """Days were added or taken away: the dossiers of the ward, or of all of them, are planned anew by the worker."""
    for office in [ward] if ward else Ward.objects.all():
        outbox.enqueue("dossiers.replan", f"{office.pk}:{at.timestamp()}", at=at, payload={"ward_id": office.pk})


def replan(ward: Ward, *, at: datetime) -> int:
    """Plan anew what has not started, by the calendar as it is now; what runs keeps its promise."""
    changed = 0
    accepted = Dossier.objects.open().filter(ward=ward, due_at__gte=at, current_step__isnull=False)
    for pk in accepted.values_list("pk", flat=True):
        with transaction.atomic():
            locked = workflow.lock(Dossier(pk=pk))
            step = locked.current_step
            if step is None or step.due_at is None or not locked.promised_at:
                continue
            steps.plan(locked, start=max(step.due_at, at), due_at=locked.promised_at)
            fields = steps.clock_fields(locked, step, state=locked.state, after=at)
            Dossier.objects.filter(pk=pk).update(at_risk_at=fields["at_risk_at"], next_watch_at=fields["next_watch_at"])
            changed += 1
    return changed
