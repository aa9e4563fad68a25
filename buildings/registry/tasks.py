from celery import shared_task
from django.utils import timezone

from . import boards, importing


@shared_task
def watch_boards() -> None:
    """Tells whose board nears the end of its three years."""
    boards.watch(at=timezone.now())


@shared_task
def forget_imports() -> None:
    importing.forget(at=timezone.now())
