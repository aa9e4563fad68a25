"""Who is away from the desk: whoever stands in is always there, and able to."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from buildings.absences import (
    AbsenceRefused,
    absence_of,
    absences_on,
    end_absence,
    officers_of,
    record_absence,
    stands_in,
)
from buildings.models import Absence, Membership
from buildings.roles import Position
from portal.core import audit
from tests.core.at_once import at_once, needs_row_locks
from tests.factories.buildings import MembershipFactory, WardFactory, officer
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 9:00 in Hanoi
TODAY = date(2026, 11, 23)
SUNDAY_NIGHT = datetime(2026, 11, 22, 16, 59, tzinfo=UTC)  # 23:59 in Hanoi


def november(day: int) -> date:
    return date(2026, 11, day)


@pytest.fixture
def ward():
    return WardFactory(staffed=True)


@pytest.fixture
def clerk(ward):
    return officer(Position.CLERK, ward)


@pytest.fixture
def leader(ward):
    return officer(Position.LEADER, ward)


@pytest.fixture
def colleague(ward):
    """A second clerk."""
    return hire(ward, Position.CLERK, name="Phạm Văn Lộc")


def hire(ward, *positions, name="Cán bộ"):
    user = UserFactory(full_name=name)
    for position in positions:
        MembershipFactory(user=user, position=position, ward=ward)
    return user


def away(user, ward, substitute, first=24, last=26, *, by=None, at=NOW, **more) -> Absence:
    dates = {"from_date": november(first), "to_date": november(last)}
    return record_absence(user, ward, **dates, substitute=substitute, by=by or user, at=at, **more)


# --- Recorded and asked --------------------------------------------------------------------------------


def test_both_dates_count_and_no_other(ward, clerk, colleague):
    absence = away(clerk, ward, colleague, 24, 26)
    days = [day for day in range(22, 30) if absence_of(clerk, ward, november(day)) == absence]
    assert days == [24, 25, 26]
    assert [day for day in range(22, 30) if stands_in(colleague, ward, november(day)) == [clerk]] == days
    assert absences_on(ward, november(25)) == {clerk.pk: absence}
    assert absences_on(ward, november(27)) == {}


def test_the_substitute_is_away_from_nothing_and_the_absent_one_stands_in_for_nobody(ward, clerk, colleague):
    away(clerk, ward, colleague)
    assert absence_of(colleague, ward, november(25)) is None
    assert stands_in(clerk, ward, november(25)) == []


def test_one_person_may_stand_in_for_several(ward, clerk, leader):
    specialist = officer(Position.SPECIALIST, ward)
    away(clerk, ward, leader)
    away(specialist, ward, leader)
    assert stands_in(leader, ward, november(25)) == [clerk, specialist]


def test_an_absence_is_of_one_ward(ward, clerk, colleague):
    away(clerk, ward, colleague)
    neighbour = WardFactory(neighbour=True)
    assert absence_of(clerk, neighbour, november(25)) is None
    assert stands_in(colleague, neighbour, november(25)) == []
    assert absences_on(neighbour, november(25)) == {}


def test_recording_leaves_a_record(ward, clerk, colleague, leader):
    absence = away(clerk, ward, colleague, by=leader, reason="Tập huấn")
    event = audit.history_of(absence).get()
    assert (event.action, event.actor_id, event.ward_id, event.public) == ("record_absence", leader.pk, ward.pk, False)
    assert event.data == {
        "user": clerk.pk,
        "from_date": "2026-11-24",
        "to_date": "2026-11-26",
        "substitute": colleague.pk,
    }
    assert (absence.reason, absence.recorded_at) == ("Tập huấn", NOW)


def test_the_desk_by_name_with_all_positions_of_each(ward, clerk, leader):
    MembershipFactory(user=clerk, position=Position.SPECIALIST, ward=ward)
    hire(ward, Position.WARD_EDITOR)
    hire(WardFactory(neighbour=True), Position.CLERK)
    gone = hire(ward, Position.CLERK)
    Membership.objects.filter(user=gone).update(ended_at=NOW)
    locked_out = hire(ward, Position.CLERK)
    type(locked_out).objects.filter(pk=locked_out.pk).update(is_active=False)
    assert officers_of(ward) == {
        officer(Position.SPECIALIST, ward): {"specialist"},
        leader: {"leader"},
        clerk: {"clerk", "specialist"},
        officer(Position.REGISTRY_CLERK, ward): {"registry_clerk"},
    }


# --- Who may -------------------------------------------------------------------------------------------


def test_a_leader_records_and_ends_for_everybody(ward, clerk, colleague, leader):
    absence = away(clerk, ward, colleague, by=leader)
    assert end_absence(absence, by=leader, at=NOW).cancelled_at == NOW


def test_an_officer_records_and_ends_their_own_only(ward, clerk, colleague):
    with pytest.raises(PermissionDenied):
        away(clerk, ward, colleague, by=colleague)
    absence = away(clerk, ward, colleague)
    with pytest.raises(PermissionDenied):
        end_absence(absence, by=colleague, at=NOW)
    assert Absence.objects.standing().get() == absence


def test_a_leader_elsewhere_records_nothing_here(ward, clerk, colleague):
    stranger = officer(Position.LEADER, WardFactory(neighbour=True))
    with pytest.raises(PermissionDenied):
        away(clerk, ward, colleague, by=stranger)


def test_nobody_is_away_from_a_desk_they_do_not_work_at(ward, leader, clerk):
    editor = hire(ward, Position.WARD_EDITOR)
    with pytest.raises(PermissionDenied):
        away(editor, ward, clerk, by=leader)


# --- Refused -------------------------------------------------------------------------------------------


def refused(field: str, *args, **kwargs) -> str:
    with pytest.raises(AbsenceRefused) as refusal:
        away(*args, **kwargs)
    assert refusal.value.field == field
    return refusal.value.messages[0]


def test_a_day_that_has_passed_cannot_be_stood_in_for(ward, clerk, colleague):
    assert "đã qua" in refused("from_date", clerk, ward, colleague, 22, 24)
    away(clerk, ward, colleague, 22, 24, at=SUNDAY_NIGHT)  # it was still the 22nd, in Vietnam


def test_the_last_day_is_not_before_the_first(ward, clerk, colleague):
    assert "Ngày cuối" in refused("to_date", clerk, ward, colleague, 25, 24)


@pytest.mark.parametrize(("first", "last"), [(24, 26), (26, 26), (20, 24), (25, 25), (23, 30)])
def test_two_absences_of_one_person_share_no_day(ward, clerk, colleague, leader, first, last):
    away(clerk, ward, colleague, 24, 26)
    message = refused("from_date", clerk, ward, leader, max(first, 23), last)
    assert message == "Đã ghi vắng mặt từ 24/11/2026 đến hết 26/11/2026."


def test_the_day_after_an_absence_may_be_another(ward, clerk, colleague):
    away(clerk, ward, colleague, 24, 26)
    away(clerk, ward, colleague, 27, 27)
    away(clerk, ward, colleague, 23, 23)
    assert Absence.objects.standing().count() == 3


def test_nobody_stands_in_for_themself(ward, leader):
    assert refused("substitute", leader, ward, leader) == "Người làm thay phải là người khác."


def test_a_substitute_holds_every_position_of_the_absent_one(ward, clerk, colleague):
    MembershipFactory(user=clerk, position=Position.REGISTRY_CLERK, ward=ward)
    assert "không giữ đủ vị trí" in refused("substitute", clerk, ward, colleague)
    away(clerk, ward, hire(ward, Position.CLERK, Position.REGISTRY_CLERK, Position.SPECIALIST))


def test_a_leader_stands_in_for_anybody(ward, clerk, leader):
    assert away(clerk, ward, leader).substitute == leader


def test_only_a_leader_stands_in_for_a_leader(ward, leader, clerk):
    assert refused("substitute", leader, ward, clerk) == "Chỉ lãnh đạo cùng cơ quan làm thay được lãnh đạo."
    away(leader, ward, hire(ward, Position.LEADER))


def test_whoever_works_elsewhere_or_no_longer_cannot_stand_in(ward, clerk, colleague):
    assert "không giữ đủ" in refused("substitute", clerk, ward, officer(Position.CLERK, WardFactory(neighbour=True)))
    Membership.objects.filter(user=colleague).update(ended_at=NOW)
    assert "không giữ đủ" in refused("substitute", clerk, ward, colleague)


def test_a_substitute_who_is_away_himself_is_refused(ward, clerk, colleague, leader):
    away(colleague, ward, leader, 26, 27)
    assert "cũng vắng mặt, từ 26/11/2026" in refused("substitute", clerk, ward, colleague, 24, 26)
    away(clerk, ward, colleague, 24, 25)


def test_whoever_stands_in_does_not_go_away_until_somebody_else_does(ward, clerk, colleague, leader):
    first = away(clerk, ward, colleague, 24, 26)
    assert "đổi người làm thay" in refused("from_date", colleague, ward, leader, 26, 27)
    end_absence(first, by=leader, at=NOW)
    away(clerk, ward, leader, 24, 26)
    away(colleague, ward, leader, 26, 27)


def test_what_was_refused_leaves_nothing(ward, clerk, colleague):
    refused("to_date", clerk, ward, colleague, 25, 24)
    assert not Absence.objects.exists()


def test_the_table_itself_refuses_what_can_never_be(ward, clerk, colleague):
    facts = {"ward": ward, "user": clerk, "recorded_by": clerk, "recorded_at": NOW}
    for wrong in (
        {"from_date": november(25), "to_date": november(24), "substitute": colleague},
        {"from_date": november(24), "to_date": november(25), "substitute": clerk},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(**facts, **wrong)


# --- Ended ---------------------------------------------------------------------------------------------


def test_one_that_has_not_begun_is_called_off(ward, clerk, colleague):
    absence = end_absence(away(clerk, ward, colleague, 24, 26), by=clerk, at=NOW)
    assert (absence.cancelled_at, absence.to_date) == (NOW, november(26))
    assert absence_of(clerk, ward, november(25)) is None
    assert stands_in(colleague, ward, november(25)) == []
    away(clerk, ward, colleague, 24, 26)


def test_one_that_began_today_is_called_off(ward, clerk, colleague):
    absence = end_absence(away(clerk, ward, colleague, 23, 26), by=clerk, at=NOW)
    assert absence.cancelled_at == NOW
    assert absence_of(clerk, ward, TODAY) is None


def test_whoever_comes_back_early_was_away_until_yesterday(ward, clerk, colleague):
    absence = away(clerk, ward, colleague, 20, 26, at=datetime(2026, 11, 20, 1, tzinfo=UTC))
    ended = end_absence(absence, by=clerk, at=NOW)
    assert (ended.to_date, ended.cancelled_at) == (november(22), None)
    assert absence_of(clerk, ward, november(20)) == ended
    assert absence_of(clerk, ward, TODAY) is None
    event = audit.history_of(ended).last()
    assert (event.action, event.data) == ("end_absence", {"planned_to_date": "2026-11-26"})


def test_what_has_ended_is_not_ended_again(ward, clerk, colleague):
    called_off = end_absence(away(clerk, ward, colleague, 24, 26), by=clerk, at=NOW)
    over = away(clerk, ward, colleague, 20, 22, at=datetime(2026, 11, 20, 1, tzinfo=UTC))
    for absence in (called_off, over):
        with pytest.raises(AbsenceRefused, match="đã kết thúc"):
            end_absence(absence, by=clerk, at=NOW)


# --- At once -------------------------------------------------------------------------------------------


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_two_who_name_each_other_at_the_same_moment_are_not_both_away(ward, clerk, colleague):
    results = at_once(lambda: away(clerk, ward, colleague), lambda: away(colleague, ward, clerk))
    assert sorted(type(result).__name__ for result in results) == ["Absence", "AbsenceRefused"]
    assert Absence.objects.count() == 1


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_the_same_absence_sent_twice_at_once_is_recorded_once(ward, clerk, colleague):
    results = at_once(*[lambda: away(clerk, ward, colleague)] * 3)
    assert [type(result).__name__ for result in results].count("Absence") == 1
