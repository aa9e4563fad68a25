from django.core.management.base import BaseCommand
from django.utils import timezone

from home import scheduling


class Command(BaseCommand):
    help = "Publishes what is due and takes down what has expired; the worker does it every minute."

    def handle(self, *args, **options):
        scheduling.publish_due(at=timezone.now())
