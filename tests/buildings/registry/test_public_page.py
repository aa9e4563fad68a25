"""What everybody reads of a building."""

from datetime import date

import pytest

from buildings.models import Contact
from tests.buildings.registry.conftest import board
from tests.factories.buildings import ApartmentFactory, BuildingFactory

pytestmark = pytest.mark.django_db
DESK = "/quan-ly-toa-nha/viet-hung/sen-hong"
FLATS = f"{DESK}/so-can-ho/"
PUBLIC = "/viet-hung/toa-nha/sen-hong/"


@pytest.fixture
def furnished(building, sen_hong):
    Contact.objects.create(
        building=building, kind="technical", name="Trực kỹ thuật", hours="24/7", phone="+842438271299"
    )
    board(building, decided=date(2025, 6, 1))
    ApartmentFactory(building=building, owner_name="Chủ Kín Tiếng", owner_phone="0900 000 009")
    building.service_fee = 7000
    building.save()
    return building


def test_everybody_reads_whom_to_call_who_runs_it_and_who_represents_it(client, furnished):
    shown = client.get(PUBLIC).content.decode()
    for words in ("Trực kỹ thuật", "tel:+84-24-3827-1299", "Công ty Sen Hồng", "Hồ Sĩ Lâm", "45/QĐ-UBND", "01/06/2028"):
        assert words in shown
    assert "7.000 đồng" in shown
    assert "Chủ Kín Tiếng" not in shown
    assert "0900 000 009" not in shown


def test_who_was_elected_is_public_only_once_recognised(client, building):
    board(building)
    assert "Hồ Sĩ Lâm" not in client.get(PUBLIC).content.decode()


def test_the_page_is_kept_and_made_anew_when_something_on_it_changes(
    client, furnished, clock, settings, tmp_path, django_assert_num_queries, django_capture_on_commit_callbacks
):
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": tmp_path / "pages"}}
    client.get(PUBLIC)
    clock.shift(2)
    client.get(PUBLIC)
    with django_assert_num_queries(0):
        assert "Trực kỹ thuật" in client.get(PUBLIC).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        contact = furnished.contacts.get()
        contact.name = "Kỹ thuật đêm"
        contact.save()
    assert "Kỹ thuật đêm" in client.get(PUBLIC).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_a_wards_buildings_are_listed_with_the_same_queries(client, building, count, django_assert_max_num_queries):
    for number in range(count - 1):
        BuildingFactory(slug=f"nha-{number}", name=f"Nhà {number}")
    with django_assert_max_num_queries(10):
        shown = client.get("/viet-hung/toa-nha/")
    assert len(shown.context["buildings"]) == count


def test_no_building_and_no_ward_of_that_name(client, building):
    assert client.get("/viet-hung/toa-nha/khong-co/").status_code == 404
    assert client.get("/khong-co/toa-nha/").status_code == 404
