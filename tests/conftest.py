import uuid

import pytest
from django.core.cache import cache
from django.core.files.storage import storages

from buildings.roles import DESK_POSITIONS
from portal.core import outbox
from portal.core.management.commands import prepare
from tests.factories.buildings import WardFactory, officer
from tests.factories.people import UserFactory


def pytest_configure(config):
    """A clean clone has no compiled translations, and tests speak both languages."""
    if not hasattr(config, "workerinput"):  # once, before the workers start
        for catalogue in prepare.stale_catalogues():
            prepare.compile_catalogue(catalogue)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Journeys last: Playwright leaves a running loop in its thread, and whatever signs after it is refused one."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path, monkeypatch):
    """Files and pictures of a test lie in its own folder; in the second run, in its own corner of the bucket."""
    private = storages["private"].inner
    if settings.S3_BUCKET:
        corner = uuid.uuid4().hex
        monkeypatch.setattr(private, "location", f"{corner}/private")
        monkeypatch.setattr(storages["default"], "location", f"{corner}/media")
    else:
        settings.MEDIA_ROOT = tmp_path / "media"
        # The fields of models hold this storage since they were made: it moves, rather than another taking its place.
        monkeypatch.setattr(private, "_location", str(tmp_path / "private"))
        private.__dict__.pop("base_location", None)
        private.__dict__.pop("location", None)


@pytest.fixture(autouse=True)
def cold_cache():
    """Sites by their keys, tries, what was noted this hour: a process's tests share a cache, and begin with none of it."""
    cache.clear()


@pytest.fixture(autouse=True)
def quiet_broker(request, monkeypatch):
    """Tests keep promises themselves with `outbox.run_all`; no broker is asked unless a test is about it."""
    if not request.node.get_closest_marker("broker"):
        monkeypatch.setattr(outbox, "hint", lambda job_id: True)


# --- Who most rooms' tests are about; a room with people of its own has fixtures of the same names ---------------
@pytest.fixture
def ward(db):
    return WardFactory(staffed=True)


@pytest.fixture
def resident(db):
    return UserFactory(full_name="Nguyễn Thị Hường")


@pytest.fixture
def officers(ward):
    """position → the one officer who holds it in the ward."""
    return {position.value: officer(position, ward) for position in DESK_POSITIONS}
