from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from . import outbox
from .files import sweeping


@shared_task
def run_job(job_id: int) -> None:
    outbox.run(job_id, at=timezone.now())


@shared_task
def sweep_outbox() -> None:
    outbox.sweep(at=timezone.now())


@shared_task
def forget_jobs() -> None:
    outbox.forget(at=timezone.now())


@shared_task
def sweep_files() -> None:
    sweeping.sweep(at=timezone.now())


@shared_task
def clear_sessions() -> None:
    call_command("clearsessions")
