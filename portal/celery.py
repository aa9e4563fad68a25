import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def make_queue_folders(**kwargs) -> None:
    """The filesystem transport expects its folders to exist."""
    from portal.core import outbox  # noqa: PLC0415 - apps are not loaded when this module is

    outbox.prepare_broker()
