from celery import shared_task
from django.utils import timezone

from .actions import end_what_is_over


@shared_task
def end_notices() -> None:
    end_what_is_over(at=timezone.now())
