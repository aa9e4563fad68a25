"""Working time, against cases reckoned by hand and against its own laws."""

import time as clock
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.calendar import CLOSED, VIETNAM, NeverOpens, WorkingCalendar, load_calendar, parse_hours
from portal.core.models import CalendarDay

ORDINARY = parse_hours("08:00-12:00,13:00-17:00")

# What 2026 was, from the public notices: swapped Saturdays 10/1 and 22/8, Tết from Monday to Friday.
DAYS_OFF_2026 = ["01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "04-27", "04-30", "05-01"]
DAYS_OFF_2026 += ["08-31", "09-01", "09-02"]
OFFICE = WorkingCalendar(
    special={
        **{date.fromisoformat(f"2026-{day}"): CLOSED for day in DAYS_OFF_2026},
        date(2026, 1, 10): ORDINARY,
        date(2026, 8, 22): ORDINARY,
        date(2026, 12, 24): parse_hours("08:00-12:00"),
    }
)


def at(text: str) -> datetime:
    """ "20/11/2026 15:00" in Vietnam."""
    format = "%d/%m/%Y %H:%M:%S" if text.count(":") == 2 else "%d/%m/%Y %H:%M"
    return datetime.strptime(text, format).replace(tzinfo=VIETNAM)


# --- Reckoned by hand --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("18/11/2026 14:59", "18/11/2026 17:00"),
        ("18/11/2026 15:00", "18/11/2026 17:00"),
        ("18/11/2026 15:00:59", "18/11/2026 17:00"),  # the receipt prints 15:00
        ("18/11/2026 15:01", "19/11/2026 17:00"),
        ("18/11/2026 06:30", "18/11/2026 17:00"),  # before opening
        ("18/11/2026 12:30", "18/11/2026 17:00"),  # at lunch
        ("18/11/2026 23:59", "19/11/2026 17:00"),
        ("20/11/2026 15:00", "20/11/2026 17:00"),  # a Friday
        ("20/11/2026 15:01", "23/11/2026 17:00"),
        ("21/11/2026 09:00", "23/11/2026 17:00"),  # a Saturday
        ("13/02/2026 15:01", "23/02/2026 17:00"),  # the last afternoon before Tết
        ("28/08/2026 15:01", "03/09/2026 17:00"),  # the last afternoon before National Day
        ("22/08/2026 15:00", "22/08/2026 17:00"),  # a Saturday worked for Monday 31/8
        ("21/08/2026 15:01", "22/08/2026 17:00"),
        ("24/12/2026 11:59", "24/12/2026 12:00"),  # a morning only
        ("24/12/2026 12:00", "25/12/2026 17:00"),  # closed already, though before the cut-off
        ("29/02/2028 15:00", "29/02/2028 17:00"),
        ("28/02/2028 15:01", "29/02/2028 17:00"),  # leap day
    ],
)
def test_same_day_limit_with_its_cut_off(received, due):
    assert OFFICE.same_day_due(at(received)) == at(due)


def test_the_cut_off_of_a_procedure_may_be_another():
    assert OFFICE.same_day_due(at("18/11/2026 15:30"), cutoff="16:00") == at("18/11/2026 17:00")


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [
        ("16/11/2026 08:00", 3, "19/11/2026 17:00"),
        ("16/11/2026 16:59", 3, "19/11/2026 17:00"),  # the day of acceptance is never counted
        ("18/11/2026 10:00", 3, "23/11/2026 17:00"),  # over a weekend
        ("20/11/2026 10:00", 1, "23/11/2026 17:00"),
        ("21/11/2026 10:00", 1, "23/11/2026 17:00"),  # accepted on a Saturday
        ("12/02/2026 10:00", 3, "24/02/2026 17:00"),  # 13, then Tết 16-20, 23, 24
        ("31/12/2025 10:00", 1, "05/01/2026 17:00"),  # 1/1 a holiday, 2/1 swapped
        ("08/01/2026 10:00", 2, "10/01/2026 17:00"),  # … for Saturday 10/1
        ("20/08/2026 10:00", 2, "22/08/2026 17:00"),
        ("28/08/2026 10:00", 1, "03/09/2026 17:00"),
        ("24/04/2026 10:00", 2, "29/04/2026 17:00"),  # 27 Giỗ Tổ observed, 28, 29
        ("24/04/2026 10:00", 3, "04/05/2026 17:00"),  # … 30/4 and 1/5
        ("23/12/2026 10:00", 1, "24/12/2026 12:00"),  # ends when that day closes
        ("28/02/2028 10:00", 1, "29/02/2028 17:00"),
        ("28/02/2027 10:00", 1, "01/03/2027 17:00"),
    ],
)
def test_a_limit_in_working_days(accepted, days, due):
    assert OFFICE.end_of_nth_working_day(at(accepted), days) == at(due)


