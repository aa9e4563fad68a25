"""Each reminder once, none after the visit, none for what was moved; and the office that turns out closed."""

from datetime import timedelta

import pytest

from portal.core import outbox
from portal.core.calendar import load_calendar
from portal.core.models import CalendarDay, Job, Notification
from services.appointments import booking, reminders, watching
from services.appointments.models import AppointmentState
from services.dossiers import actions
from tests.factories.appointments import booked
from tests.factories.dossiers import advance

from .conftest import NOW, TUESDAY_9, beat, hanoi, told

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

THURSDAY_9 = hanoi(26, 9)


@pytest.fixture
def on_thursday(dossier):
    return booked(dossier, THURSDAY_9, at=NOW)


def test_reminders_come_as_the_office_opens_the_working_day_before_and_two_hours_before(ward):
    calendar = load_calendar(ward)

    assert reminders.moments(THURSDAY_9, calendar) == {"day": hanoi(25, 8), "hours": hanoi(26, 7)}
    assert reminders.moments(hanoi(30, 14), calendar) == {"day": hanoi(27, 8), "hours": hanoi(30, 12)}


def test_both_reminders_come_in_their_time(on_thursday, resident, clock):
    beat(clock, hanoi(25, 7, 59))
    assert told(resident) == ["booked"]
    beat(clock, hanoi(25, 8))
    assert told(resident) == ["booked", "day"]
    beat(clock, hanoi(26, 7))
    assert told(resident) == ["booked", "day", "hours"]


def test_a_worker_that_was_dead_for_a_day_reminds_once_each(on_thursday, resident, clock):
    beat(clock, hanoi(26, 8, 30))

    assert sorted(told(resident)) == ["booked", "day", "hours"]


def test_nothing_reminds_of_a_visit_that_has_begun(on_thursday, resident, clock):
    beat(clock, THURSDAY_9)

    assert told(resident) == ["booked"]


def test_handlers_run_twice_remind_once(on_thursday, resident, clock):
    beat(clock, hanoi(25, 8))
    for _again in range(2):
        reminders.remind(str(on_thursday.pk), "day", at=hanoi(25, 8, 1))
    Job.objects.filter(kind="appointments.remind").update(state="waiting", run_at=hanoi(25, 8))
    beat(clock, hanoi(25, 9))

    assert told(resident).count("day") == 1


def test_who_books_for_this_afternoon_is_not_reminded_of_yesterday(dossier, resident, clock):
    booked(dossier, hanoi(23, 15), at=NOW)

    beat(clock, hanoi(23, 14))

    assert told(resident) == ["booked", "hours"]


def test_a_moved_appointment_reminds_of_its_new_time_only(dossier, on_thursday, resident, clock):
    booked(dossier, hanoi(27, 9), at=NOW)

    beat(clock, hanoi(26, 8))
    assert told(resident) == ["booked", "booked", "day"]
    notice = Notification.objects.get(kind="appointments.day")
    assert "09:00 ngày 27/11/2026" in notice.title


def test_a_cancelled_appointment_reminds_of_nothing(on_thursday, resident, clock):
    booking.cancel(on_thursday, by=resident, at=NOW)

    beat(clock, hanoi(26, 8))

    assert told(resident) == ["booked", "cancelled"]


def test_a_withdrawn_dossier_reminds_of_nothing_and_gives_its_time_back(dossier, on_thursday, resident, clock):
    actions.withdraw(dossier, by=resident, at=NOW, reason="")

    beat(clock, hanoi(26, 8))
    for _twice in range(2):
        watching.watch(at=hanoi(26, 8))

    on_thursday.refresh_from_db()
    assert told(resident) == ["booked"]
    assert (on_thursday.state, on_thursday.decided_by) == (AppointmentState.CANCELLED, None)


def test_notices_carry_the_code_and_the_place_but_nobodys_name(on_thursday, resident, clock, ward):
    beat(clock, hanoi(25, 8))

    for notice in Notification.objects.filter(kind__startswith="appointments."):
        text = f"{notice.title} {notice.body}"
        assert on_thursday.dossier.code in text
        assert ward.address in text
        assert "Hường" not in text


def test_every_notice_is_promised_to_the_outside_channels(on_thursday):
    delivered = Notification.objects.get(kind="appointments.booked").deliveries

    assert list(delivered.values_list("channel", flat=True)) == ["email"]


def test_a_storm_tells_once_to_choose_again_and_reminds_no_more(dossier, on_thursday, resident, clock):
    CalendarDay.objects.create(date="2026-11-26", kind="closed", ward_code=dossier.ward.code, note="Bão")

    for hour in (12, 13):
        watching.watch(at=hanoi(23, hour))
    beat(clock, hanoi(26, 8))

    assert told(resident) == ["booked", "stranded"]
    assert booking.why_not(dossier, by=resident, at=hanoi(26, 8)) == ""  # the two hours do not bind then
    assert watching.stranded(dossier.ward, at=hanoi(23, 12)) == [on_thursday]


def test_a_storm_elsewhere_concerns_nobody_here(on_thursday, resident):
    CalendarDay.objects.create(date="2026-11-26", kind="closed", ward_code="00999", note="Bão")

    watching.watch(at=NOW)

    assert told(resident) == ["booked"]


def test_half_a_day_strands_only_the_other_half(send, ward):
    morning, afternoon = booked(send(), TUESDAY_9, at=NOW), booked(send(), hanoi(24, 15), at=NOW)
    CalendarDay.objects.create(date="2026-11-24", kind="hours", hours="08:00-12:00", ward_code=ward.code, note="Họp")

    assert watching.stranded(ward, at=NOW) == [afternoon]
    assert morning.is_booked


def test_no_notice_of_a_missed_visit_once_there_is_a_new_time_or_an_end(dossier, appointment, clerk, resident, clock):
    booking.mark(appointment, "no_show", by=clerk, at=TUESDAY_9 + timedelta(minutes=20))
    booking.book(dossier, hanoi(25, 15), by=resident, at=TUESDAY_9 + timedelta(minutes=21))

    beat(clock, hanoi(24, 10))

    assert told(resident) == ["booked", "booked"]


def test_the_watch_is_on_the_schedule(settings):
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert "services.appointments.tasks.watch_appointments" in tasks


def test_reminders_do_not_fail_when_the_dossier_went_on(dossier, on_thursday, resident, clock):
    advance(dossier, "hand_on", at=NOW)

    beat(clock, hanoi(25, 8))

    assert told(resident) == ["booked", "day"]
    assert not Job.objects.filter(state="parked").exists()
    assert outbox.due(at=hanoi(25, 8)).filter(kind="appointments.remind").count() == 0
