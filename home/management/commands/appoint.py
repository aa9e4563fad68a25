from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from buildings.models import Building, Ward
from buildings.roles import Position
from home.staffing import appoint


class Command(BaseCommand):
    help = "Gives somebody a position: in a ward, in a building (ward/building), or over all wards. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("position", choices=Position.values)
        parser.add_argument("email")
        parser.add_argument("full_name")
        parser.add_argument("--place", default="", help="viet-hung, or viet-hung/sen-hong; none for all wards")
        parser.add_argument("--title", default="", help="as papers print it: Phó Chủ tịch")

    def handle(self, *args, position, email, full_name, place, title, **options):
        slug, _slash, building = place.partition("/")
        try:
            where = {
                "ward": Ward.objects.get(slug=slug) if slug else None,
                "building": Building.objects.select_related("ward").get(ward__slug=slug, slug=building)
                if building
                else None,
            }
            held = appoint(
                email=email,
                full_name=full_name,
                position=position,
                title=title,
                by=None,
                at=timezone.now(),
                **where,
            )
        except (Ward.DoesNotExist, Building.DoesNotExist) as error:
            raise CommandError(f"There is no {place}.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{held}: {held.building or held.ward or 'all wards'}")
