"""A ward and its neighbour with their desks, and dossiers accepted the way people accept them."""

import csv
import gzip
import io
from datetime import timedelta

import pytest

from buildings.roles import Position
from portal.core import outbox
from services.registers import exporting
from services.registers.models import Export
from tests.clock import stopped_at
from tests.factories.buildings import WardFactory, officer
from tests.factories.dossiers import AT, DossierFactory, version_of
from tests.factories.people import UserFactory

NOW = AT + timedelta(hours=1)  # Monday 23 November 2026, 10:00 in Hanoi
YEAR = {"tu": "2026-01-01", "den": "2026-12-31"}

clock = stopped_at(NOW)


@pytest.fixture
def neighbour(db):
    return WardFactory(neighbour=True, staffed=True)


@pytest.fixture
def clerk(ward, client):
    clerk = officer(Position.CLERK, ward)
    client.force_login(clerk)
    return clerk


@pytest.fixture
def resident(db):
    return UserFactory(full_name="Nguyễn Thị Hường", phone="+84912345678", address="Số 5, phố Vạn Hạnh")


@pytest.fixture
def version(db):
    return version_of()


@pytest.fixture
def accepted(ward, resident):
    """A dossier received at the desk; with the name of a later state, what became of it."""

    def accept(state: str = "accepted", *, name: str = "Nguyễn Thị Hường", **fields):
        answers = {"ho_ten": name, "tinh_trang": "chua", "muc_dich": "Đăng ký kết hôn"}
        made = DossierFactory(**{"ward": ward, "owner": resident, "answers": answers, state: True, **fields})
        made.refresh_from_db()
        return made

    return accept


@pytest.fixture
def make(ward, clerk):
    """Ask for a file and let the worker make it."""

    def ask_and_make(format: str = "csv", what: str = "so-theo-doi", query=None, *, by=None) -> Export:
        query = query if query is not None else YEAR
        export = exporting.ask(what, format, query, ward=ward, by=by or clerk, at=NOW)
        outbox.run_all(at=NOW)
        export.refresh_from_db()
        return export

    return ask_and_make


def content(export: Export) -> bytes:
    with export.file.open() as file:
        return gzip.decompress(file.read())


def rows_of(export: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(export).decode("utf-8-sig"))))


def stored(export: Export) -> list[str]:
    """What lies in the storage of this export."""
    folder = export.file.storage.listdir("exports")[1]
    return sorted(name for name in folder if name.startswith(str(export.pk)))
