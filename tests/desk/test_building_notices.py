"""The ward tells all its apartment buildings at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from buildings.notices.models import Notice
from buildings.roles import Position
from portal.core import outbox
from portal.core.models import Notification
from tests.clock import stopped_at
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, WardFactory, officer
from tests.factories.dossiers import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return WardFactory(staffed=True)


@pytest.fixture
def buildings(ward):
    made = [BuildingFactory(ward=ward, slug=slug, name=name) for slug, name in (("a", "Sen Hồng"), ("b", "Bằng Lăng"))]
    for building in made:
        ResidencyFactory(apartment=ApartmentFactory(building=building, number=f"{building.slug}1"))
    return made


def signed_in(position: str, ward) -> Client:
    client = Client()
    client.force_login(officer(position, ward))
    return client


def typed(buildings, **changes) -> dict:
    day = AT + timedelta(days=5)
    return {
        "title": "Kiểm tra phòng cháy",
        "buildings_chosen": [building.pk for building in buildings],
        "shown_until_day": day.day,
        "shown_until_month": day.month,
        "shown_until_year": day.year,
        "text": "Không để đồ ở hành lang.",
        "token": "1" * 32,
        **changes,
    }


clock = stopped_at(AT)


def test_a_clerk_tells_the_residents_of_all_buildings_in_the_wards_name(ward, buildings):
    clerk = signed_in(Position.CLERK, ward)
    preview = clerk.post(reverse("desk:building_notice_write", args=["ward"]), typed(buildings))
    batch = Notice.objects.values_list("batch", flat=True).distinct().get()
    for _pressed in range(2):
        clerk.post(reverse("desk:building_notice_publish", args=[batch]))
    outbox.run_all(at=AT)

    assert preview.url == reverse("desk:building_notice", args=[batch])
    assert [(notice.state, notice.issuer, notice.is_public) for notice in Notice.objects.all()] == [
        ("published", "Phường Việt Hưng", True)
    ] * 2
    assert Notification.objects.filter(kind="notices.published").count() == 2


def test_withdrawn_it_is_withdrawn_everywhere_with_its_reason(ward, buildings):
    leader = signed_in(Position.LEADER, ward)
    leader.post(reverse("desk:building_notice_write", args=["ward"]), typed(buildings))
    batch = Notice.objects.values_list("batch", flat=True).distinct().get()
    leader.post(reverse("desk:building_notice_publish", args=[batch]))
    leader.post(reverse("desk:building_notice_withdraw", args=[batch]), {"reason": "Đổi lịch"})

    assert list(Notice.objects.values_list("state", "reason")) == [("withdrawn", "Đổi lịch")] * 2


def test_a_draft_is_edited_and_what_is_up_is_corrected_in_all_of_its_buildings(ward, buildings):
    leader = signed_in(Position.LEADER, ward)
    leader.post(reverse("desk:building_notice_write", args=["ward"]), typed(buildings))
    batch = Notice.objects.values_list("batch", flat=True).distinct().get()
    page = reverse("desk:building_notice_change", args=[batch])
    leader.post(page, typed([], title="Kiểm tra phòng cháy, chữa cháy"))
    assert list(Notice.objects.values_list("title", "state")) == [("Kiểm tra phòng cháy, chữa cháy", "draft")] * 2

    leader.post(reverse("desk:building_notice_publish", args=[batch]))
    unsaid = leader.post(page, typed([], text="Đoàn đến lúc 9 giờ."))
    assert (unsaid.status_code, "Viết đã sửa gì." in unsaid.content.decode()) == (400, True)
    leader.post(page, typed([], text="Đoàn đến lúc 9 giờ.", changed="Thêm giờ đoàn đến"))
    outbox.run_all(at=AT)

    assert list(Notice.objects.values_list("text", "version")) == [("Đoàn đến lúc 9 giờ.", 2)] * 2
    assert sorted(Notification.objects.values_list("kind", flat=True)) == ["notices.corrected"] * 2


def test_what_was_withdrawn_from_all_buildings_is_not_edited(ward, buildings):
    leader = signed_in(Position.LEADER, ward)
    leader.post(reverse("desk:building_notice_write", args=["ward"]), typed(buildings))
    batch = Notice.objects.values_list("batch", flat=True).distinct().get()
    leader.post(reverse("desk:building_notice_publish", args=[batch]))
    leader.post(reverse("desk:building_notice_withdraw", args=[batch]), {"reason": "Đổi lịch"})
    page = leader.post(
        reverse("desk:building_notice_change", args=[batch]), typed([], title="Khác", changed="Tên"), follow=True
    )

    assert "chưa có gì thay đổi" in page.content.decode()
    assert list(Notice.objects.values_list("title", "version")) == [("Kiểm tra phòng cháy", 1)] * 2


def test_no_building_chosen_is_said(ward, buildings):
    page = signed_in(Position.LEADER, ward).post(reverse("desk:building_notice_write", args=["ward"]), typed([]))

    assert (page.status_code, Notice.objects.count()) == (400, 0)
    assert "Chọn ít nhất một tòa nhà." in page.content.decode()


def test_a_ward_with_one_building_is_not_asked_which_and_tells_no_other(ward, buildings):
    neighbour = WardFactory(neighbour=True, staffed=True)
    own = BuildingFactory(ward=neighbour, slug="c")
    leader = signed_in(Position.LEADER, neighbour)
    leader.post(reverse("desk:building_notice_write", args=["ward"]), typed([*buildings, own]))

    assert [notice.building for notice in Notice.objects.all()] == [own]


def test_a_building_of_another_ward_is_not_a_choice(ward, buildings):
    theirs = BuildingFactory(ward=WardFactory(neighbour=True), slug="c")
    leader = signed_in(Position.LEADER, ward)
    page = leader.post(reverse("desk:building_notice_write", args=["ward"]), typed([*buildings, theirs]))

    assert (page.status_code, Notice.objects.count()) == (400, 0)
