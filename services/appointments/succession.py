"""A visit follows its dossier to the ward that takes over: at the same time if that ward has room for it."""

from datetime import datetime

from django.db import transaction

from buildings.models import Ward
from portal.core import audit, workflow
from portal.core.calendar import load_calendar
from services.dossiers.models import Dossier

from . import notifications, reminders, slots
from . import transitions as moves
from .models import Appointment, AppointmentState, VisitHours


@transaction.atomic
def follow(dossier: Dossier, *, at: datetime) -> Appointment | None:
    """Move what is still to be kept to the dossier's ward, or call it off; the resident is told either way.

    Like any other change it is another row. Returns the new one; None when there is nothing to move, or
    the ward has no room at that time.
    """
    ahead = Appointment.objects.filter(dossier=dossier, state=AppointmentState.BOOKED, starts_at__gt=at)
    before = ahead.exclude(ward=dossier.ward_id).first()
    if before is None:
        return None
    list(Ward.objects.select_for_update(no_key=True).filter(pk=dossier.ward_id).values_list("pk"))
    locked = workflow.lock(before)
    counter = _free_counter(dossier.ward, locked)
    decided = {"decided_by": None, "decided_at": at}
    if counter is None:
        workflow.apply(locked, moves.CANCEL, by=None, at=at, set=decided)
        notifications.no_room_elsewhere(locked, dossier.ward, at=at)
        return None
    workflow.apply(locked, moves.MOVE, by=None, at=at, set=decided)
    made = Appointment.objects.create(
        dossier=dossier,
        ward=dossier.ward,
        starts_at=locked.starts_at,
        ends_at=locked.ends_at,
        counter=counter,
        booked_by=locked.booked_by,
        booked_at=at,
        note=locked.note,
    )
    audit.record(
        made,
        "book",
        by=None,
        at=at,
        public=True,
        starts_at=made.starts_at,
        instead_of=str(locked.pk),
        ward=str(made.ward),
    )
    notifications.place_changed(made, at=at)
    reminders.promise(made, at=at)
    return made


def _free_counter(ward: Ward, appointment: Appointment) -> int | None:
    if not slots.is_open_for(load_calendar(ward), appointment.starts_at, appointment.ends_at):
        return None
    meanwhile = Appointment.objects.filter(ward=ward).holding().between(appointment.starts_at, appointment.ends_at)
    busy = set(meanwhile.values_list("counter", flat=True))
    return next((number for number in range(1, VisitHours.of(ward).counters + 1) if number not in busy), None)
