"""The managers' desk with ten requests and with a hundred thousand, in one process: `python -m bench.flat`.

Measured is the least processor time of a request among many, which other work on the machine hardly changes; with
the queries and, on PostgreSQL (`python deploy/throwaway_servers.py python -m bench.flat`), the pages these read.
It needs no demo: one building, its manager and a resident are enough.
"""

# ruff: noqa: PLC0415 - the apps are loaded after the environment is set

import os
import shutil
import tempfile
import time

RUNS = 25


def main() -> None:
    folder = tempfile.mkdtemp(prefix="portal-flat-")
    os.environ.update(DATA_DIR=folder, DEMO="false", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    try:
        import django

        django.setup()
        measure()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure() -> None:
    """Prints a row a page and number of requests."""
    from django.core.management import call_command
    from django.db import connection

    from . import managers
    from .people import browser, queries_of

    call_command("prepare", verbosity=0)
    building, manager = _a_building()
    client = browser(manager)
    print("| Page | Requests | Least processor time, ms | Queries | Pages read |\n|---|---|---|---|---|")
    for number, open_ones in zip(managers.SIZES, managers.OPEN, strict=True):
        managers.seed(building, number, open_ones)
        for name, path in managers.addresses(building).items():
            queries = queries_of(path, manager)
            least = min(_processor_ms(client, path) for _run in range(RUNS))
            pages = _pages_read(client, path) if connection.vendor == "postgresql" else ""
            print(f"| {name} | {number:,} | {least:.1f} | {queries} | {pages} |", flush=True)


def _a_building():
    from django.utils import timezone

    from buildings.models import Building
    from buildings.roles import Position
    from tests.factories.buildings import WardFactory
    from tests.factories.people import UserFactory

    ward = WardFactory()
    building = Building.objects.create(ward=ward, slug="bang-lang", name="Bằng Lăng", address="Phố Hoa Sữa", floors=9)
    UserFactory(email="cong-dan@viet-hung.example")
    manager = UserFactory(email="toa-nha@viet-hung.example")
    manager.memberships.create(
        position=Position.BUILDING_MANAGER, ward=ward, building=building, began_at=timezone.now()
    )
    return building, manager


def _processor_ms(client, path: str) -> float:
    began = time.process_time()
    if client.get(path).status_code != 200:
        raise RuntimeError(path)
    return 1000 * (time.process_time() - began)


def _pages_read(client, path: str) -> int:
    from .years import asks

    return asks(lambda: client.get(path))["pages"]


if __name__ == "__main__":
    main()
