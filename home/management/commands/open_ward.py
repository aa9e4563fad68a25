from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from home.tenancy.opening import WardRefused, open_ward

FACTS = {
    "name": "Việt Hưng",
    "code": "00127",
    "agency_code": "H26.004.127",
    "address": "head office",
    "phone": "hot line",
    "email": "public e-mail address",
    "office_hours": "08:00-12:00,13:00-17:00",
}


class Command(BaseCommand):
    help = "Opens a ward: its row, pages, collection, groups and workflow. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="viet-hung: the ward's address is /viet-hung/")
        for fact, hint in FACTS.items():
            parser.add_argument(f"--{fact.replace('_', '-')}", help=f"{hint}")

    def handle(self, *args, slug, **options):
        facts = {fact: options[fact] for fact in FACTS if options[fact]}
        try:
            page = open_ward(slug=slug, by=None, at=timezone.now(), **facts)
        except WardRefused as error:
            raise CommandError(f"A ward cannot have the address /{slug}/: {error}") from error
        except ValidationError as error:
            raise CommandError(
                "\n".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
            ) from error
        self.stdout.write(f"{page.ward}: /{slug}/")
