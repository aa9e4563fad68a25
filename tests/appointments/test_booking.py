"""Who may book what, what becomes of it, and that the last place goes to one."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.core import audit, workflow
from portal.core.calendar import load_calendar
from portal.core.models import CalendarDay
from services.appointments import booking
from services.appointments.models import Appointment, AppointmentState, VisitHours
from services.dossiers import actions
from tests.core.at_once import at_once, needs_row_locks
from tests.factories.appointments import booked
from tests.factories.buildings import WardFactory, officer
from tests.factories.dossiers import DossierFactory
from tests.factories.people import UserFactory

from .conftest import NOW, TUESDAY_9, beat, hanoi, told

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
S = AppointmentState


def states(dossier) -> list[str]:
    return list(dossier.appointments.order_by("booked_at", "starts_at").values_list("state", flat=True))


def close(day, ward_code: str = "") -> None:
    CalendarDay.objects.create(date=day, kind="closed", ward_code=ward_code, note="Bão")


def test_a_resident_books_a_time_and_is_told_once(dossier, resident):
    made = booking.book(dossier, TUESDAY_9, by=resident, at=NOW)

    assert (made.starts_at, made.ends_at, made.counter, made.state) == (TUESDAY_9, hanoi(24, 9, 30), 1, S.BOOKED)
    assert told(resident) == ["booked"]
    assert [event.action for event in audit.history_of(made)] == ["book"]


def test_booking_the_same_time_again_changes_nothing(dossier, resident, appointment):
    again = booking.book(dossier, TUESDAY_9, by=resident, at=NOW + timedelta(minutes=1))

    assert again == appointment
    assert (states(dossier), told(resident)) == ([S.BOOKED], ["booked"])


def test_another_time_moves_the_appointment_and_frees_the_old_one(dossier, resident, appointment, send):
    VisitHours.objects.create(ward=dossier.ward, counters=1)

    booking.book(dossier, hanoi(25, 10), by=resident, at=NOW)

    assert states(dossier) == [S.MOVED, S.BOOKED]
    assert booked(send(), TUESDAY_9, at=NOW).counter == 1


def test_a_booking_may_overlap_the_one_it_replaces(dossier, resident, ward):
    VisitHours.objects.create(ward=ward, counters=1, slot_minutes=15)
    booking.book(dossier, TUESDAY_9, by=resident, at=NOW)

    moved = booking.book(dossier, hanoi(24, 9, 15), by=resident, at=NOW)

    assert moved.counter == 1


def test_the_second_counter_takes_the_second_person_and_the_third_is_refused(send):
    first, second, third = send(), send(), send()

    assert [booked(one, TUESDAY_9, at=NOW).counter for one in (first, second)] == [1, 2]
    with pytest.raises(booking.SlotGone):
        booked(third, TUESDAY_9, at=NOW)


@pytest.mark.parametrize(
    "moment", [hanoi(23, 13, 30), hanoi(23, 9), hanoi(28, 9), hanoi(24, 12), hanoi(24, 9, 10), hanoi(24, 17)]
)
def test_times_too_soon_past_closed_or_off_the_grid_are_refused(dossier, resident, moment):
    with pytest.raises(booking.SlotGone):
        booking.book(dossier, moment, by=resident, at=NOW)


def test_a_holiday_is_not_offered(dossier, resident):
    close("2026-11-24")

    with pytest.raises(booking.SlotGone):
        booking.book(dossier, TUESDAY_9, by=resident, at=NOW)


@pytest.mark.parametrize("state", ["supplement", "done", "refused", "withdrawn"])
def test_dossiers_in_other_states_make_no_appointment(send, state):
    dossier = send(**{"accepted": False, state: True})

    with pytest.raises(booking.CannotBook):
        booked(dossier, TUESDAY_9, at=NOW)


@pytest.mark.parametrize("state", ["submitted", "accepted", "processing"])
def test_dossiers_on_their_way_do(send, state):
    assert booked(send(**{"accepted": False, state: True}), TUESDAY_9, at=NOW).is_booked


def test_a_procedure_without_a_visit_makes_no_appointment(ward):
    with pytest.raises(booking.CannotBook):
        booked(DossierFactory(ward=ward, accepted=True), TUESDAY_9, at=NOW)


def test_strangers_and_other_wards_cannot_book(dossier):
    neighbour = WardFactory(neighbour=True, staffed=True)
    for stranger in (UserFactory(), officer("clerk", neighbour)):
        with pytest.raises(PermissionDenied):
            booking.book(dossier, TUESDAY_9, by=stranger, at=NOW)


def test_the_desk_books_by_telephone_without_notice(dossier, clerk, resident):
    made = booking.book(dossier, hanoi(23, 13), by=clerk, at=NOW, note="Bà Hường gọi")

    assert (made.booked_by, made.note) == (clerk, "Bà Hường gọi")
    assert told(resident) == ["booked"]


def test_within_two_hours_the_resident_telephones_and_the_desk_moves_it(dossier, resident, clerk, appointment):
    late = TUESDAY_9 - timedelta(minutes=119)

    with pytest.raises(booking.CannotBook, match="2 giờ"):
        booking.book(dossier, hanoi(25, 9), by=resident, at=late)
    assert booking.book(dossier, hanoi(25, 9), by=clerk, at=late).starts_at == hanoi(25, 9)


def test_a_cancelled_time_is_free_again(dossier, resident, appointment, send):
    VisitHours.objects.create(ward=dossier.ward, counters=1)

    booking.cancel(appointment, by=resident, at=NOW)

    assert states(dossier) == [S.CANCELLED]
    assert told(resident) == ["booked", "cancelled"]
    assert booked(send(), TUESDAY_9, at=NOW).is_booked
    assert booking.why_not(dossier, by=resident, at=NOW) == ""


def test_the_dossier_knows_until_when_it_waits(dossier, resident, clock):
    """An invited person who has an appointment ahead is not silent (services/dossiers/watch.py)."""
    made = booking.book(dossier, TUESDAY_9, by=resident, at=NOW)
    dossier.refresh_from_db()
    assert dossier.visit_expected_at == made.ends_at

    booking.cancel(made, by=resident, at=NOW + timedelta(minutes=5))
    dossier.refresh_from_db()
    assert dossier.visit_expected_at == NOW + timedelta(minutes=5)


def test_nothing_is_cancelled_once_it_has_begun_or_twice(appointment, resident):
    with pytest.raises(workflow.Blocked):
        booking.cancel(appointment, by=resident, at=TUESDAY_9)
    booking.cancel(appointment, by=resident, at=NOW)
    with pytest.raises(workflow.IllegalMove):
        booking.cancel(appointment, by=resident, at=NOW)


def test_strangers_cancel_and_mark_nothing(appointment, resident):
    with pytest.raises(PermissionDenied):
        booking.cancel(appointment, by=UserFactory(), at=NOW)
    for person in (resident, UserFactory()):
        with pytest.raises(PermissionDenied):
            booking.mark(appointment, "came", by=person, at=TUESDAY_9)


@pytest.mark.parametrize("name", ["came", "no_show"])
def test_nobody_is_marked_before_their_time(appointment, clerk, name):
    with pytest.raises(workflow.Blocked):
        booking.mark(appointment, name, by=clerk, at=TUESDAY_9 - timedelta(minutes=1))

    assert booking.mark(appointment, name, by=clerk, at=TUESDAY_9).state == name


def test_a_wrong_mark_is_put_right_the_same_day_and_no_later(appointment, clerk, resident, clock):
    booking.mark(appointment, "no_show", by=clerk, at=TUESDAY_9)
    booking.mark(appointment, "came", by=clerk, at=TUESDAY_9 + timedelta(minutes=5))

    beat(clock, hanoi(24, 12))
    assert told(resident) == ["booked"]  # neither that they missed it nor, so late, a reminder
    with pytest.raises(workflow.Blocked):
        booking.mark(appointment, "no_show", by=clerk, at=hanoi(25, 8))


def test_who_missed_it_is_told_after_ten_minutes_and_books_again(dossier, appointment, clerk, resident, clock):
    booking.mark(appointment, "no_show", by=clerk, at=hanoi(24, 9, 20))

    beat(clock, hanoi(24, 9, 29))
    assert told(resident) == ["booked"]
    beat(clock, hanoi(24, 9, 30))
    assert told(resident) == ["booked", "no_show"]
    assert booking.book(dossier, hanoi(25, 9), by=resident, at=hanoi(24, 10)).is_booked


def test_after_two_missed_visits_only_the_desk_books(dossier, clerk, resident, clock):
    for day in (24, 25):
        missed = booking.book(dossier, hanoi(day, 15), by=resident, at=hanoi(day, 9))
        booking.mark(missed, "no_show", by=clerk, at=hanoi(day, 15, 20))
        beat(clock, hanoi(day, 16))

    with pytest.raises(booking.CannotBook, match="hai lần"):
        booking.book(dossier, hanoi(27, 9), by=resident, at=hanoi(26, 9))
    assert booking.book(dossier, hanoi(27, 9), by=clerk, at=hanoi(26, 9)).is_booked


def test_who_came_needs_no_other_appointment(dossier, appointment, clerk, resident):
    booking.mark(appointment, "came", by=clerk, at=TUESDAY_9)

    assert "đã đến" in booking.why_not(dossier, by=resident, at=hanoi(24, 10))
    assert booking.why_not(dossier, by=clerk, at=hanoi(24, 10)) == ""


def test_an_appointment_nobody_marked_does_not_hold_the_resident_up(dossier, appointment, resident):
    assert booking.book(dossier, hanoi(26, 9), by=resident, at=hanoi(25, 9)).is_booked
    assert states(dossier) == [S.MOVED, S.BOOKED]


def test_the_time_of_an_ended_dossier_is_free_at_once(dossier, resident, appointment, send):
    VisitHours.objects.create(ward=dossier.ward, counters=1)
    actions.withdraw(dossier, by=resident, at=NOW, reason="")

    assert booking.ahead_of(dossier) is None
    booking_of_another = booking.offer(send(), by=UserFactory(), at=NOW)
    assert booking_of_another.slot(TUESDAY_9) is not None


def test_nobody_misses_a_visit_to_a_closed_office(appointment, clerk):
    close("2026-11-24")

    assert booking.is_stranded(appointment, load_calendar(appointment.ward))
    with pytest.raises(workflow.Blocked):
        booking.mark(appointment, "no_show", by=clerk, at=TUESDAY_9)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_of_five_people_booking_the_last_place_in_the_same_moment_one_wins(send, ward):
    VisitHours.objects.create(ward=ward, counters=1)
    dossiers = [send() for _number in range(5)]

    results = at_once(*[lambda one=one: booked(one, TUESDAY_9, at=NOW) for one in dossiers])

    assert sorted(type(result).__name__ for result in results) == ["Appointment"] + ["SlotGone"] * 4
    assert Appointment.objects.filter(state=S.BOOKED).count() == 1


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_overlapping_times_of_one_counter_go_to_one(send, ward):
    VisitHours.objects.create(ward=ward, counters=1, slot_minutes=15)
    times = [hanoi(24, 9), hanoi(24, 9, 15)]
    dossiers = [send(), send()]

    results = at_once(
        *[lambda one=one, time=time: booked(one, time, at=NOW) for one, time in zip(dossiers, times, strict=True)]
    )

    assert sorted(type(result).__name__ for result in results) == ["Appointment", "SlotGone"]


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_the_form_sent_five_times_at_once_makes_one_appointment(dossier, resident):
    results = at_once(*[lambda: booking.book(dossier, TUESDAY_9, by=resident, at=NOW)] * 5)

    assert len({result.pk for result in results}) == 1
    assert (states(dossier), told(resident)) == ([S.BOOKED], ["booked"])
