"""The management board on the managers' screens: elected, recognised by the ward, over."""

from datetime import date

import pytest

from buildings.registry import boards
from buildings.roles import Position
from tests.buildings.registry.conftest import AT, board, flats
from tests.factories.buildings import ApartmentFactory, manager_of

pytestmark = pytest.mark.django_db
DESK = "/quan-ly-toa-nha/viet-hung/sen-hong"
FLATS = f"{DESK}/so-can-ho/"
PUBLIC = "/viet-hung/toa-nha/sen-hong/"


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

    def told():
        return sorted(
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
