"""What follows once an apology is signed, and once it has arrived."""

from django.utils import timezone

from portal.core.models import Notification
from portal.core.outbox import handles

from . import lateness
from .models import RequestLateness


@handles("requests.apology", slow=True)
def send_apology(case_id: str) -> None:
    lateness.print_apology(_case(case_id), at=timezone.now())


@handles("requests.apology_arrived")
def note_arrival(notification_id: str, how: str) -> None:
    """A channel took the apology, or its reader opened it: then, and only then, the request goes on."""
    key = Notification.objects.get(pk=notification_id).key
    lateness.process.arrive(_case(key.rpartition(":")[2]), at=timezone.now(), how=how[:200])


def _case(key: str) -> RequestLateness:
    people = ("request__building__ward", "request__reporter", "request__apartment", "request__place", "signed_by")
    return RequestLateness.objects.select_related(*people).get(pk=key)
