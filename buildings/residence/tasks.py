from celery import shared_task
from django.utils import timezone

from . import watching


@shared_task
def watch_residences() -> None:
    """Warns of leases that end, ends those that are over, erases proofs nobody needs any more."""
    watching.watch(at=timezone.now())