@pytest.mark.parametrize(
    ("accepted", "days", "due"),
    [
        ("23/11/2026 09:00", 23, "16/12/2026 17:00"),  # days off are counted
        ("18/11/2026 10:00", 3, "23/11/2026 17:00"),  # would end on a Saturday: the Monday after
        ("20/08/2026 10:00", 2, "22/08/2026 17:00"),  # a Saturday, but a swapped one
        ("06/02/2026 16:00", 10, "23/02/2026 17:00"),  # would end at Tết
        ("28/02/2028 10:00", 1, "29/02/2028 17:00"),
        ("22/12/2026 10:00", 2, "24/12/2026 12:00"),  # ends when that day closes
    ],
)
def test_a_limit_in_days(accepted, days, due):
    assert OFFICE.end_of_nth_day(at(accepted), days) == at(due)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("18/11/2026 08:00", 0, "18/11/2026 08:00"),
        ("21/11/2026 10:00", 0, "21/11/2026 10:00"),  # adding nothing changes nothing
        ("18/11/2026 08:00", 240, "18/11/2026 12:00"),  # noon, not one o'clock
        ("18/11/2026 08:00", 241, "18/11/2026 13:01"),
        ("18/11/2026 08:00", 480, "18/11/2026 17:00"),  # closing, not the next opening
        ("18/11/2026 08:00", 481, "19/11/2026 08:01"),
        ("18/11/2026 17:00", 1, "19/11/2026 08:01"),
        ("18/11/2026 16:30:15", 60, "19/11/2026 08:30:15"),
        ("20/11/2026 16:00", 120, "23/11/2026 09:00"),  # Friday to Monday
        ("21/11/2026 10:00", 480, "23/11/2026 17:00"),
        ("13/02/2026 16:00", 120, "23/02/2026 09:00"),  # over Tết
        ("21/08/2026 16:00", 120, "22/08/2026 09:00"),  # into the swapped Saturday
        ("22/08/2026 16:00", 120, "24/08/2026 09:00"),
        ("28/02/2028 16:00", 120, "29/02/2028 09:00"),
    ],
)
def test_working_minutes_added(start, minutes, end):
    assert OFFICE.add_minutes(at(start), minutes) == at(end)


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        ("18/11/2026 17:00", 0, "18/11/2026 17:00"),
        ("21/11/2026 10:00", 0, "21/11/2026 10:00"),  # taking nothing off changes nothing
        ("18/11/2026 17:00", 240, "18/11/2026 13:00"),  # one o'clock, not noon
        ("18/11/2026 17:00", 241, "18/11/2026 11:59"),
        ("18/11/2026 17:00", 480, "18/11/2026 08:00"),  # opening, not the last closing
        ("18/11/2026 17:00", 481, "17/11/2026 16:59"),
        ("18/11/2026 08:00", 1, "17/11/2026 16:59"),
        ("18/11/2026 12:30", 30, "18/11/2026 11:30"),  # at lunch
        ("19/11/2026 08:30:15", 60, "18/11/2026 16:30:15"),
        ("23/11/2026 09:00", 120, "20/11/2026 16:00"),  # Monday back to Friday
        ("22/11/2026 10:00", 480, "20/11/2026 08:00"),  # a Sunday
        ("23/02/2026 09:00", 120, "13/02/2026 16:00"),  # back over Tết
        ("24/08/2026 09:00", 120, "22/08/2026 16:00"),  # into the swapped Saturday
        ("25/12/2026 09:00", 120, "24/12/2026 11:00"),  # into a day of a morning only
        ("01/03/2028 09:00", 120, "29/02/2028 16:00"),
    ],
)
def test_working_minutes_taken_back(end, minutes, start):
    assert OFFICE.subtract_minutes(at(end), minutes) == at(start)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("18/11/2026 08:00", "18/11/2026 17:00", 480),
        ("18/11/2026 11:00", "18/11/2026 14:00", 120),
        ("18/11/2026 12:10", "18/11/2026 12:50", 0),
        ("18/11/2026 09:00:00", "18/11/2026 09:00:59", 0),  # whole minutes only
        ("20/11/2026 16:00", "23/11/2026 09:00", 120),
        ("23/11/2026 09:00", "20/11/2026 16:00", -120),
        ("13/02/2026 17:00", "23/02/2026 08:00", 0),  # all of Tết
    ],
)
def test_working_minutes_between(start, end, minutes):
    assert OFFICE.minutes_between(at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("instant", "open", "next_opening"),
    [
        ("18/11/2026 07:59", False, "18/11/2026 08:00"),
        ("18/11/2026 08:00", True, "18/11/2026 08:00"),
        ("18/11/2026 11:59", True, "18/11/2026 11:59"),
        ("18/11/2026 12:00", False, "18/11/2026 13:00"),
        ("18/11/2026 17:00", False, "19/11/2026 08:00"),
        ("20/11/2026 17:00", False, "23/11/2026 08:00"),
    ],
)
def test_when_the_office_is_open(instant, open, next_opening):
    assert OFFICE.is_open(at(instant)) is open
    assert OFFICE.next_opening(at(instant)) == at(next_opening)


