from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled() -> None:
    """Publishes what is due and takes down what has expired."""
    call_command("publish_scheduled")
