"""What is promised with a booking, and kept later: reminders, and word of a visit that was missed.

Each is a row of the outbox under a key of its own: run twice, or long after it was due, it is said
once; never for an appointment that was moved or cancelled, and never after the visit began.
"""

from datetime import datetime, time, timedelta

from django.db import transaction

from portal.core import outbox, workflow
from portal.core.calendar import VIETNAM, WorkingCalendar, load_calendar

from . import notifications, slots
from .models import Appointment, AppointmentState

DAY, HOURS = "day", "hours"
HOURS_BEFORE = timedelta(hours=2)
SECOND_THOUGHTS = timedelta(minutes=10)  # in which a wrong mark is put right before the resident hears of it


def moments(starts_at: datetime, calendar: WorkingCalendar) -> dict[str, datetime]:
    """When to remind: as the office opens on the working day before, and two hours before."""
    day = starts_at.astimezone(VIETNAM).date()
    opening = calendar.next_opening(datetime.combine(calendar.working_day_before(day), time(), VIETNAM))
    return {DAY: opening, HOURS: starts_at - HOURS_BEFORE}


def promise(appointment: Appointment, *, at: datetime) -> None:
    """Promise the reminders that are still to come; who books for the afternoon needs none for yesterday."""
    for which, moment in moments(appointment.starts_at, load_calendar(appointment.ward)).items():
        if moment > at:
            outbox.enqueue(
                "appointments.remind",
                f"{appointment.pk}:{which}",
                at=moment,
                payload={"appointment_id": str(appointment.pk), "which": which},
            )


@transaction.atomic
def remind(appointment_id: str, which: str, *, at: datetime) -> bool:
    """Remind if there is still something to come to. True when the notice is there."""
    appointment = _still_booked(appointment_id)
    if appointment is None or at >= appointment.starts_at:
        return False
    if not slots.is_open_for(load_calendar(appointment.ward), appointment.starts_at, appointment.ends_at):
        return False  # the office is closed then: another notice says so
    notifications.reminder(appointment, which, at=at)
    return True


def promise_word_of_no_show(appointment: Appointment, *, at: datetime) -> None:
    outbox.enqueue(
        "appointments.no_show",
        f"{appointment.pk}:{at.timestamp():.0f}",
        at=at + SECOND_THOUGHTS,
        payload={"appointment_id": str(appointment.pk)},
    )


@transaction.atomic
def tell_no_show(appointment_id: str, *, at: datetime) -> bool:
    """Tell the resident, unless the mark was taken back or they have a new time already."""
    appointment = workflow.lock(Appointment(pk=appointment_id))
    if appointment.state != AppointmentState.NO_SHOW or not appointment.dossier.is_open:
        return False
    if appointment.dossier.appointments.booked().exists():
        return False
    notifications.no_show(appointment, at=at)
    return True


def _still_booked(appointment_id: str) -> Appointment | None:
    """The appointment, locked, if it is still to be kept."""
    appointment = workflow.lock(Appointment(pk=appointment_id))
    return appointment if appointment.is_booked and appointment.dossier.is_open else None
