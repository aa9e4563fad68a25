from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from . import outbox


@shared_task
def run_job(job_id: int) -> None:
    outbox.run(job_id, at=timezone.now())


@shared_task
def sweep_outbox() -> None:
    outbox.sweep(at=timezone.now())


@shared_task
def clear_sessions() -> None:
    call_command("clearsessions")
