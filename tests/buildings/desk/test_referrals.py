"""What is the ward's to solve goes there and comes back: the clock stands, both sides are linked, nobody sees more."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from buildings.requests import actions, photos, referrals
from buildings.requests.models import BuildingRequest, WardReferral
from buildings.roles import Position
from portal.core.calendar import load_calendar
from portal.core.models import Notification
from tests.factories.buildings import WardFactory, officer
from tests.factories.requests import AT, a_request, accepted, picture

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def asked(building):
    return accepted(a_request(building, what="Cây đổ chắn lối vào"))


@pytest.fixture
def referral(asked, manager, clerk):
    referrals.refer(asked, by=manager, at=NOW, reason="Đề nghị phường cho cắt cây.")
    return WardReferral.objects.get()


@pytest.fixture
def clerk(building):
    return officer(Position.CLERK, building.ward)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_due_ten_working_days_after_it_was_asked(referral, building):
    assert referral.due_at == load_calendar(building.ward).end_of_nth_working_day(NOW, 10)


def test_the_managers_clock_stands_and_goes_on_with_what_was_left(referral, asked, clerk, building):
    assert BuildingRequest.objects.get().next_due_at is None
    later = NOW + timedelta(days=7)

    referrals.answer(referral, by=clerk, at=later, text="Phường đã cho cắt cây sáng nay.")

    back = BuildingRequest.objects.get()
    calendar = load_calendar(building.ward)
    left = calendar.minutes_between(NOW, asked.next_due_at)
    assert (back.state, calendar.minutes_between(later, back.next_due_at)) == ("accepted", left)


def test_the_wards_people_are_told_and_then_the_manager_and_the_resident(referral, asked, clerk):
    assert Notification.objects.filter(recipient=clerk, kind="requests.referral").count() == 1
    referrals.answer(referral, by=clerk, at=NOW, text="Xong.")

    told = Notification.objects.filter(kind="requests.came_back").values_list("recipient", flat=True)
    assert set(told) == {asked.reporter_id, asked.answerable_id}


def test_from_the_wards_list_to_the_answer(referral, clerk, desk, asked):
    ward = browser(clerk)
    shown = ward.get(reverse("desk:buildings"))
    assert [row[0] for row in shown.context["rows"]] == [referral]

    page = ward.get(reverse("desk:referral", args=[referral.pk])).content.decode()
    assert "Cây đổ chắn lối vào" in page
    ward.post(reverse("desk:referral_take", args=[referral.pk]))
    ward.post(reverse("desk:referral", args=[referral.pk]), {"text": "Đã cắt cây."})

    answered = WardReferral.objects.get()
    assert (answered.taken_by, answered.answered_by, answered.answer) == (clerk, clerk, "Đã cắt cây.")
    assert "Đã cắt cây." in desk.get("request", asked.pk).content.decode()
    assert list(ward.get(reverse("desk:buildings")).context["rows"]) == []


def test_whoever_answers_second_is_told_who_was_first(referral, clerk, building):
    leader = officer(Position.LEADER, building.ward)
    referrals.answer(referral, by=leader, at=NOW, text="Đã cắt.")

    answer = browser(clerk).post(reverse("desk:referral", args=[referral.pk]), {"text": "Chưa cắt."})

    assert (answer.status_code, WardReferral.objects.get().answer) == (409, "Đã cắt.")
    assert str(leader) in answer.content.decode()


def test_the_managers_words_among_themselves_are_not_the_wards(referral, asked, manager, clerk):
    actions.note(asked, by=manager, at=NOW, text="Phường này chậm lắm")

    assert "chậm lắm" not in browser(clerk).get(reverse("desk:referral", args=[referral.pk])).content.decode()


def test_a_picture_of_the_conversation_is_not_the_wards(referral, asked, clerk):
    token = uuid.uuid4()
    photos.add(token, picture(3), by=asked.reporter, at=NOW)
    actions.comment(asked, by=asked.reporter, at=NOW, text="Chỉ cho ban quản lý", token=token)

    address = reverse("desk:referral_photo", args=[referral.pk, asked.photos.get().pk])
    assert browser(clerk).get(address).status_code == 404


@pytest.mark.parametrize("position", [Position.POLICE_OFFICER, Position.POLICE_HEAD, Position.REGISTRY_CLERK])
def test_it_is_none_of_theirs(referral, building, position):
    other = officer(position, building.ward)

    assert browser(other).get(reverse("desk:referral", args=[referral.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        referrals.answer(referral, by=other, at=NOW, text="a")


def test_the_neighbouring_ward_has_no_part(referral):
    elsewhere = officer(Position.CLERK, WardFactory(neighbour=True))

    assert browser(elsewhere).get(reverse("desk:referral", args=[referral.pk])).status_code == 404


def test_what_is_open_goes_with_its_building_to_the_new_ward(referral, building, clerk):
    new = WardFactory(neighbour=True)
    newcomer = officer(Position.CLERK, new)
    building.ward = new
    building.save()

    assert referrals.move_to(new, building, at=NOW) == 1

    moved = WardReferral.objects.get()
    assert (moved.ward, moved.taken_by) == (new, None)
    assert Notification.objects.filter(recipient=newcomer, kind="requests.referral").count() == 1
    referrals.answer(moved, by=newcomer, at=NOW, text="Đã cắt.")


def test_what_was_answered_stays_with_the_ward_that_answered(referral, building, clerk):
    referrals.answer(referral, by=clerk, at=NOW, text="Đã cắt.")

    assert referrals.move_to(WardFactory(neighbour=True), building, at=NOW) == 0


def test_thirty_cost_the_queries_of_one(building, manager, clerk, django_assert_max_num_queries):
    for _one in range(30):
        referrals.refer(accepted(a_request(building)), by=manager, at=AT + timedelta(hours=1), reason="a")
    client = browser(clerk)
    client.get(reverse("desk:buildings"))

    with django_assert_max_num_queries(30):
        assert len(client.get(reverse("desk:buildings")).context["rows"]) == 25
