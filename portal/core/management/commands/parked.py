from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.core import outbox
from portal.core.models import Job


class Command(BaseCommand):
    help = "Shows promised work that was given up after too many failures; with --again it is begun anew."

    def add_arguments(self, parser):
        parser.add_argument(
            "--again", nargs="*", metavar="KIND", help="begin these kinds anew, all of them when none is named"
        )

    def handle(self, *args, again, **options):
        parked = Job.objects.filter(state=Job.State.PARKED).order_by("kind", "pk")
        if again is None:
            for job in parked.iterator():
                promised = timezone.localtime(job.created_at)
                error = job.last_error.partition("\n")[0]
                self.stdout.write(f"{job.key}  promised {promised:%Y-%m-%d %H:%M}, {job.attempts} tries  {error}")
        else:
            begun = outbox.begin_anew(parked.filter(kind__in=again) if again else parked, at=timezone.now())
            self.stdout.write(f"{begun} begun anew")
