"""Which times are free, by hand."""

from datetime import date, time

import pytest

from portal.core.calendar import WorkingCalendar, parse_hours
from services.appointments.models import VisitHours
from services.appointments.slots import Taken, bookable_days, earliest_start, free_slots, is_open_for

from .conftest import NOW, TUESDAY_9, hanoi

ORDINARY = WorkingCalendar()
TUESDAY = date(2026, 11, 24)


def times(day=TUESDAY, *, calendar=ORDINARY, minutes=30, taken=(), earliest=NOW, **hours) -> list[str]:
    free = free_slots(
        day, calendar=calendar, hours=VisitHours(**hours), minutes=minutes, taken=taken, earliest=earliest
    )
    return [f"{slot.starts_at:%H:%M}" for slot in free]


def test_a_day_is_cut_by_the_ward_within_its_office_hours():
    assert times(slot_minutes=60) == ["08:00", "09:00", "10:00", "11:00", "13:00", "14:00", "15:00", "16:00"]


def test_a_visit_ends_before_the_office_closes_for_lunch_and_for_the_day():
    assert times(slot_minutes=60, minutes=90) == ["08:00", "09:00", "10:00", "13:00", "14:00", "15:00"]


def test_the_ward_says_from_when_to_when():
    assert times(slot_minutes=60, first_start=time(10, 0), last_start=time(14, 0)) == [
        "10:00",
        "11:00",
        "13:00",
        "14:00",
    ]


def test_a_closed_day_has_no_times_and_a_half_day_half_of_them():
    calendar = WorkingCalendar(special={TUESDAY: (), date(2026, 11, 25): parse_hours("08:00-10:00")})

    assert times(calendar=calendar) == []
    assert times(date(2026, 11, 25), calendar=calendar) == ["08:00", "08:30", "09:00", "09:30"]


def test_saturday_and_sunday_have_none_unless_swapped():
    saturday = date(2026, 11, 28)

    assert times(saturday) == []
    assert times(saturday, calendar=WorkingCalendar(special={saturday: parse_hours("08:00-09:00")})) == [
        "08:00",
        "08:30",
    ]


def test_nothing_is_offered_before_the_earliest_moment():
    assert times(earliest=hanoi(24, 15, 1)) == ["15:30", "16:00", "16:30"]


def test_a_time_is_gone_when_every_counter_is_taken():
    one, two = (Taken(TUESDAY_9, hanoi(24, 9, 30), counter) for counter in (1, 2))

    assert "09:00" in times(taken=[one])
    assert "09:00" not in times(taken=[one, two])
    assert "09:00" not in times(taken=[one], counters=1)


@pytest.mark.parametrize(
    ("begins", "ends", "lost"),
    [
        (hanoi(24, 9), hanoi(24, 9, 30), ["09:00"]),
        (hanoi(24, 9), hanoi(24, 10), ["09:00", "09:30"]),
        (hanoi(24, 9, 15), hanoi(24, 9, 45), ["09:00", "09:30"]),
    ],
)
def test_visits_of_other_lengths_take_what_they_overlap(begins, ends, lost):
    every = times(counters=1)

    assert [time for time in every if time not in times(counters=1, taken=[Taken(begins, ends, 1)])] == lost


def test_the_days_begin_two_working_hours_from_now_and_are_as_many_as_the_ward_opens():
    friday_evening = hanoi(27, 16, 30)

    assert earliest_start(ORDINARY, NOW) == hanoi(23, 14)
    assert earliest_start(ORDINARY, friday_evening) == hanoi(30, 9, 30)
    assert bookable_days(ORDINARY, VisitHours(days_ahead=3), earliest_start(ORDINARY, friday_evening)) == [
        date(2026, 11, 30),
        date(2026, 12, 1),
        date(2026, 12, 2),
    ]


def test_an_office_is_open_for_a_visit_only_all_the_while():
    assert is_open_for(ORDINARY, TUESDAY_9, hanoi(24, 9, 30))
    assert not is_open_for(ORDINARY, hanoi(24, 11, 45), hanoi(24, 12, 15))
    assert not is_open_for(WorkingCalendar(special={TUESDAY: ()}), TUESDAY_9, hanoi(24, 9, 30))
