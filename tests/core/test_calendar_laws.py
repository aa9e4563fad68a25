"""What holds for every working calendar, whatever its holidays, half days and swapped Saturdays.

The laws are tried on calendars made up by hypothesis, so that none of them leans on the year 2026.
"""

import os
import time as clock
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.calendar import CLOSED, VIETNAM, Hours, WorkingCalendar

FIRST_DAY, DAYS = date(2027, 12, 20), 100  # over a year's end and a leap day
ZONES = ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Ho_Chi_Minh"]


@st.composite
def day_hours(draw) -> Hours:
    """Up to three periods of a day, to the minute; none at all is a day off."""
    edges = draw(st.lists(st.integers(0, 24 * 60), min_size=0, max_size=6, unique=True).map(sorted))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


days = st.integers(0, DAYS).map(lambda n: FIRST_DAY + timedelta(days=n))
special_days = st.dictionaries(days, st.just(CLOSED) | day_hours(), max_size=25)
calendars = st.builds(lambda special: WorkingCalendar(special=special), special_days)
instants = st.datetimes(
    datetime(2027, 12, 21),  # noqa: DTZ001 - the strategy adds the zones
    datetime(2028, 3, 25),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, VIETNAM, ZoneInfo("Europe/Paris")]),
)
minutes = st.integers(0, 480 * 10)
some_minutes = st.integers(1, 480 * 10)
limits = st.integers(1, 15)


def in_order(*moments: datetime) -> list[datetime]:
    return sorted(moments, key=datetime.timestamp)


# --- Monotone ------------------------------------------------------------------------------------------


@given(calendars, instants, instants, minutes, limits)
def test_whoever_starts_later_never_ends_earlier(calendar, one, other, amount, limit):
    one, other = in_order(one, other)
    assert calendar.add_minutes(one, amount) <= calendar.add_minutes(other, amount)
    assert calendar.subtract_minutes(one, amount) <= calendar.subtract_minutes(other, amount)
    assert calendar.end_of_nth_working_day(one, limit) <= calendar.end_of_nth_working_day(other, limit)
    assert calendar.same_day_due(one) <= calendar.same_day_due(other)
    assert calendar.next_opening(one) <= calendar.next_opening(other)


@given(calendars, instants, minutes, minutes, limits, limits)
def test_more_time_never_ends_earlier_nor_begins_later(calendar, start, less, more, few, many):
    less, more, few, many = *sorted((less, more)), *sorted((few, many))
    assert calendar.add_minutes(start, less) <= calendar.add_minutes(start, more)
    assert calendar.subtract_minutes(start, less) >= calendar.subtract_minutes(start, more)
    assert calendar.end_of_nth_working_day(start, few) <= calendar.end_of_nth_working_day(start, many)


@given(calendars, days, instants, minutes, limits)
def test_another_day_off_never_brings_a_due_time_forward(calendar, day, start, amount, limit):
    stormy = replace(calendar, special={**calendar.special, day: CLOSED})
    assert stormy.add_minutes(start, amount) >= calendar.add_minutes(start, amount)
    assert stormy.subtract_minutes(start, amount) <= calendar.subtract_minutes(start, amount)
    assert stormy.end_of_nth_working_day(start, limit) >= calendar.end_of_nth_working_day(start, limit)


