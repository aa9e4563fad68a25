from celery import shared_task
from django.utils import timezone

from . import watching


@shared_task
def watch_appointments() -> None:
    """Calls off what has lost its dossier; tells whoever would find the office closed."""
    watching.watch(at=timezone.now())