# --- Zones -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"])
def test_the_zone_an_instant_is_written_in_changes_nothing(zone):
    elsewhere = at("18/11/2026 15:01").astimezone(ZoneInfo(zone))
    due = OFFICE.same_day_due(elsewhere)
    assert (due, due.tzinfo) == (at("19/11/2026 17:00"), VIETNAM)
    assert OFFICE.add_minutes(elsewhere, 60) == at("18/11/2026 16:01")


def test_a_utc_evening_is_the_next_vietnamese_day():
    midnight = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
    assert OFFICE.end_of_nth_working_day(midnight - timedelta(seconds=1), 1) == at("18/11/2026 17:00")
    assert OFFICE.end_of_nth_working_day(midnight, 1) == at("19/11/2026 17:00")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_the_zone_of_the_server_changes_nothing(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    clock.tzset()
    try:
        assert OFFICE.same_day_due(at("18/11/2026 15:01")) == at("19/11/2026 17:00")
    finally:
        monkeypatch.undo()
        clock.tzset()


# --- Laws --------------------------------------------------------------------------------------------

instants = st.datetimes(
    datetime(2025, 12, 20),  # noqa: DTZ001 - the strategy adds the zones
    datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, VIETNAM, ZoneInfo("Europe/Paris")]),
)
durations = st.integers(0, 480 * 12)


@given(instants, durations, durations)
def test_adding_twice_is_adding_the_sum(start, first, second):
    assert OFFICE.add_minutes(OFFICE.add_minutes(start, first), second) == OFFICE.add_minutes(start, first + second)


@given(instants, durations)
def test_what_was_added_is_what_lies_between(start, minutes):
    assert OFFICE.minutes_between(start, OFFICE.add_minutes(start, minutes)) == minutes


@given(instants, instants, durations)
def test_whoever_starts_later_never_ends_earlier(one, other, minutes):
    one, other = sorted((one, other), key=datetime.timestamp)
    assert OFFICE.add_minutes(one, minutes) <= OFFICE.add_minutes(other, minutes)
    assert OFFICE.same_day_due(one) <= OFFICE.same_day_due(other)
    assert OFFICE.end_of_nth_working_day(one, 3) <= OFFICE.end_of_nth_working_day(other, 3)


@given(instants, st.integers(1, 480 * 12))
def test_time_runs_out_only_while_the_office_works_or_as_it_closes(start, minutes):
    end = OFFICE.add_minutes(start, minutes)
    assert end > start
    assert OFFICE.is_open(end - timedelta(microseconds=1))


@given(instants, instants, instants)
def test_time_between_is_additive_to_the_minute(a, b, c):
    a, b, c = (moment.replace(second=0, microsecond=0) for moment in sorted((a, b, c), key=datetime.timestamp))
    assert OFFICE.minutes_between(a, b) + OFFICE.minutes_between(b, c) == OFFICE.minutes_between(a, c)


@settings(max_examples=30)
@given(instants, st.integers(1, 30))
def test_a_limit_in_days_gives_at_least_that_much_working_time(start, days):
    whole_days = WorkingCalendar()
    due = whole_days.end_of_nth_working_day(start, days)
    assert whole_days.minutes_between(start, due) in range(480 * days, 480 * (days + 1) + 1)


