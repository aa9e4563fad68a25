"""The one writer of days that differ: a document for each, a record of each, one row a day."""

from datetime import UTC, date, datetime

import pytest

from portal.core import audit
from portal.core.calendar_days import DayRefused, clear_day, hours_of, set_day
from portal.core.models import AuditEvent, CalendarDay
from tests.core.at_once import at_once, needs_row_locks
from tests.factories.buildings import WardFactory
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
STORM = date(2026, 11, 26)
FACTS = {"kind": "closed", "note": "Nghỉ tránh bão", "source": "Công điện 05"}


@pytest.fixture
def ward():
    return WardFactory()


@pytest.fixture
def leader():
    return UserFactory(full_name="Phạm Quốc Dũng")


def test_a_day_of_one_ward_and_the_same_day_of_all_are_two_rows(ward, leader):
    own = set_day(STORM, office=ward, by=leader, at=AT, **FACTS)
    general = set_day(STORM, office=None, by=None, at=AT, **{**FACTS, "note": "Nghỉ toàn quốc"})
    assert [own.ward_code, general.ward_code] == [ward.code, ""]
    assert [event.ward_id for event in AuditEvent.objects.order_by("pk")] == [ward.pk, None]
    assert [event.actor_name for event in AuditEvent.objects.order_by("pk")] == ["Phạm Quốc Dũng", ""]


def test_entering_it_again_replaces_it_and_keeps_the_record_of_both(ward, leader):
    set_day(STORM, office=ward, by=leader, at=AT, **FACTS)
    again = {**FACTS, "kind": "hours", "hours": "13:00 - 17:00"}
    row = set_day(STORM, office=ward, by=leader, at=AT, **again)
    assert CalendarDay.objects.get() == row
    assert (row.kind, row.hours, row.edited) == ("hours", "13:00-17:00", True)
    first, second = audit.history_of(row)
    assert first.data["before"] is None
    assert second.data["before"] == {**FACTS, "hours": ""}
    assert audit.verify(audit.history_of(row)) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": "  "}, "source"),
        ({"note": ""}, "note"),
        ({"kind": "holiday"}, "kind"),
        ({"kind": "hours"}, "hours"),
        ({"kind": "hours", "hours": "17:00-13:00"}, "hours"),
    ],
)
def test_without_a_document_a_reason_or_sensible_hours_nothing_is_entered(ward, leader, change, field):
    with pytest.raises(DayRefused) as refusal:
        set_day(STORM, office=ward, by=leader, at=AT, **{**FACTS, **change})
    assert refusal.value.field == field
    assert not CalendarDay.objects.exists()
    assert not AuditEvent.objects.exists()


def test_hours_are_kept_for_a_day_of_other_hours_only():
    assert hours_of("closed", "08:00-12:00") == ""
    assert hours_of("working", "nonsense") == ""
    assert hours_of("hours", " 8:00–11:30 , 13:00-16:00") == "08:00-11:30,13:00-16:00"


def test_a_day_is_taken_away_by_whose_it_is_once_and_with_a_document(ward, leader):
    row = set_day(STORM, office=ward, by=leader, at=AT, **FACTS)
    with pytest.raises(DayRefused):
        clear_day(row, office=ward, source="", by=leader, at=AT)
    with pytest.raises(DayRefused):
        clear_day(row, office=WardFactory(neighbour=True), source="Công điện 06", by=leader, at=AT)
    assert CalendarDay.objects.get() == row

    clear_day(row, office=ward, source="Công điện 06", by=leader, at=AT)

    assert not CalendarDay.objects.exists()
    event = AuditEvent.objects.get(action="clear_calendar_day")
    assert (event.data["before"]["note"], event.data["source"]) == ("Nghỉ tránh bão", "Công điện 06")
    with pytest.raises(DayRefused, match="đã được người khác bỏ"):
        clear_day(row, office=ward, source="Công điện 06", by=leader, at=AT)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_two_who_enter_the_same_day_at_once_leave_one_row_and_one_is_told(ward, leader):
    enter = [lambda: set_day(STORM, office=ward, by=leader, at=AT, **FACTS)] * 3
    results = at_once(*enter)
    assert {type(result).__name__ for result in results} <= {"CalendarDay", "DayRefused"}
    assert CalendarDay.objects.count() == 1
    assert audit.verify(AuditEvent.objects.all()) is None
