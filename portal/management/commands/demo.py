import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import loading, people


class Command(BaseCommand):
    help = "Load the demo data (what is there stays) and print the demo logins."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="print the logins as JSON")

    def handle(self, *, json: bool, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data has known passwords: set DEMO=true to load it, never in production.")
        loading.load(progress=lambda text: self.stderr.write(text, style_func=str))
        self.stdout.write(as_json() if json else as_table())


def as_json() -> str:
    return json.dumps({"base_url": settings.PUBLIC_URL, "accounts": people.accounts()}, ensure_ascii=False)


def as_table() -> str:
    rows = people.accounts()
    return "\n".join(f"{row['role']:18} {row['ward'] or '-':13} {row['login']:34} {row['password']}" for row in rows)
