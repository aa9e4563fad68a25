"""What happens around an appointment without anybody touching it: the dossier ends, the calendar changes."""

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from buildings.models import Ward
from portal.core import workflow
from portal.core.calendar import load_calendar
from services.dossiers.models import ENDED_STATES

from . import booking, notifications
from .models import Appointment, AppointmentState


def watch(*, at: datetime) -> None:
    """Run by beat; run twice, or late, it says nothing twice."""
    call_off_ended(at=at)
    for ward in Ward.objects.filter(appointments__in=_ahead(at)).distinct():
        for appointment in stranded(ward, at=at):
            notifications.stranded(appointment, at=at)


def call_off_ended(*, at: datetime) -> int:
    """Give back the time of dossiers that were withdrawn, refused or closed: their end was told already."""
    called_off = 0
    for appointment in list(_ahead(at).filter(dossier__state__in=ENDED_STATES)):
        try:
            booking.cancel(appointment, by=None, at=at, note=_("Hồ sơ đã kết thúc."))
        except (workflow.IllegalMove, PermissionDenied):
            continue  # somebody was quicker
        called_off += 1
    return called_off


def stranded(ward: Ward, *, at: datetime) -> list[Appointment]:
    """What the ward has promised for a time at which its calendar now says it is closed."""
    return list(_stranded(ward, at))


def _stranded(ward: Ward, at: datetime) -> Iterator[Appointment]:
    calendar = load_calendar(ward)
    booked = _ahead(at).booked().filter(ward=ward).select_related("ward", "dossier__owner")
    for appointment in booked.defer("dossier__answers"):
        if booking.is_stranded(appointment, calendar):
            yield appointment


def _ahead(at: datetime):
    return Appointment.objects.filter(state=AppointmentState.BOOKED, starts_at__gt=at)
