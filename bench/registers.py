"""Taking 24,000 rows of the follow-up register out: `python -m bench.registers`.

Each kind of file is made in a process of its own, which has made a short one before: what grows from
there on is due to the rows. Runs on the embedded default, in a folder that is thrown away.
"""

# ruff: noqa: PLC0415 - the apps are loaded in the measured processes alone

import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

ROWS, FEW = 24_000, 600
FORMATS = ("csv", "xlsx", "pdf")
YEAR = {"tu": "2026-01-01", "den": "2026-12-31"}
FEW_DAYS = {"tu": "2026-01-05", "den": "2026-01-05"}
BEGINS = datetime(2026, 1, 4, 17, 0, tzinfo=UTC)  # midnight in Hanoi


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        run(folder, "seed")
        for format in FORMATS:
            run(folder, format)


def run(folder: str, what: str) -> None:
    environment = {
        **os.environ,
        "DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LOG_LEVEL": "ERROR",
        "DEMO": "false",
    }
    subprocess.run([sys.executable, "-m", "bench.registers", what], env=environment, check=True)


def seed() -> None:
    from django.core.management import call_command

    from tests.factories.buildings import WardFactory
    from tests.factories.dossiers import version_of
    from tests.factories.people import UserFactory
    from tests.registers.many import accept_many

    call_command("migrate", verbosity=0)
    owner = UserFactory(phone="+84912345678", address="Số 5, phố Vạn Hạnh, phường Việt Hưng, Hà Nội")
    accept_many(WardFactory(staffed=True), version_of(), owner, ROWS, at=BEGINS)


def measure(format: str) -> None:
    make(format, FEW_DAYS)
    before, peak = resident(), Peak()
    with peak:
        began = time.perf_counter()
        export = make(format, YEAR)
        took = time.perf_counter() - began
    print(
        f"{format}: {export.rows_done:,} rows, {export.size / 1e6:.1f} MB, {took:.0f} s; "
        f"{before / 1e6:.0f} MB before, {(peak.highest - before) / 1e6:+.0f} MB at the highest",
        flush=True,
    )


def make(format: str, query: dict[str, str]):
    from django.utils import timezone

    from buildings.models import Ward
    from buildings.roles import Position
    from portal.core import outbox
    from services.registers import exporting
    from tests.factories.buildings import officer

    ward = Ward.objects.get()
    clerk = officer(Position.CLERK, ward)
    export = exporting.ask("so-theo-doi", format, query, ward=ward, by=clerk, at=timezone.now())
    while export.is_being_made:
        outbox.run_all(at=timezone.now(), rounds=1)
        export.refresh_from_db()
    if export.state != "ready":
        raise RuntimeError(export.state)
    return export


class Peak:
    """The highest resident memory while the block runs, in bytes."""

    def __enter__(self) -> "Peak":
        self.highest, self._over = resident(), threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_error) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.highest = max(self.highest, resident())


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        import django

        django.setup()
        seed() if sys.argv[1] == "seed" else measure(sys.argv[1])
