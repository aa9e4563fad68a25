from celery import shared_task
from django.utils import timezone

from . import mass_reading


@shared_task
def watch_reading() -> None:
    mass_reading.watch(at=timezone.now())