@given(calendars, instants, minutes, minutes)
def test_time_that_does_not_count_never_shortens_what_is_left(calendar, start, amount, pause):
    """Stopping after a while and going on later ends no earlier than going straight on."""
    straight_on = calendar.add_minutes(start, amount)
    stopped_at = calendar.add_minutes(start, amount // 2)
    assert calendar.add_minutes(calendar.add_minutes(stopped_at, pause), amount - amount // 2) >= straight_on


# --- Splitting -----------------------------------------------------------------------------------------


@given(calendars, instants, minutes, minutes)
def test_splitting_an_amount_changes_nothing(calendar, start, first, second):
    add, subtract = calendar.add_minutes, calendar.subtract_minutes
    assert add(add(start, first), second) == add(start, first + second)
    assert subtract(subtract(start, first), second) == subtract(start, first + second)


@given(calendars, instants, instants, instants)
def test_splitting_a_stretch_changes_nothing(calendar, a, b, c):
    a, b, c = (moment.replace(second=0, microsecond=0) for moment in in_order(a, b, c))
    assert calendar.minutes_between(a, b) + calendar.minutes_between(b, c) == calendar.minutes_between(a, c)
    assert calendar.minutes_between(c, a) == -calendar.minutes_between(a, c)


@given(calendars, st.integers(0, 24 * 60), instants, instants, minutes, limits)
def test_splitting_office_hours_changes_nothing(calendar, cut, start, end, amount, limit):
    """A morning of 08:00-12:00 is one of 08:00-10:00 and 10:00-12:00."""
    cut_up = WorkingCalendar(
        weekly=tuple(_cut(hours, cut) for hours in calendar.weekly),
        special={day: _cut(hours, cut) for day, hours in calendar.special.items()},
    )
    assert cut_up.add_minutes(start, amount) == calendar.add_minutes(start, amount)
    assert cut_up.subtract_minutes(start, amount) == calendar.subtract_minutes(start, amount)
    assert cut_up.minutes_between(start, end) == calendar.minutes_between(start, end)
    assert cut_up.next_opening(start) == calendar.next_opening(start)
    assert cut_up.is_open(start) == calendar.is_open(start)
    assert cut_up.same_day_due(start) == calendar.same_day_due(start)
    assert cut_up.end_of_nth_working_day(start, limit) == calendar.end_of_nth_working_day(start, limit)


def _cut(hours: Hours, at: int) -> Hours:
    pieces = ((piece for piece in ((opens, min(closes, at)), (max(opens, at), closes))) for opens, closes in hours)
    return tuple((opens, closes) for pair in pieces for opens, closes in pair if opens < closes)


# --- Forwards and backwards ----------------------------------------------------------------------------


@given(calendars, instants, minutes)
def test_what_was_added_or_taken_back_is_what_lies_between(calendar, moment, amount):
    assert calendar.minutes_between(moment, calendar.add_minutes(moment, amount)) == amount
    assert calendar.minutes_between(calendar.subtract_minutes(moment, amount), moment) == amount


@given(calendars, instants, some_minutes)
def test_taking_back_undoes_adding_up_to_the_opening(calendar, start, amount):
    assert calendar.subtract_minutes(calendar.add_minutes(start, amount), amount) == calendar.next_opening(start)


@given(calendars, instants, some_minutes)
def test_adding_undoes_taking_back_up_to_the_closing_before(calendar, end, amount):
    back = calendar.add_minutes(calendar.subtract_minutes(end, amount), amount)
    # The last instant that is no later than the end and ends working time.
    assert back <= end
    assert calendar.minutes_between(back, end) == 0
    assert calendar.is_open(back - timedelta(microseconds=1))
    assert (back == end) == calendar.is_open(end - timedelta(microseconds=1))


@given(calendars, instants, some_minutes)
def test_the_start_that_is_found_is_the_latest(calendar, end, amount):
    start = calendar.subtract_minutes(end, amount)
    assert calendar.is_open(start)
    assert calendar.add_minutes(start + timedelta(microseconds=1), amount) > calendar.add_minutes(start, amount)


# --- The server's zone ---------------------------------------------------------------------------------


@contextmanager
def server_in(zone: str):
    """A machine whose clock, and a Django whose settings, are set to this zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    clock.tzset()
    try:
        with override_settings(TIME_ZONE=zone), timezone.override(zone):
            yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        clock.tzset()


def answers(calendar: WorkingCalendar, moment: datetime, amount: int, limit: int) -> tuple:
    """Everything the calendar says of an instant, as it writes it, zone and all."""
    return tuple(
        answer.isoformat()
        for answer in (
            calendar.add_minutes(moment, amount),
            calendar.subtract_minutes(moment, amount),
            calendar.same_day_due(moment),
            calendar.end_of_nth_working_day(moment, limit),
            calendar.next_opening(moment),
        )
    )


@settings(max_examples=25)
@given(calendars, instants, minutes, limits)
def test_neither_the_zone_of_the_server_nor_that_of_the_instant_changes_anything(calendar, moment, amount, limit):
    expected = answers(calendar, moment, amount, limit)
    for zone in ZONES:
        with server_in(zone):
            assert answers(calendar, moment, amount, limit) == expected
            assert answers(calendar, moment.astimezone(ZoneInfo(zone)), amount, limit) == expected
            assert answers(calendar, timezone.localtime(moment), amount, limit) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_really_was_another(zone):
    """The test above would prove nothing if the machine kept its own."""
    moment = datetime(2028, 1, 15, 12, tzinfo=UTC)
    with server_in(zone):
        assert datetime.fromtimestamp(moment.timestamp()).hour == moment.astimezone(ZoneInfo(zone)).hour  # noqa: DTZ006
        assert timezone.localtime(moment).hour == moment.astimezone(ZoneInfo(zone)).hour
