"""The book at the managers' desk, and what the public reads of a building."""

import io
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook

from buildings.models import Apartment, Block, BoardMember, Contact, OperatorTerm, SharedPlace
from buildings.registry import boards, operators
from buildings.registry.models import FlatImport, Handover
from buildings.roles import Position
from portal.core import audit
from tests.buildings.registry.conftest import AT
from tests.buildings.registry.workbooks import upload, workbook
from tests.clients import as_user
from tests.factories.buildings import ApartmentFactory, BuildingFactory, manager_of
from tests.factories.people import UserFactory
from tests.factories.requests import a_request

pytestmark = pytest.mark.django_db
DESK = "/quan-ly-toa-nha/viet-hung/sen-hong"
FLATS = f"{DESK}/so-can-ho/"
PUBLIC = "/viet-hung/toa-nha/sen-hong/"


def board(building, *, decided: date | None = None, names=("Hồ Sĩ Lâm", "Đinh Thị Thu", "Vương Quốc Việt")):
    members = [
        boards.Member(name, BoardMember.Role.CHAIR if name == names[0] else BoardMember.Role.MEMBER) for name in names
    ]
    term = boards.elect(building, members, elected_on=decided or date(2026, 11, 8), by=None, at=AT)
    return boards.recognise(term, decision="45/QĐ-UBND", decided_on=decided, by=None, at=AT) if decided else term


def flats(building, count):
    Apartment.objects.bulk_create(
        Apartment(building=building, floor=1 + number // 10, number=f"{number:04d}") for number in range(count)
    )


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


# --- Board ---------------------------------------------------------------------------------------
def elected_form(**more):
    return {
        **{"elected_on_day": "8", "elected_on_month": "11", "elected_on_year": "2026"},
        **{"name-0": "Hồ Sĩ Lâm", "role-0": "chair", "name-1": "Đinh Thị Thu", "role-1": "deputy"},
        **{"name-2": "Vương Quốc Việt", "role-2": "member"},
        **more,
    }


def test_a_board_is_elected_then_recognised_for_three_years(desk, building):
    earlier = board(building, decided=date(2023, 11, 20))
    desk.post(f"{DESK}/ban-quan-tri/bau/", elected_form())
    assert "Mới được bầu, chờ phường công nhận" in desk.get(f"{DESK}/ban-quan-tri/").content.decode()

    day = {"decided_on_day": "20", "decided_on_month": "11", "decided_on_year": "2026"}
    desk.post(f"{DESK}/ban-quan-tri/cong-nhan/", {"decision": "77/QĐ-UBND", **day})

    now = boards.board_of(building, on=date(2026, 11, 23))
    assert (now.term.decision, now.term.until, now.elected) == ("77/QĐ-UBND", date(2029, 11, 20), None)
    assert [member.name for member in now.term.members.all()] == ["Hồ Sĩ Lâm", "Đinh Thị Thu", "Vương Quốc Việt"]
    earlier.refresh_from_db()
    assert earlier.ended_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"elected_on_year": "2027"}, "Ngày họp không thể ở tương lai."),
        ({"name-2": ""}, "Ban quản trị có ít nhất 3 thành viên."),
        ({"role-1": "chair"}, "Ban quản trị có một Trưởng ban."),
        ({"role-0": "member"}, "Ban quản trị có một Trưởng ban."),
        ({"flat-1": "9999"}, "Sổ không có căn hộ “9999”."),
        ({"name-2": "", "flat-2": "0301"}, "Còn thiếu họ tên."),
    ],
)
def test_an_election_that_makes_no_board_is_told_why(desk, building, given, answer):
    ApartmentFactory(building=building, number="0301", floor=3)
    refused = desk.post(f"{DESK}/ban-quan-tri/bau/", elected_form(**given))
    assert refused.status_code == 400
    assert answer in refused.content.decode()
    assert not building.board_terms.exists()


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2026, 11, 7), "Quyết định không thể có trước ngày bầu 08/11/2026."),
        (date(2026, 11, 24), "Ngày quyết định không thể ở tương lai."),
    ],
)
def test_a_decision_has_a_day_that_can_be(desk, building, day, answer):
    board(building)
    parts = {"decided_on_day": day.day, "decided_on_month": day.month, "decided_on_year": day.year}
    refused = desk.post(f"{DESK}/ban-quan-tri/cong-nhan/", {"decision": "77/QĐ-UBND", **parts})
    assert answer in refused.content.decode()


@pytest.mark.parametrize(
    ("count", "several_owners", "missing"), [(19, True, False), (20, True, True), (20, False, False)]
)
def test_a_house_of_twenty_flats_and_several_owners_must_have_a_board(desk, building, count, several_owners, missing):
    building.several_owners = several_owners
    building.save()
    flats(building, count)
    assert boards.board_of(building, on=date(2026, 11, 23)).is_missing is missing
    for page in (desk.get(f"{DESK}/ho-so/"), desk.get(PUBLIC)):
        assert ("Chưa có Ban quản trị" in page.content.decode()) is missing


def test_a_term_is_warned_of_half_a_year_a_month_before_and_when_it_is_over(building, head, chair):
    leader = manager_of(building, Position.LEADER)
    leader.memberships.update(building=None)
    board(building, decided=date(2024, 5, 31))  # until 31/05/2027
    told = lambda: sorted(  # noqa: E731
        (str(notice.recipient), notice.title)
        for person in (head, chair, leader)
        for notice in person.notifications.all()
    )
    days = [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1), date(2027, 4, 30), date(2027, 5, 31)]
    counts = []
    for day in (*days, date(2027, 6, 1), date(2027, 6, 2)):
        counts.append(boards.watch(at=AT.replace(year=day.year, month=day.month, day=day.day)))
    assert counts == [0, 1, 0, 1, 0, 1, 0]
    assert len(told()) == 7  # two people three times, the ward's leader when it is over
    assert [title for who, title in told() if who == str(leader)] == ["Ban quản trị Chung cư Sen Hồng đã hết nhiệm kỳ"]


