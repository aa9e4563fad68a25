from celery import shared_task
from django.utils import timezone

from . import actions, sending


@shared_task
def promise_digest() -> None:
    sending.promise_digest(at=timezone.now())


@shared_task
def forget() -> None:
    actions.forget(at=timezone.now())
