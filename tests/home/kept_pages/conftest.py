"""Public pages are kept, and nobody's own page ever is (assurance.md §1: six cache leaks in a year)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buildings.models import Ward
from portal.core import page_cache
from tests.clock import stopped_at
from tests.factories.people import UserFactory
from tests.home.conftest import AT

HOME, ELSEWHERE, LIST = "/viet-hung/", "/giang-bien/", "/viet-hung/thong-bao/"
ON_COMMIT = {"execute": True}

clock = stopped_at(AT)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """The embedded default: pages kept in files."""
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": tmp_path / "pages"}}


@pytest.fixture
def settled(clock):
    """What was purged a moment ago is kept again from now on."""

    def settled():
        for subject in (page_cache.FRONT, *(page_cache.ward(ward.pk) for ward in Ward.objects.all())):
            page_cache._turn_of(subject)
        clock.shift(timedelta(seconds=1))

    return settled


@pytest.fixture
def wards(viet_hung, giang_bien, announce, settled, django_capture_on_commit_callbacks):
    announce(viet_hung, "Tin cũ", days_ago=9)
    settled()
    return viet_hung, giang_bien


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def queries(address, client=None, **more):
    """Of a page that finds no kept pieces to be made from: none at all means that it is kept whole."""
    page_cache._pieces.clear()
    with CaptureQueriesContext(connection) as captured:
        response = (client or Client()).get(address, **more)
    assert response.status_code in {200, 304}
    return len(captured)


def is_kept(address, **more):
    return queries(address, **more) == 0


def show(*addresses):
    for address in addresses:
        Client().get(address)


def text(address, **more):
    return Client().get(address, **more).content.decode()


def signed_in(name):
    client = Client()
    client.force_login(UserFactory(full_name=name))
    return client


def pieces():
    return page_cache._pieces


@pytest.fixture(autouse=True)
def no_pieces():
    pieces().clear()
