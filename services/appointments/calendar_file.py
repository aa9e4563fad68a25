"""A visit as an entry of the resident's own calendar.

One visit keeps one UID however often its time is changed, so the calendar moves it instead of
showing two; calling it off raises the sequence once more. A visit after one that was cancelled or
missed is another.
"""

from datetime import datetime
from itertools import takewhile

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core import ical
from services.dossiers.models import Dossier

from .models import Appointment, AppointmentState

FILENAME = "lich-hen.ics"


def latest_of(dossier: Dossier) -> Appointment | None:
    """The dossier's last appointment, kept or not: what its calendar file is about."""
    return dossier.appointments.select_related("dossier__owner", "ward").order_by("-booked_at").first()


def calendar_file(appointment: Appointment, *, at: datetime) -> bytes:
    """The appointment's file in its owner's language. Like the notices, it names nothing but the dossier's code."""
    with translation.override(appointment.dossier.owner.preferred_language):
        return ical.calendar_file([event_of(appointment)], at=at)


def event_of(appointment: Appointment) -> ical.Event:
    dossier, ward = appointment.dossier, appointment.ward
    first, moves = _visit_of(appointment)
    cancelled = is_off(appointment)
    return ical.Event(
        uid=str(first.pk),
        sequence=moves + cancelled,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        summary=_("Hẹn tại Bộ phận Một cửa, %(ward)s") % {"ward": ward.shown},
        description="\n".join(
            [
                _("Hồ sơ %(code)s.") % {"code": dossier.code},
                _("Mang theo thẻ căn cước và bản chính các giấy tờ đã nộp; danh sách ở trang hồ sơ."),
                _("Đổi giờ được đến hai giờ trước buổi hẹn. Điện thoại: %(phone)s") % {"phone": ward.phone.as_national},
            ]
        ),
        location=_("Bộ phận Một cửa, %(ward)s, %(address)s") % {"ward": ward.shown, "address": ward.address},
        url=settings.PUBLIC_URL + dossier.get_absolute_url(),
        cancelled=cancelled,
        organizer=ward.email,
        organizer_name=str(ward),
    )


def is_off(appointment: Appointment) -> bool:
    """Nobody is expected any more: called off, or its dossier ended before."""
    if appointment.state == AppointmentState.BOOKED:
        return not appointment.dossier.is_open
    return appointment.state in (AppointmentState.CANCELLED, AppointmentState.MOVED)


def _visit_of(appointment: Appointment) -> tuple[Appointment, int]:
    """The row the visit began with, and how often its time was changed since."""
    earlier = appointment.dossier.appointments.filter(booked_at__lte=appointment.booked_at).exclude(pk=appointment.pk)
    moved = list(takewhile(lambda one: one.state == AppointmentState.MOVED, earlier.order_by("-booked_at")))
    return (moved[-1] if moved else appointment), len(moved)
