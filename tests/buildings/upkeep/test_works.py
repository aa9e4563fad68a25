"""Maintenance is planned, told to those affected, and ended in words."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from buildings.notices.models import Notice
from buildings.upkeep import actions, reminders
from buildings.upkeep.models import PlannedWork
from portal.core.models import Notification
from portal.core.workflow import IllegalMove
from tests.factories.buildings import BuildingFactory, manager_of
from tests.factories.requests import AT, lift_of


def form(**changes) -> dict[str, str]:
    return {
        "title": "Bảo dưỡng thang máy số 2",
        "place": "",
        "doer": "Công ty Thang máy Đông Đô",
        "starts_day_day": "25",
        "starts_day_month": "11",
        "starts_day_year": "2026",
        "starts_time": "9:00",
        "ends_time": "11:30",
        "note": "Xin dùng thang số 1.",
        "token": str(uuid.uuid4()),
        **changes,
    }


def url(name: str, building, *more) -> str:
    return reverse(f"upkeep:{name}", args=[building.ward.slug, building.slug, *more])


@pytest.fixture
def work(building, manager):
    begins = AT + timedelta(days=1)
    facts = {"title": "Thau bể nước", "doer": "Tổ kỹ thuật", "note": "Nước yếu trong buổi sáng."}
    facts |= {"starts_at": begins, "ends_at": begins + timedelta(hours=3), "place": lift_of(building)}
    return actions.plan(building, by=manager, at=AT, token=uuid.uuid4(), facts=facts)


def test_work_is_planned_and_stands_in_the_calendar(client, building, manager):
    client.force_login(manager)

    response = client.post(url("plan", building), form())

    planned = PlannedWork.objects.get()
    assert response.url == planned.get_absolute_url()
    assert "25/11/2026" in client.get(url("calendar", building)).text
    assert planned.title in client.get(url("calendar", building), {"thang": "2026-11"}).text
    assert planned.title not in client.get(url("calendar", building), {"thang": "2026-12"}).text


def test_another_buildings_form_with_the_same_token_is_planned_too(building, manager, work):
    elsewhere = BuildingFactory(slug="bang-lang")
    facts = {"title": "Thau bể", "doer": "Tổ", "starts_at": work.starts_at, "ends_at": work.ends_at}

    theirs = actions.plan(elsewhere, by=manager_of(elsewhere), at=AT, token=work.token, facts=facts)

    assert theirs.building == elsewhere


def test_the_same_form_sent_twice_plans_once(client, building, manager):
    client.force_login(manager)
    typed = form()

    first, second = (client.post(url("plan", building), typed).url for _each in range(2))

    assert (first, PlannedWork.objects.count()) == (second, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends_time": "8:00"}, "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"starts_day_year": "2025"}, "Thời gian này đã qua."),
        ({"starts_day_day": "31"}, "Ngày"),
        ({"ends_day_day": "1", "ends_day_month": "12", "ends_day_year": "9026"}, "hơn một năm nữa"),
        ({"title": ""}, "Viết việc sẽ làm."),
        ({"place": "999999"}, "error-summary"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, building, manager, typed, said):
    client.force_login(manager)

    response = client.post(url("plan", building), form(**typed))

    assert (response.status_code, PlannedWork.objects.count()) == (200, 0)
    assert said in response.text
    assert "Công ty Thang máy Đông Đô" in response.text


@pytest.mark.parametrize("month", ["", "x", "2026-13", "9999-01", "\x00"])
def test_a_month_that_is_none_is_this_one(client, building, manager, month):
    client.force_login(manager)

    assert "Tháng 11/2026" in client.get(url("calendar", building), {"thang": month}).text


def test_its_notice_is_drafted_once_with_what_is_planned(client, building, manager, work):
    client.force_login(manager)

    first, second = (client.post(url("announce", building, work.pk)).url for _each in range(2))

    notice = Notice.objects.get()
    assert first == second == notice.get_manage_url()
    assert (notice.title, notice.text, notice.starts_at, notice.state) == (
        work.title,
        work.note,
        work.starts_at,
        "draft",
    )


def test_it_ends_once_and_in_words(client, building, manager, work):
    client.force_login(manager)

    assert "Viết đã làm gì." in client.post(url("finish", building, work.pk), {"outcome": " "}).text
    client.post(url("finish", building, work.pk), {"outcome": "Đã thau, nước đạt."})
    late = client.post(url("cancel", building, work.pk), {"outcome": "Nhầm"}, follow=True)

    work.refresh_from_db()
    assert (work.state, work.outcome) == ("done", "Đã thau, nước đạt.")
    assert "chưa có gì thay đổi" in late.text
    with pytest.raises(IllegalMove):
        actions.cancel(work, by=manager, at=AT, outcome="Nhầm")


def test_a_changed_plan_shows_its_new_time(client, building, manager, work):
    client.force_login(manager)
    assert "Thau bể nước" in client.get(url("change", building, work.pk)).text

    client.post(url("change", building, work.pk), form(starts_day_day="28"))

    work.refresh_from_db()
    assert f"{work.starts_at:%d %H:%M}" == "28 02:00"


def test_the_board_looks_on(client, building, chair, work):
    client.force_login(chair)

    page = client.get(url("work", building, work.pk))

    assert "Ghi đã làm" not in page.text
    refused = [
        client.post(url(name, building, work.pk), {"outcome": "x"}).status_code for name in ("finish", "announce")
    ]
    assert refused == [403, 403]


def test_the_manager_of_another_building_finds_nothing(client, building, work):
    client.force_login(manager_of(BuildingFactory(slug="bang-lang", name="Bằng Lăng")))

    statuses = {
        client.get(url(name, building, *more)).status_code for name, more in (("calendar", ()), ("work", (work.pk,)))
    }

    assert statuses == {404}


@pytest.mark.parametrize("number", [1, 30])
def test_the_calendar_takes_the_same_queries_whatever_it_holds(
    client, building, manager, django_assert_max_num_queries, number
):
    PlannedWork.objects.bulk_create(
        PlannedWork(
            building=building,
            token=uuid.uuid4(),
            title=f"Việc {n}",
            doer="Tổ",
            starts_at=AT + timedelta(hours=n),
            ends_at=AT + timedelta(hours=n + 1),
            planned_by=manager,
            planned_at=AT,
        )
        for n in range(number)
    )
    client.force_login(manager)

    with django_assert_max_num_queries(13):
        client.get(url("calendar", building))


def test_staff_are_reminded_of_tomorrow_s_work_once(building, manager, work):
    for _each in range(2):
        reminders.remind(at=AT)

    told = Notification.objects.filter(recipient=manager, kind="work_tomorrow")
    assert [notice.title for notice in told] == ["Ngày mai bảo trì: Thau bể nước"]
