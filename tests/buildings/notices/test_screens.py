"""The screens of notices: managers write on a phone, residents read, the public page shows what is everybody's."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buildings.models import Block, Residency
from buildings.notices import actions, seen
from buildings.notices.models import Notice, Seen
from portal.core import outbox
from portal.core.files import uploads
from tests.clients import as_user
from tests.clock import stopped_at
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, manager_of
from tests.factories.dossiers import AT
from tests.factories.notices import drafted, file_of, published
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

clock = stopped_at(AT + timedelta(hours=1))


@pytest.fixture
def building():
    building = BuildingFactory()
    for floor in (2, 3, 4):
        ApartmentFactory(building=building, floor=floor)
    return building


@pytest.fixture
def manager(building) -> Client:
    return as_user(manager_of(building))


def at_desk(name: str, building, *more) -> str:
    return reverse(f"notices:{name}", args=[building.ward.slug, building.slug, *more])


def typed(**changes) -> dict:
    day = AT + timedelta(days=2)
    return {
        "title": "Cắt nước",
        "starts_day_day": day.day,
        "starts_day_month": day.month,
        "starts_day_year": day.year,
        "starts_time": "08:00",
        "ends_time": "11:00",
        "floors": "2-3",
        "text": "Xin trữ nước.",
        "token": "00000000-0000-0000-0000-000000000001",
        **changes,
    }


# --- The managers --------------------------------------------------------------------------------
def test_a_manager_writes_looks_and_puts_up(building, manager):
    preview = manager.post(at_desk("manage_write", building, "water"), typed())
    notice = Notice.objects.get()
    assert (notice.state, notice.floors, f"{notice.ends_at:%H:%M}") == ("draft", [2, 3], "04:00")
    assert "Khi đăng, 0 cư dân được báo" in manager.get(preview.url).content.decode()

    manager.post(at_desk("manage_publish", building, notice.pk))
    manager.post(at_desk("manage_publish", building, notice.pk))  # pressed twice
    notice.refresh_from_db()
    assert (notice.state, notice.version, notice.tellings.count()) == ("published", 1, 1)


def test_hours_are_taken_as_people_write_them(building, manager):
    manager.post(at_desk("manage_write", building, "water"), typed(starts_time="8h30", ends_time="9h"))

    assert f"{Notice.objects.get().starts_at:%H:%M}" == "01:30"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Viết tiêu đề."),
        ({"ends_time": "07:00"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"starts_day_year": AT.year - 1}, "Thời gian này đã qua."),
        ({"starts_day_year": AT.year + 9}, "Ngày này còn hơn một năm nữa."),
        ({"floors": "2-9"}, "Không có căn hộ nào ở tầng 5–9."),
        ({"floors": "<b>hai</b>"}, "Không đọc được"),
        ({"text": "a" * 4001}, "4000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(building, manager, changes, said):
    page = manager.post(at_desk("manage_write", building, "water"), typed(**changes))

    assert (page.status_code, Notice.objects.count()) == (400, 0)
    assert said in page.content.decode()
    assert "<b>hai" not in page.content.decode()


def test_a_huge_file_is_refused_in_words(building, manager, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    huge = SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff" + b"a" * 20, "image/jpeg")
    page = manager.post(at_desk("manage_write", building, "water"), typed(files=huge))

    assert (page.status_code, Notice.objects.count()) == (400, 0)
    assert "anh.jpg” lớn hơn" in page.content.decode()


def test_markup_in_a_notice_is_words(building, manager):
    notice = published(building, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    page = Client().get(notice.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x" not in page


def test_the_same_notice_for_two_buildings_goes_up_in_both(building):
    other = BuildingFactory(slug="bang-lang", name="Bằng Lăng")
    person = manager_of(building)
    person.memberships.create(
        position="building_manager", ward=other.ward, building=other, began_at=AT - timedelta(days=3)
    )
    client = as_user(person)
    both = {"buildings_chosen": [building.pk, other.pk]}
    refused = client.post(at_desk("manage_write", building, "water"), typed(**both))
    assert "Chỉ chọn được khối, tầng khi báo cho một tòa nhà." in refused.content.decode()

    client.post(at_desk("manage_write", building, "water"), typed(**both, floors=""))
    client.post(at_desk("manage_publish", building, Notice.objects.get(building=building).pk))
    assert [(n.building, n.state) for n in Notice.objects.order_by("building_id")] == [
        (building, "published"),
        (other, "published"),
    ]


def test_no_building_chosen_is_said(building):
    person = manager_of(building)
    other = BuildingFactory(slug="bang-lang")
    person.memberships.create(position="building_head", ward=other.ward, building=other, began_at=AT)
    page = as_user(person).post(at_desk("manage_write", building, "water"), typed(floors=""))

    assert "Chọn ít nhất một tòa nhà." in page.content.decode()


def test_a_block_and_its_floor(building, manager):
    block = Block.objects.create(building=building, name="B")
    flat = ApartmentFactory(building=building, floor=3, block=block)
    inside, outside = ResidencyFactory(apartment=flat).user, ResidencyFactory(apartment__building=building).user
    manager.post(at_desk("manage_write", building, "water"), typed(blocks=[block.pk], floors="3"))
    notice = Notice.objects.get()
    manager.post(at_desk("manage_publish", building, notice.pk))

    assert notice.audience == "Khối B, tầng 3"
    assert [Notice.objects.visible_to(person).count() for person in (inside, outside)] == [1, 0]


def test_a_correction_asks_what_was_changed(building, manager):
    notice = published(building)
    refused = manager.post(at_desk("manage_change", building, notice.pk), typed(floors=""))
    assert "Viết đã sửa gì." in refused.content.decode()

    manager.post(at_desk("manage_change", building, notice.pk), typed(floors="", changed="Bắt đầu sớm hơn"))
    notice.refresh_from_db()
    assert notice.version == 2
    assert "Bắt đầu sớm hơn" in Client().get(notice.get_absolute_url()).content.decode()


def test_what_was_withdrawn_meanwhile_is_not_corrected(building, manager):
    notice = published(building)
    actions.withdraw(notice, by=notice.author, at=AT, reason="Nhầm ngày")
    answer = manager.post(at_desk("manage_change", building, notice.pk), typed(changed="x"), follow=True)

    assert "Thông báo không còn ở trạng thái đó" in answer.content.decode()


def test_a_draft_is_thrown_away_with_its_address(building, manager):
    draft = drafted(building)
    manager.post(at_desk("manage_drop", building, draft.pk))

    assert manager.get(at_desk("manage_notice", building, draft.pk)).status_code == 404


def test_a_manager_of_another_building_finds_nothing(building):
    notice = published(building)
    stranger = as_user(manager_of(BuildingFactory(slug="bang-lang")))

    assert stranger.get(at_desk("manage_notice", building, notice.pk)).status_code == 404
    own = BuildingFactory(slug="bang-lang")
    assert stranger.get(at_desk("manage_notice", own, notice.pk)).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_as_often_for_one_as_for_many(building, manager, rows):
    for _row in range(rows):
        published(building)
    manager.get(at_desk("manage", building))
    with CaptureQueriesContext(connection) as asked:
        manager.get(at_desk("manage", building))

    assert len(asked) == 10


# --- Residents -----------------------------------------------------------------------------------
def test_my_building_shows_what_is_up_for_my_flat(building):
    me = ResidencyFactory(apartment=building.apartments.get(floor=3)).user
    published(building, floors=(3,), title="Cắt nước tầng 3")
    published(building, floors=(4,), title="Cắt nước tầng 4")
    published(building, "fees")
    page = as_user(me).get(reverse("notices:mine")).content.decode()

    shown = [title for title in ("Cắt nước tầng 3", "Cắt nước tầng 4", "Phí quản lý tháng 12") if title in page]
    assert shown == ["Cắt nước tầng 3", "Phí quản lý tháng 12"]


@pytest.mark.parametrize("rows", [1, 30])
def test_my_building_asks_as_often_for_one_notice_as_for_many(building, rows):
    client = as_user(ResidencyFactory(apartment=building.apartments.get(floor=3)).user)
    for _row in range(rows):
        published(building)
    client.get(reverse("notices:mine"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("notices:mine"))

    assert len(asked) == 8


def test_a_flat_has_seen_a_notice_once_somebody_of_it_opened_it(building):
    notice = published(building)
    flat = building.apartments.get(floor=3)
    one, other = ResidencyFactory(apartment=flat).user, ResidencyFactory(apartment=flat, role="member").user
    for person in (one, other, one, UserFactory()):
        as_user(person).get(notice.get_absolute_url())

    assert [(seen.apartment, seen.version) for seen in Seen.objects.all()] == [(flat, 1)]


def everywhere_lived_in(building) -> list[Residency]:
    return [ResidencyFactory(apartment=flat) for flat in building.apartments.all()]


def test_managers_read_numbers_of_flats_and_no_names(building, manager):
    everywhere_lived_in(building)
    person = ResidencyFactory(apartment=building.apartments.get(floor=3), user__full_name="Hoàng Bích Loan").user
    notice = published(building)
    outbox.run_all(at=AT)
    as_user(person).get(notice.get_absolute_url())
    page = manager.get(notice.get_manage_url()).content.decode()

    assert "1/3 căn đã xem" in page
    assert "Hoàng Bích Loan" not in page
    assert "Tầng 3: 1/1" not in page


def test_a_number_that_would_tell_of_one_household_is_not_shown(building, manager):
    """A notice for one flat, or the one flat left when the floors are taken off the total."""
    homes = everywhere_lived_in(building)
    for floor in (3, 4):
        homes += [
            ResidencyFactory(apartment=ApartmentFactory(building=building, floor=floor, number=f"{floor}-{n}"))
            for n in range(floor)
        ]
    for_one, for_all = published(building, floors=(5,)), published(building)
    for home in homes:
        as_user(home.user).get(for_all.get_absolute_url())
        as_user(home.user).get(for_one.get_absolute_url())

    # Of the fifth floor's single flat nothing is told: with the fourth's five and the total it would be.
    assert [(floor, flats) for floor, _seen, flats in seen.reach(for_all).floors] == [(4, 5)]
    assert (seen.reach(for_all).seen, seen.reach(for_one).seen) == (10, None)
    assert "1/1 căn đã xem" not in manager.get(for_one.get_manage_url()).text
    listed = manager.get(reverse("notices:manage", args=[building.ward.slug, building.slug])).text
    assert ("10 căn đã xem" in listed, "1 căn đã xem" in listed, "Dưới 3 căn đã xem" in listed) == (True, False, True)


def test_three_households_left_of_the_total_are_enough_to_keep_a_floors_number(building):
    for number in range(4):
        ApartmentFactory(building=building, floor=4, number=f"4-{number}")
    ApartmentFactory(building=building, floor=5)
    everywhere_lived_in(building)  # five flats on the fourth floor, one on each of three others

    reach = seen.reach(published(building))
    assert (reach.reachable, reach.floors) == (8, [(4, 0, 5)])


def test_after_a_correction_it_has_to_be_seen_again(building, manager):
    ApartmentFactory(building=building, floor=5)
    *homes, _unread = everywhere_lived_in(building)
    notice = published(building)
    for home, counted in zip(homes, ({}, {}, {notice.pk: seen.FEWEST_FLATS}), strict=True):
        as_user(home.user).get(notice.get_absolute_url())
        assert seen.counts([notice]) == counted
    Residency.objects.filter(pk=homes[0].pk).update(state="ended", ended_at=AT)  # nobody left there to be reached
    assert (seen.reach(notice).seen, seen.reach(notice).reachable) == (2, 3)
    manager.post(at_desk("manage_change", building, notice.pk), typed(floors="", changed="Đổi giờ"))

    Residency.objects.filter(pk=homes[0].pk).update(state="confirmed", ended_at=None)
    assert "0/4 căn đã xem" in manager.get(notice.get_manage_url()).content.decode()
    assert seen.counts([notice]) == {}
    as_user(homes[0].user).get(notice.get_absolute_url())
    assert "1/4 căn đã xem" in manager.get(notice.get_manage_url()).content.decode()


def test_who_reads_that_a_notice_was_withdrawn_has_not_seen_it(building):
    notice, home = published(building), everywhere_lived_in(building)[0]
    actions.withdraw(notice, by=notice.author, at=AT, reason="Nhầm ngày")

    assert as_user(home.user).get(notice.get_absolute_url()).status_code == 200
    assert Seen.objects.count() == 0


@pytest.mark.bucket
def test_the_files_of_what_was_withdrawn_are_no_longer_given(building):
    notice = published(building)
    file = file_of(notice)
    assert Client().get(file.get_absolute_url()).status_code == 200
    actions.withdraw(notice, by=notice.author, at=AT, reason="Nhầm ngày")

    assert Client().get(file.get_absolute_url()).status_code == 404


def test_the_calendar_file_of_a_cut(building):
    notice = published(building)
    address = reverse("notices:calendar", args=[building.ward.slug, building.slug, notice.pk])
    content = Client().get(address).content.decode().partition("BEGIN:VEVENT")[2]

    assert {line for line in content.splitlines() if line.startswith(("UID", "SEQUENCE", "DTEND"))} == {
        "DTEND;TZID=Asia/Ho_Chi_Minh:" + (AT + timedelta(days=2)).strftime("%Y%m%dT110000"),
        f"UID:{notice.pk}",
        "SEQUENCE:0",
    }


# --- The public page -----------------------------------------------------------------------------
def on_page(building) -> str:
    context = Context({"request": RequestFactory().get("/"), "building": building})
    return Template("{% load building_notices %}{% building_notices building %}").render(context)


def test_the_public_page_shows_what_is_everybodys_and_only_while_it_is_up(building, clock):
    water = published(building, title="Cắt nước cả nhà")
    published(building, floors=(3,), title="Cắt nước tầng 3")
    published(building, "fees")
    drafted(building, title="Nháp")
    shown = on_page(building)
    assert [
        title for title in ("Cắt nước cả nhà", "Cắt nước tầng 3", "Phí quản lý tháng 12", "Nháp") if title in shown
    ] == ["Cắt nước cả nhà"]

    clock.move_to(water.ends_at)
    assert on_page(building).strip() == ""
