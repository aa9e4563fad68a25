from celery import shared_task
from django.utils import timezone

from . import counting


@shared_task
def forget() -> None:
    counting.forget(at=timezone.now())
