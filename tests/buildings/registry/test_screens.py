"""The book at the managers' desk: flats, blocks, shared places."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from buildings.models import Apartment, Block, Contact, SharedPlace
from buildings.registry.models import FlatImport
from portal.core import audit
from tests.buildings.registry.conftest import AT, flats
from tests.buildings.registry.workbooks import upload, workbook
from tests.factories.buildings import ApartmentFactory, BuildingFactory

pytestmark = pytest.mark.django_db
DESK = "/quan-ly-toa-nha/viet-hung/sen-hong"
FLATS = f"{DESK}/so-can-ho/"
PUBLIC = "/viet-hung/toa-nha/sen-hong/"


# --- Flats ---------------------------------------------------------------------------------------
def test_a_workbook_is_brought_in_seen_and_written(desk, building):
    page = desk.post(f"{FLATS}nhap/", {"file": workbook([["0301", None, 3], ["0302", None, 3]])}, follow=True)
    assert "Tệp không có lỗi" in page.content.decode()
    address = page.redirect_chain[-1][0]
    assert not building.apartments.exists()

    written = desk.post(address, follow=True)

    assert "Đã ghi: thêm 2 căn hộ, sửa 0 căn hộ." in written.content.decode()
    assert building.apartments.count() == 2
    assert "Đã ghi vào sổ" in desk.get(address).content.decode()


def test_a_workbook_with_problems_shows_them_and_offers_no_way_to_write(desk):
    page = desk.post(f"{FLATS}nhap/", {"file": workbook([["0301", None, 30]])}, follow=True).content.decode()
    assert "Chưa ghi được: tệp còn lỗi" in page
    assert "Tầng 30 ngoài khoảng 1–9." in page
    assert "Ghi vào sổ</button>" not in page


def test_no_file_and_a_wrong_file_are_answered_beside_the_field(desk):
    assert "Chọn tệp cần nhập." in desk.post(f"{FLATS}nhap/").content.decode()
    refused = desk.post(f"{FLATS}nhap/", {"file": upload(b"GIF89a")})
    assert (refused.status_code, FlatImport.objects.count()) == (400, 0)


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_the_same_of_the_database_however_many_flats(
    desk, building, count, django_assert_max_num_queries
):
    flats(building, count)
    with django_assert_max_num_queries(14):
        shown = desk.get(FLATS)
    assert shown.context["page"].paginator.count == count


def test_two_thousand_flats_are_paged_and_searched(desk, building):
    block = Block.objects.create(building=building, name="A")
    flats(building, 120)
    Apartment.objects.create(building=building, block=block, floor=3, number="A-0301", owner_name="Nguyễn Văn Đạt")
    assert len(desk.get(FLATS).context["page"].object_list) == 50

    def found(query):
        return [flat.number for flat in desk.get(f"{FLATS}?{query}").context["page"].object_list]

    assert found("q=dat nguyen") == ["A-0301"]
    assert found("q=a-03") == ["A-0301"]
    assert found("khoi=A") == ["A-0301"]
    assert found("khoi=Z&tang=x&q=0119") == ["0119"]
    assert found("tang=12") == [f"01{number}" for number in range(10, 20)]


def test_a_flat_is_added_and_changed_by_hand(desk, building):
    wrong = desk.post(f"{FLATS}them/", {"number": "0301", "floor": 40, "kind": "home"})
    assert "Tầng từ 1 đến 9." in wrong.content.decode()
    desk.post(f"{FLATS}them/", {"number": "0301", "floor": 3, "kind": "home", "area": "75.5"})
    flat = building.apartments.get()
    assert (
        "Căn hộ này đã có trong sổ."
        in desk.post(f"{FLATS}them/", {"number": "0301", "floor": 3, "kind": "home"}).content.decode()
    )
    desk.post(f"{FLATS}{flat.pk}/", {"number": "0301", "floor": 4, "kind": "shop"})
    flat.refresh_from_db()
    assert (flat.floor, flat.kind) == (4, "shop")
    assert [event.action for event in audit.history_of(building)] == ["add_flat", "change_flat"]


def test_the_fee_of_a_flat_follows_from_its_area_and_the_price(desk, building):
    ApartmentFactory(building=building, area="75.50")
    building.service_fee = 7000
    building.save()
    assert "528.500 đồng" in desk.get(FLATS).content.decode()


def test_the_book_goes_out_as_a_workbook_and_that_is_recorded(desk, building, head):
    ApartmentFactory(building=building, number="0301", owner_name="Nguyễn Văn A")
    sheet = load_workbook(io.BytesIO(desk.post(f"{FLATS}tai-ve.xlsx").content)).active
    assert [cell.value for cell in sheet[2]][0] == "0301"
    last = audit.history_of(building).last()
    assert (last.action, last.actor_id) == ("export_flats", head.pk)


def test_the_boards_chair_reads_the_book_and_does_not_write_it(building, chair):
    client = Client()
    client.force_login(chair)
    assert client.get(FLATS).status_code == 200
    assert client.get(f"{FLATS}nhap/").status_code == 404
    assert "Nhập từ Excel" not in client.get(FLATS).content.decode()


# --- Lists kept by hand --------------------------------------------------------------------------
def test_shared_places_are_added_renamed_and_closed_never_deleted(desk, building):
    desk.post(f"{DESK}/noi-dung-chung/them/", {"kind": "lift", "name": "Thang máy 1"})
    place = SharedPlace.objects.get()
    twice = desk.post(f"{DESK}/noi-dung-chung/them/", {"kind": "lift", "name": "thang máy 1"})
    assert "Tên này đã có trong tòa nhà." in twice.content.decode()
    high = desk.post(f"{DESK}/noi-dung-chung/them/", {"kind": "lift", "name": "X", "floor": 50})
    assert "Tòa nhà có 9 tầng; tầng hầm ghi số âm, ví dụ -1." in high.content.decode()

    desk.post(f"{DESK}/noi-dung-chung/{place.pk}/", {"kind": "lift", "name": "Thang máy số 1"})
    assert place.code in desk.get(f"{DESK}/noi-dung-chung/").content.decode()  # as its poster says it
    code = place.code
    place.refresh_from_db()
    assert (place.name, place.code) == ("Thang máy số 1", code)

    desk.post(f"{DESK}/noi-dung-chung/{place.pk}/bo/")
    place.refresh_from_db()
    assert place.closed_at == AT
    assert desk.get(f"{DESK}/noi-dung-chung/{place.pk}/").status_code == 404


def test_a_block_with_flats_stays(desk, building):
    block = Block.objects.create(building=building, name="A")
    flat = ApartmentFactory(building=building, block=block)
    kept = desk.post(f"{DESK}/khoi/{block.pk}/bo/", follow=True).content.decode()
    assert "Khối A còn căn hộ nên không bỏ được." in kept
    flat.delete()
    desk.post(f"{DESK}/khoi/{block.pk}/bo/")
    assert not building.blocks.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_the_same_of_the_database_however_many_rows(desk, building, count, django_assert_max_num_queries):
    for number in range(count):
        Contact.objects.create(building=building, kind="security", name=f"Chốt {number}", phone="+842438271234")
    with django_assert_max_num_queries(12):
        assert len(desk.get(f"{DESK}/lien-he/").context["rows"]) == count


def test_rows_of_another_building_are_not_there(desk):
    other = Contact.objects.create(
        building=BuildingFactory(slug="bang-lang", name="Bằng Lăng"),
        kind="security",
        name="Bảo vệ",
        phone="+842438271234",
    )
    assert desk.post(f"{DESK}/lien-he/{other.pk}/bo/").status_code == 404
    assert Contact.objects.filter(pk=other.pk).exists()


def test_a_building_is_no_lower_than_its_highest_flat(desk, building):
    ApartmentFactory(building=building, floor=8)
    low = desk.post(f"{DESK}/thong-tin/", {"floors": 7, "several_owners": "on"})
    assert "Trong sổ có căn hộ ở tầng 8." in low.content.decode()
    desk.post(f"{DESK}/thong-tin/", {"floors": 12, "several_owners": "on", "service_fee": 7500})
    building.refresh_from_db()
    assert (building.floors, building.service_fee) == (12, 7500)
