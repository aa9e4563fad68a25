import tomllib
from datetime import date
from pathlib import Path

import holidays
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.core.models import CalendarDay

CORRECTIONS = Path(__file__).resolve().parents[2] / "data" / "calendar.toml"


class Command(BaseCommand):
    help = "Enter public holidays and swapped working days. Rows changed by hand stay as they are."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--from", dest="first", type=int, default=2024, metavar="YEAR")
        parser.add_argument("--to", dest="last", type=int, default=2028, metavar="YEAR")

    def handle(self, *, first: int, last: int, **options) -> None:
        if first > last:
            raise CommandError("--from must not be later than --to")
        days = known_days(first, last)
        with transaction.atomic():
            kept = set(CalendarDay.objects.filter(ward_code="", edited=True).values_list("date", flat=True))
            CalendarDay.objects.bulk_create(
                [CalendarDay(date=day, ward_code="", **facts) for day, facts in days.items() if day not in kept],
                update_conflicts=True,
                unique_fields=["date", "ward_code"],
                update_fields=["kind", "note", "source"],
            )
        kept &= days.keys()
        if options["verbosity"]:
            self.stdout.write(f"{len(days) - len(kept)} days entered, {len(kept)} changed by hand and kept")


def known_days(first: int, last: int) -> dict[date, dict[str, str]]:
    """What is known of the years from `first` to `last`: date → kind, note and source."""
    corrections = tomllib.loads(CORRECTIONS.read_text())
    public = holidays.country_holidays("VN", years=range(first, last + 1), language="vi")
    source = f"holidays {holidays.__version__}"
    days = {day: {"kind": "closed", "note": name, "source": source} for day, name in public.items()}
    for day in public.weekend_workdays:
        if first <= day.year <= last:
            days[day] = {"kind": "working", "note": "Ngày làm bù", "source": source}
    for day, facts in days.items():
        if day.year > corrections["official_through"]:
            facts["note"] += " (dự kiến, chờ phương án nghỉ chính thức)"
    for row in corrections["day"]:
        if first <= row["date"].year <= last:
            days[row.pop("date")] = row
    return {day: days[day] for day in sorted(days)}
