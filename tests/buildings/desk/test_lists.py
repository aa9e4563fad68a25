"""What waits in a building: the counts are the lists', a search needs no diacritics, nothing costs a query a row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buildings.desk import queries
from buildings.desk.queries import COUNTED, Scope, Wanted
from buildings.requests import actions
from buildings.roles import Position
from buildings.upkeep.models import Check, CheckState
from tests.factories.buildings import MembershipFactory, ResidencyFactory, manager_of
from tests.factories.requests import AT, a_request, accepted, finished, neighbour_in, staffed_building

from .conftest import NOW, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def codes(found) -> list[str]:
    return [row.code for row in found]


@pytest.fixture
def busy(building, manager):
    """One request in each of the lists."""
    made = {
        "late": a_request(building, at=AT - timedelta(days=30)),
        "today": a_request(building, at=AT + timedelta(hours=1), urgency="urgent"),
        "accepted": accepted(a_request(building, at=AT)),
        "done": finished(accepted(a_request(building, at=AT))),
    }
    waiting = accepted(a_request(building, at=AT))
    actions.wait(
        waiting,
        by=manager,
        at=NOW,
        waiting_for="resident",
        back_on=(NOW + timedelta(days=3)).date(),
        reason="Chờ cư dân ở nhà",
    )
    return made | {"waiting": waiting}


def test_every_count_is_its_list(building, manager, busy):
    counted = queries.counts(manager, building, at=NOW)

    assert counted == {scope: queries.work(manager, building, Wanted(scope=scope), at=NOW).count() for scope in COUNTED}
    assert counted == {
        Scope.LATE: 1,
        Scope.TODAY: 1,
        Scope.NEW: 2,
        Scope.WORKING: 3,
        Scope.STANDING: 1,
        Scope.DONE: 1,
    }


def test_what_is_due_first_stands_on_top(building, manager, busy):
    found = queries.work(manager, building, Wanted(), at=NOW)

    assert codes(found) == [busy[name].code for name in ("late", "today", "accepted")]


def test_found_without_diacritics_in_any_order_and_by_code(building, manager):
    lamp = a_request(building, what="Đèn hành lang tầng năm bị hỏng")
    a_request(building, what="Thang máy kêu to")

    assert codes(queries.work(manager, building, Wanted(words="hong hanh lang den"), at=NOW)) == [lamp.code]
    assert codes(queries.work(manager, building, Wanted(words=lamp.code.lower()), at=NOW)) == [lamp.code]
    number = lamp.code.rpartition("-")[2]
    assert [
        codes(queries.work(manager, building, Wanted(words=words), at=NOW))
        for words in (number, number.lstrip("0"), f"9{number}")
    ] == [[lamp.code], [lamp.code], []]
    assert codes(queries.work(manager, building, Wanted(words="không có"), at=NOW)) == []


def test_narrowed_by_what_managers_ask_for(building, manager):
    reporter = neighbour_in(building)
    flat = reporter.residencies.get().apartment
    own = a_request(building, by=reporter, apartment=flat, category="leak")
    lift = a_request(building, urgency="urgent")
    narrowed = {
        own.code: [Wanted(category="leak"), Wanted(floor=flat.floor), Wanted(scope=Scope.ALL, urgency="normal")],
        lift.code: [Wanted(place=lift.place), Wanted(urgency="urgent"), Wanted(category="lift", state="new")],
    }
    for code, wanteds in narrowed.items():
        for wanted in wanteds:
            assert codes(queries.work(manager, building, wanted, at=NOW)) == [code], wanted


def test_another_buildings_requests_are_in_no_list(building, manager):
    elsewhere = staffed_building(slug="bang-lang")
    a_request(elsewhere)

    assert list(queries.work(manager, building, Wanted(scope=Scope.ALL), at=NOW)) == []
    assert list(queries.work(manager, elsewhere, Wanted(scope=Scope.ALL), at=NOW)) == []


def test_who_has_several_buildings_sees_the_counts_of_each(building, manager, busy):
    other = staffed_building(slug="bang-lang")
    a_request(other)

    MembershipFactory(user=manager, position="building_manager", ward=other.ward, building=other)
    rows = Desk(building, manager).client.get("/quan-ly-toa-nha/").context["rows"]

    assert {row.pk: counts for row, counts in rows} == {
        building.pk: {"late": 1, "today": 1, "new": 2},
        other.pk: {"late": 0, "today": 0, "new": 1},
    }


def test_an_address_that_makes_no_sense_still_answers(desk, busy):
    asked = {"xem": "gi", "noi": "khong-co", "tang": "x", "nguoi_lam": "9999", "trang": "abc", "trang_thai": "?"}

    assert desk.get("work", **asked).status_code == 200


@pytest.mark.parametrize("name", ["building", "work", "board"])
def test_thirty_rows_cost_the_queries_of_one(desk, building, name):
    reporter = neighbour_in(building)
    a_request(building, by=reporter, at=AT)
    desk.get(name)  # what is remembered for the process
    with CaptureQueriesContext(connection) as with_one:
        desk.get(name)
    for _more in range(29):
        a_request(building, by=neighbour_in(building), at=AT)
    with CaptureQueriesContext(connection) as with_thirty:
        desk.get(name)

    assert len(with_thirty) <= len(with_one) + 1  # the row of who read the list


def test_cards_of_the_board_lead_to_their_moves(desk, building):
    request = a_request(building)

    page = desk.get("board").content.decode()

    assert desk.url("move", request.pk, "tiep-nhan") in page
    assert desk.url("move", request.pk, "lam-tiep") not in page


def test_flats_are_named_to_the_managers(desk, building):
    reporter = neighbour_in(building)
    request = a_request(building, by=reporter, apartment=reporter.residencies.get().apartment, category="leak")

    assert request.spot in desk.get("work").content.decode()


def test_the_first_screen_tells_what_waits_in_the_other_rooms(desk, building, manager):
    assert desk.get("building").context["elsewhere"] == []
    done_at = NOW - timedelta(days=31)  # due every thirty days
    Check.objects.create(
        building=building,
        checklist="fire_alarm",
        state=CheckState.DONE,
        due_on=done_at.date(),
        begun_by=manager,
        begun_at=done_at,
        done_by=manager,
        done_at=done_at,
    )
    ResidencyFactory(apartment__building=building, asked=True)
    told = {words: count for count, words, _url in desk.get("building").context["elsewhere"]}
    assert told == {"Kiểm tra an toàn quá hạn": 1, "Người chờ nhận căn hộ": 1}
    board = Desk(building, manager_of(building, Position.BOARD_CHAIR))  # knows no names, so is led to none
    told = [words for _count, words, _url in board.get("building").context["elsewhere"]]
    assert told == ["Kiểm tra an toàn quá hạn"]
