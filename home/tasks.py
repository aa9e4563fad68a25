from celery import shared_task
from django.utils import timezone

from . import scheduling


@shared_task
def publish_scheduled() -> None:
    """Publishes what is due and takes down what has expired."""
    scheduling.publish_due(at=timezone.now())
