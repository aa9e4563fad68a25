"""What time alone brings about: lateness, reminders, the day that brings a request back, agreement by silence.

`next_watch_at` of a request is the first instant at which something is to be done about it; beat calls `watch` every
minute. Each thing is done once: it lies between the instant stored and now, and the next one stored lies after now.
Beat run twice finds nothing; beat dead for a day makes up for it; a clock set back only waits.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal.core import workflow
from portal.core.notifications import gathered

from . import actions, clocks, lateness, notifications
from .actions.moving import calendar_of
from .models import BuildingRequest
from .rules import limits

log = logging.getLogger(__name__)

A_TURN = 500  # requests; what is left waits for the next minute
MOVES_ON = {clocks.BACK, clocks.SILENCE}  # after these the request is another one


def watch(*, at: datetime, limit: int = A_TURN) -> int:
    """Attend to the requests whose time has come; returns how many. What fails is logged and holds up no other."""
    due = BuildingRequest.objects.filter(next_watch_at__lte=at).order_by("next_watch_at", "pk")
    return sum(attend(pk, at=at) for pk in list(due.values_list("pk", flat=True)[:limit]))


def attend(pk: UUID, *, at: datetime) -> bool:
    """Do what is due for one request. False when it failed; what somebody is working on now is left to the next
    watch."""
    try:
        with transaction.atomic(), gathered():
            rows = BuildingRequest._base_manager.select_for_update(of=("self",), skip_locked=True)
            locked = rows.select_related("building__ward", "answerable", "reporter").filter(pk=pk).first()
            if locked is not None:
                _attend(locked, at=at)
        return True
    except Exception:
        log.exception("request %s could not be attended to", pk)
        return False


def _attend(locked: BuildingRequest, *, at: datetime) -> None:
    since = locked.next_watch_at
    if since is None or since > at:
        return
    calendar, seen = calendar_of(locked), set[clocks.Reminder]()
    while pending := [
        reminder
        for reminder in clocks.reminders(locked, calendar, limits())
        if since <= reminder.at <= at and reminder not in seen
    ]:
        _do(locked, pending[0], at=at)
        seen.add(pending[0])
        if pending[0].kind in MOVES_ON:
            locked = workflow.lock(locked)
    following = clocks.next_watch(locked, calendar, limits(), after=at)
    if locked.next_watch_at != following:
        locked.next_watch_at = following
        locked.save(update_fields=["next_watch_at"])


def _do(request: BuildingRequest, reminder: clocks.Reminder, *, at: datetime) -> None:
    match reminder.kind:
        case clocks.DUE_SOON if request.next_due_at and request.next_due_at >= at:
            notifications.due_soon(request, at=at)
        case clocks.LATE:
            lateness.note_late(request, at=at)
        case clocks.BACK:
            actions.bring_back(request, at=at)
        case clocks.SILENCE_WARNING:
            notifications.silence_warned(request, day=reminder.day, at=at)
        case clocks.SILENCE:
            actions.confirm(request, by=None, at=at)