# --- Bad data ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["8-12", "08:00-08:00", "13:00-12:00", "08:00-12:00,11:00-17:00", "08:00-24:30", "x"])
def test_hours_that_make_no_sense_are_refused(text):
    with pytest.raises(ValueError, match="period"):
        parse_hours(text)


def test_hours_may_be_typed_with_spaces_and_dashes():
    assert parse_hours(" 8:00 – 12:00, 13:30-17:00 ") == ((480, 720), (810, 1020))
    assert parse_hours("") == CLOSED


def test_naive_datetimes_are_refused():
    with pytest.raises(ValueError, match="aware"):
        OFFICE.add_minutes(datetime(2026, 11, 18, 8), 10)  # noqa: DTZ001


def test_time_is_not_taken_back():
    with pytest.raises(ValueError, match="forwards"):
        OFFICE.add_minutes(at("18/11/2026 08:00"), -1)
    with pytest.raises(ValueError, match="backwards"):
        OFFICE.subtract_minutes(at("18/11/2026 08:00"), -1)


def test_an_office_that_never_opens_is_an_error_and_not_an_endless_search():
    never = WorkingCalendar(weekly=(CLOSED,) * 7)
    with pytest.raises(NeverOpens):
        never.add_minutes(at("18/11/2026 08:00"), 1)
    with pytest.raises(NeverOpens):
        never.subtract_minutes(at("18/11/2026 08:00"), 1)


# --- The table and its seed --------------------------------------------------------------------------


@dataclass
class Office:
    code: str = "00127"
    office_hours: str = "08:00-12:00,13:30-17:00"


@pytest.fixture
def seeded(db):
    call_command("seed_calendar", verbosity=0, stdout=StringIO())


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2024-02-07", True),
        ("2024-02-08", False),
        ("2024-02-14", False),
        ("2024-04-29", False),
        ("2024-05-04", True),  # a Saturday, for 29/4
        ("2025-04-26", True),
        ("2025-05-02", False),
        ("2026-01-02", False),
        ("2026-01-10", True),
        ("2026-02-13", True),
        ("2026-02-16", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2026-04-27", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-09-02", False),
        ("2026-09-03", True),
        ("2026-11-24", True),  # no law making it a day off is confirmed
    ],
)
def test_the_seed_knows_the_days_of_past_years(seeded, day, working):
    assert load_calendar().is_working(date.fromisoformat(day)) is working


def test_every_projected_holiday_says_that_it_is_one(seeded):
    later = CalendarDay.objects.filter(date__year__gte=2027, kind="closed")
    assert later.exists()
    assert [row.note for row in later if "dự kiến" not in row.note] == []


def test_seeding_again_changes_nothing_and_keeps_what_was_edited(seeded):
    CalendarDay.objects.filter(date=date(2026, 11, 24)).update(kind="closed", note="Nghỉ theo luật", edited=True)
    before = list(CalendarDay.objects.order_by("pk").values())
    out = StringIO()
    call_command("seed_calendar", stdout=out)
    assert list(CalendarDay.objects.order_by("pk").values()) == before
    assert "1 changed by hand and kept" in out.getvalue()


def test_a_wards_own_row_wins_and_counts_at_once(seeded, django_assert_num_queries):
    CalendarDay.objects.create(date=date(2026, 9, 2), kind="hours", hours="08:00-10:00", ward_code="00127", note="Trực")
    with django_assert_num_queries(1):
        calendar = load_calendar(Office())
    assert calendar.end_of_nth_working_day(at("28/08/2026 10:00"), 1) == at("02/09/2026 10:00")
    assert load_calendar(Office(code="00115")).is_working(date(2026, 9, 2)) is False
    CalendarDay.objects.filter(ward_code="00127").delete()
    assert load_calendar(Office()).is_working(date(2026, 9, 2)) is False


def test_a_swapped_saturday_keeps_the_wards_own_hours(seeded):
    assert load_calendar(Office()).hours(date(2026, 8, 22)) == parse_hours("08:00-12:00,13:30-17:00")


@pytest.mark.parametrize(("kind", "hours"), [("hours", ""), ("closed", "08:00-12:00"), ("working", "08:00-12:00")])
def test_hours_belong_to_a_day_of_other_hours_and_to_no_other(db, kind, hours):
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(date=date(2026, 9, 2), kind=kind, hours=hours, note="x")
