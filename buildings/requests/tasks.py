from celery import shared_task
from django.utils import timezone

from . import forgetting, photos, watch


@shared_task
def watch_requests() -> None:
    watch.watch(at=timezone.now())


@shared_task
def forget_photos() -> None:
    photos.forget(at=timezone.now())


@shared_task
def forget_requests() -> None:
    forgetting.forget(at=timezone.now())