def test_when_it_is_over_the_ward_does_the_boards_work_and_everybody_reads_it(client, building, clock):
    board(building, decided=date(2023, 11, 20))
    shown = client.get(PUBLIC).content.decode()
    assert "Ủy ban nhân dân phường làm việc của Ban quản trị" in shown


# --- Operator ------------------------------------------------------------------------------------
@pytest.fixture
def sen_hong(building, head):
    given = {"company": "Công ty Sen Hồng", "phone": "+842438271200", "began_on": date(2024, 1, 1)}
    return operators.record(building, given, by=head, at=AT)


def handover_form(to, **more):
    return {
        **{"company": "Công ty Đô Thị Xanh", "phone": "02438271201", "head": to.email},
        **{"began_on_day": "23", "began_on_month": "11", "began_on_year": "2026", "item-0": "on"},
        **{"item-note-1": "Chủ đầu tư chưa giao", "note": "Bàn giao tại sảnh"},
        **more,
    }


def test_a_building_passes_to_another_operator_and_loses_nothing(building, sen_hong, head, chair):
    old_staff, new_head, new_staff = manager_of(building), UserFactory(proven=True), UserFactory(proven=True)
    ApartmentFactory(building=building)
    client = Client()
    client.force_login(chair)
    done = client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head, staff=new_staff.email))
    assert done["Location"] == f"{DESK}/don-vi-van-hanh/"

    sen_hong.refresh_from_db()
    new = OperatorTerm.objects.current().get()
    assert (sen_hong.ended_on, new.company) == (date(2026, 11, 22), "Công ty Đô Thị Xanh")
    held = building.memberships.current().values_list("user", "position")
    assert set(held) == {
        (new_head.pk, "building_head"),
        (new_staff.pk, "building_manager"),
        (chair.pk, "board_chair"),
    }
    assert set(building.memberships.filter(ended_at=AT).values_list("user", flat=True)) == {old_staff.pk, head.pk}
    record = Handover.objects.get()
    assert record.facts["Căn hộ trong sổ"] == 1
    assert record.items[:2] == [
        [operators.ITEMS[0], True, ""],
        [operators.ITEMS[1], False, "Chủ đầu tư chưa giao"],
    ]
    pdf = client.get(f"{DESK}/don-vi-van-hanh/ban-giao/{record.pk}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    left = Client()
    left.force_login(head)
    assert left.get(f"{DESK}/ho-so/").status_code == 404


def test_open_requests_have_a_new_answerable_person_and_the_due_time_they_had(building, sen_hong, head, chair):
    request = a_request(building)
    due = (request.due_at, request.next_due_at)
    assert request.answerable == head
    new_head = UserFactory(proven=True)
    client = Client()
    client.force_login(chair)
    client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head))
    request.refresh_from_db()
    assert (request.answerable, request.executor) == (new_head, None)
    assert (request.due_at, request.next_due_at) == due
    assert Handover.objects.get().facts["Yêu cầu của cư dân đang mở"] == 1


def test_who_goes_on_under_the_next_operator_keeps_the_position(building, sen_hong, head, chair):
    held = head.memberships.get()
    client = Client()
    client.force_login(chair)
    client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(head))
    held.refresh_from_db()
    assert held.ended_at is None


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (
            {"head": "chua-xac-nhan@portal.example"},
            "Chưa có tài khoản nào dùng thư điện tử chua-xac-nhan@portal.example.",
        ),
        ({"head": "khong-ai@portal.example"}, "Chưa có tài khoản nào dùng thư điện tử khong-ai@portal.example."),
        ({"began_on_year": "2023"}, "Hợp đồng mới phải bắt đầu sau hợp đồng hiện tại."),
        ({"began_on_year": "2027"}, "Ghi bàn giao vào ngày đơn vị mới bắt đầu, không trước."),
        ({"company": ""}, "Đơn vị quản lý vận hành"),
    ],
)
def test_a_handover_that_cannot_be_changes_nothing(building, sen_hong, chair, given, answer):
    new_head = UserFactory(proven=True)
    UserFactory(email="chua-xac-nhan@portal.example")  # signed up with somebody's address, never answered its code
    client = Client()
    client.force_login(chair)
    refused = client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head, **given))
    assert (refused.status_code, Handover.objects.count()) == (400, 0)
    assert answer in refused.content.decode()
    assert OperatorTerm.objects.current().get() == sen_hong


def test_the_form_of_a_handover_does_not_say_of_ever_more_addresses_whether_they_have_accounts(
    building, sen_hong, chair
):
    known, client = UserFactory(proven=True), as_user(chair)
    guesses = "\n".join(["", *(f"ai-do-{number}@portal.example" for number in range(30))])
    answers = [
        client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(known, staff=guesses)).status_code
        for _time in range(4)
    ]

    assert answers == [400, 400, 400, 429]  # 31 addresses a time, 100 a day
    assert client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(known)).status_code == 429
    assert client.get(f"{DESK}/don-vi-van-hanh/ban-giao/").status_code == 200
    assert Handover.objects.count() == 0


def test_the_head_hands_over_only_where_there_is_no_board(desk, building, sen_hong):
    assert desk.get(f"{DESK}/don-vi-van-hanh/ban-giao/").status_code == 200
    manager_of(building, Position.BOARD_CHAIR)
    assert desk.get(f"{DESK}/don-vi-van-hanh/ban-giao/").status_code == 404


# --- The public page -----------------------------------------------------------------------------
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
