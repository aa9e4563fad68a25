import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from home.subscriptions.sending import note_bounces


class Command(BaseCommand):
    help = "Stops announcement mail to the addresses on standard input, one a line: mail to them comes back for good."

    def handle(self, *args, **options):
        self.stdout.write(f"Stopped: {note_bounces(sys.stdin, at=timezone.now())}")
