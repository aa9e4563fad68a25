from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from buildings.models import Reorganisation
from home.tenancy.carrying_out import carry_out
from services.dossiers.assignment import NobodyToOwn


class Command(BaseCommand):
    help = "Goes on with a confirmed reorganisation of wards, here and now. Safe to repeat, or to interrupt."

    def add_arguments(self, parser):
        parser.add_argument("plan", type=int, help="its number, as in its address")

    def handle(self, *args, plan, **options):
        found = Reorganisation.objects.filter(pk=plan).first()
        if found is None or not found.confirmed_at:
            raise CommandError(f"There is no confirmed reorganisation {plan}.")
        try:
            carry_out(plan, clock=timezone.now)
        except NobodyToOwn as error:
            raise CommandError(
                f"A dossier has nobody to go to: {error}. Fill the position, then run this again."
            ) from error
        found.refresh_from_db()
        self.stdout.write(f"{found}: {'done' if found.done_at else f'not before {found.effective_on}'}")
