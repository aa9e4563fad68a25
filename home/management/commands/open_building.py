from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from buildings.models import Building, Ward
from buildings.staffing import open_building


class Command(BaseCommand):
    help = "Opens a building in a ward, as yet without flats: its managers bring them as a workbook. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("place", help="viet-hung/sen-hong")
        parser.add_argument("--name", required=True, help="Chung cư Sen Hồng")
        parser.add_argument("--address", required=True)
        parser.add_argument("--floors", required=True, type=int)

    def handle(self, *args, place, name, address, floors, **options):
        ward_slug, _slash, slug = place.partition("/")
        ward = Ward.objects.filter(slug=ward_slug).first()
        if ward is None:
            raise CommandError(f"There is no ward {ward_slug}.")
        building = Building.objects.filter(ward=ward, slug=slug).first()
        try:
            building = building or open_building(
                ward, by=None, at=timezone.now(), slug=slug, name=name, address=address, floors=floors
            )
        except ValidationError as error:
            raise CommandError(
                "\n".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
            ) from error
        self.stdout.write(f"{building}: {building.get_absolute_url()}")
