"""The dossier for a board's recognition starts from the building's page with what its book knows."""

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from buildings.models import BoardMember
from buildings.registry import boards
from services.catalogue.models import Procedure
from services.dossiers.models import Dossier
from tests.buildings.registry.conftest import AT
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, manager_of

pytestmark = pytest.mark.django_db
START = "/viet-hung/dich-vu/cong-nhan-ban-quan-tri/nop/"
Role = BoardMember.Role


@pytest.fixture
def procedure(db):
    call_command("load_procedures", verbosity=0)
    return Procedure.objects.get(code="1.012888")


@pytest.fixture
def elected(building, head):
    flats = [ApartmentFactory(building=building, number=f"030{number}") for number in range(1, 4)]
    members = [
        boards.Member("Hồ Sĩ Lâm", Role.CHAIR, flats[0]),
        boards.Member("Đinh Thị Thu", Role.DEPUTY, flats[1]),
        boards.Member("Vương Quốc Việt", Role.MEMBER),
    ]
    return boards.elect(building, members, elected_on=date(2026, 11, 8), by=head, at=AT)


def started(person, house: str = "?toa-nha=sen-hong") -> dict:
    client = Client()
    client.force_login(person)
    client.post(f"{START}{house}")
    return Dossier.objects.get(owner=person).answers


def test_the_managers_start_with_the_building_and_whom_the_owners_elected(procedure, building, elected, chair):
    assert started(chair) == {
        "pham_vi": "toa_nha",
        "ten_nha": "Chung cư Sen Hồng",
        "dia_chi": {"chi_tiet": "Số 12 phố Hoa Sữa", "phuong": "Việt Hưng", "tinh": "Hà Nội"},
        "so_can": 3,
        "ngay_hoi_nghi": "2026-11-08",
        "thanh_vien": [
            {"ho_ten": "Hồ Sĩ Lâm", "chuc_danh": "truong_ban", "can_ho": "0301"},
            {"ho_ten": "Đinh Thị Thu", "chuc_danh": "pho_ban", "can_ho": "0302"},
            {"ho_ten": "Vương Quốc Việt", "chuc_danh": "thanh_vien", "can_ho": None},
        ],
    }


def test_started_twice_it_is_one_draft(procedure, building, elected, chair):
    first = started(chair)
    assert started(chair) == first


def test_a_resident_starts_with_what_is_public(procedure, building, elected):
    owner = ResidencyFactory(apartment=building.apartments.first()).user
    assert set(started(owner)) == {"pham_vi", "ten_nha", "dia_chi", "so_can"}


def test_strangers_managers_next_door_and_unknown_houses_start_with_nothing(procedure, building, elected):
    next_door = manager_of(BuildingFactory(slug="bang-lang", name="Bằng Lăng"))
    assert started(next_door) == {}
    assert started(manager_of(building), house="?toa-nha=khong-co") == {}


def test_the_button_stands_on_the_buildings_page_of_the_board(desk, procedure, building, elected):
    shown = desk.get("/quan-ly-toa-nha/viet-hung/sen-hong/ban-quan-tri/").content.decode()
    assert f'href="{START}?toa-nha=sen-hong"' in shown
    page = desk.get(f"{START}?toa-nha=sen-hong").content.decode()
    assert "Điền sẵn từ sổ tòa nhà" in page
