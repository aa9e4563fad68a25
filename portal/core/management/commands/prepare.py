import hashlib
import io
import subprocess
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portal.core import upgrading


class Command(BaseCommand):
    help = "Bring database, translations and static files up to date with the code. What is unchanged is skipped."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--demo", action="store_true", help="also load the demo data and print its logins as JSON")

    def handle(self, *, demo: bool, **options) -> None:
        if migrations_are_pending():
            self.say("Creating or upgrading the database")
            call_command("migrate", interactive=False, verbosity=0)
        for catalogue in stale_catalogues():
            self.say(f"Compiling {catalogue.relative_to(settings.BASE_DIR)}")
            compile_catalogue(catalogue)
        upgrading.run(at=timezone.now(), say=self.say)
        if not settings.WHITENOISE_USE_FINDERS:
            self.collect_static_files()
        if demo:
            logins = io.StringIO()
            self.say("Demo data")
            call_command("demo", json=True, stdout=logins)
            self.stdout.write(logins.getvalue())

    def collect_static_files(self) -> None:
        collected = settings.DATA_DIR / "static.digest"
        digest = static_digest()
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if manifest.exists() and collected.exists() and collected.read_text() == digest:
            return
        self.say("Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        collected.write_text(digest)

    def say(self, text: str) -> None:
        """Progress goes to stderr: stdout carries the logins alone."""
        self.stderr.write(text, style_func=str)


def migrations_are_pending() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def stale_catalogues() -> list[Path]:
    """Translation files that are newer than what was compiled from them."""
    sources = [source for folder in settings.LOCALE_PATHS for source in Path(folder).glob("*/LC_MESSAGES/*.po")]
    return [
        source
        for source in sources
        if not (compiled := source.with_suffix(".mo")).exists() or compiled.stat().st_mtime < source.stat().st_mtime
    ]


def compile_catalogue(source: Path) -> None:
    done = subprocess.run(  # noqa: S603 - fixed program, our own file
        ["msgfmt", "--check-format", "-o", source.with_suffix(".mo"), source],  # noqa: S607 - found on the path
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{source} cannot be compiled: {done.stderr.strip()}")


def static_digest() -> str:
    """Changes whenever a static file of ours or of a package is added, removed or changed."""
    facts = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            facts.update(f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}\n".encode())
    return facts.hexdigest()
