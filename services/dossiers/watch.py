"""What time alone brings about: alerts, alarms, lateness, closing, agreement by silence, substitutes.

`next_watch_at` of a dossier is the first instant at which something is to be done about it; beat
calls `watch` every minute. Each reminder is given once: it lies between the instant stored and now,
and the next one stored lies after now. Beat run twice finds nothing; beat dead for a day makes up
for it; a clock set back only waits.

Dossiers are attended to many at a time, each behind a savepoint of its own: what is read for all of
them is read once, and their notices are written together. A watch has its turn; what is left then
waits in the outbox behind the other work.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from buildings.absences import absences_on
from buildings.models import Absence, Ward
from portal.core import audit, outbox, workflow
from portal.core.calendar import VIETNAM, load_calendar
from portal.core.models import Job
from portal.core.notifications import gathered
from services.catalogue.models import ProcedureVersion

from . import actions, assignment, clocks, lateness, notifications, steps
from .models import Dossier

log = logging.getLogger(__name__)

TURN = timedelta(seconds=15)  # what other work waits for at most, give or take one bundle
TOGETHER = 100  # dossiers locked, attended to and committed as one
REST = "dossiers.watch_rest"
MOVES_ON = {clocks.CLOSING, clocks.AGREED}  # reminders after which the dossier is another one

Place = tuple[datetime, UUID]  # of a dossier among those to be watched


def watch(*, at: datetime, after: Place | None = None, turn: timedelta = TURN) -> int:
    """Attend to the dossiers whose time has come, those beyond `after` if it is given, until the turn is over;
    returns how many. What fails is logged, holds up none of the others, and is tried again in the next minute."""
    ends, attended = time.monotonic() + turn.total_seconds(), 0
    due = Dossier.objects.filter(next_watch_at__lte=at).order_by("next_watch_at", "pk")
    if after:
        due = due.filter(Q(next_watch_at__gt=after[0]) | Q(next_watch_at=after[0], pk__gt=after[1]))
    places: list[Place] = [(when, key) for when, key in due.values_list("next_watch_at", "pk") if when]
    for bundle in _bundles(places):
        attended += _attend_together([pk for _when, pk in bundle], at=at)
        if time.monotonic() >= ends and bundle[-1] != places[-1]:
            _promise_rest(bundle[-1], at=at)
            break
    return attended


def _promise_rest(after: Place, *, at: datetime) -> None:
    """One promise at a time: beat's own watches do not add up."""
    if not Job.objects.filter(kind=REST, state=Job.State.WAITING, leased_until=None).exists():
        payload = {"after": [after[0].isoformat(), str(after[1])]}
        outbox.enqueue(REST, f"{at.isoformat()}:{after[1]}", at=at, payload=payload)


def _bundles(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    return (places[first : first + TOGETHER] for first in range(0, len(places), TOGETHER))


def _attend_together(keys: Sequence[UUID], *, at: datetime) -> int:
    """Attend to these in one transaction; where that cannot be committed, to each in its own."""
    try:
        with transaction.atomic(), gathered():
            return sum(_attend_apart(locked, at=at) for locked in _locked(keys))
    except Exception:
        log.exception("%s dossiers could not be attended to together", len(keys))
        return sum(attend(key, at=at) for key in keys)


def attend(pk: UUID, *, at: datetime) -> bool:
    """Do what is due for one dossier. False when it failed; the others must not suffer for it."""
    try:
        with transaction.atomic(), gathered():
            for locked in _locked([pk]):
                _attend(locked, at=at)
        return True
    except Exception:
        log.exception("dossier %s could not be attended to", pk)
        return False


def _locked(keys: Sequence[UUID]) -> list[Dossier]:
    """These dossiers, locked, with what reminders are made of. What somebody is working on now is left to the
    next watch; what is of the ward or the procedure is read once for all of them."""
    rows = Dossier._base_manager.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys)
    rows = rows.select_related("owner", "current_step__assignee").prefetch_related("latenesses")
    found = list(rows.order_by("next_watch_at", "pk"))
    wards = Ward.objects.in_bulk({dossier.ward_id for dossier in found})
    versions = ProcedureVersion.objects.in_bulk({dossier.version_id for dossier in found})
    calendars = {pk: load_calendar(ward) for pk, ward in wards.items()}
    for dossier in found:
        dossier.ward, dossier.version = wards[dossier.ward_id], versions[dossier.version_id]
        dossier.__dict__["calendar"] = calendars[dossier.ward_id]
    return found


def _attend_apart(locked: Dossier, *, at: datetime) -> bool:
    """One of a bundle: what it wrote and said falls with it, and with nothing else."""
    try:
        with transaction.atomic(), gathered():
            _attend(locked, at=at)
        return True
    except Exception:
        log.exception("dossier %s could not be attended to", locked.pk)
        return False


def _attend(locked: Dossier, *, at: datetime) -> None:
    since = locked.next_watch_at
    if since is None or since > at:
        return
    for reminder in _reminders(locked):
        if since <= reminder.at <= at:
            _do(locked, reminder, at=at)
            if reminder.kind in MOVES_ON:
                locked = workflow.lock(locked)
    following = min((r.at for r in _reminders(locked) if r.at > at), default=None)
    if locked.next_watch_at != following:
        locked.next_watch_at = following
        locked.save(update_fields=["next_watch_at"])


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
            lateness.note_late(dossier, at=at)
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
        held = Dossier.objects.in_hand().filter(ward=ward, current_step__assignee__in=away)
        for dossier in held.select_related("current_step"):
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
