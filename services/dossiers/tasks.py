from celery import shared_task
from django.utils import timezone

from . import forgetting, watch


@shared_task
def watch_dossiers() -> None:
    watch.watch(at=timezone.now())


@shared_task
def cover_absences() -> None:
    watch.cover_absences(at=timezone.now())


@shared_task
def forget_drafts() -> None:
    forgetting.watch_drafts(at=timezone.now())
