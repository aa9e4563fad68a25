from django.utils import timezone

from portal.core.outbox import handles

from . import reminders


@handles("appointments.remind")
def remind(appointment_id: str, which: str) -> None:
    reminders.remind(appointment_id, which, at=timezone.now())


@handles("appointments.no_show")
def tell_no_show(appointment_id: str) -> None:
    reminders.tell_no_show(appointment_id, at=timezone.now())
