"""The visit in the resident's own calendar: one entry, moved when it moves, gone when it is off."""

from datetime import timedelta

import icalendar
import pytest
from django.core import mail
from django.urls import reverse

from portal.core import outbox
from services.appointments import booking
from tests.clients import as_user
from tests.factories.appointments import booked
from tests.factories.people import UserFactory

from .conftest import NOW, TUESDAY_9, beat, hanoi


def file_of(dossier) -> icalendar.Event:
    response = as_user(dossier.owner).get(reverse("appointments:calendar_file", args=[dossier.pk]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-store"
    [event] = icalendar.Calendar.from_ical(response.content).events
    return event


def state_of(event: icalendar.Event) -> tuple:
    return event["STATUS"], event.sequence, event.start


def test_the_file_says_when_and_where_and_nothing_about_the_person(send, ward):
    resident = UserFactory(full_name="Nguyễn Thị Hường", personal_number="000123456789")
    dossier = send(owner=resident)
    appointment = booked(dossier, TUESDAY_9, at=NOW)
    event = file_of(dossier)
    assert state_of(event) == ("CONFIRMED", 0, TUESDAY_9)
    assert event.end == appointment.ends_at
    assert event.location == f"Bộ phận Một cửa, {ward}, {ward.address}"
    assert event.url.endswith(dossier.get_absolute_url())
    text = event.to_ical().decode()
    assert dossier.code in text
    for private in (resident.full_name, resident.personal_number, dossier.spec.name):
        assert private not in text


def test_another_time_is_the_same_entry_moved(appointment, dossier, clock):
    uid = file_of(dossier).uid
    for day in (25, 26):
        clock.shift(timedelta(minutes=1))
        booked(dossier, hanoi(day, 9), at=NOW + timedelta(minutes=day))
    moved = file_of(dossier)
    assert moved.uid == uid
    assert state_of(moved) == ("CONFIRMED", 2, hanoi(26, 9))


def test_a_visit_called_off_takes_itself_out_and_the_next_is_another(appointment, dossier, clock):
    uid = file_of(dossier).uid
    booking.cancel(appointment, by=dossier.owner, at=NOW)
    off = file_of(dossier)
    assert (off.uid, *state_of(off)) == (uid, "CANCELLED", 1, TUESDAY_9)

    booked(dossier, hanoi(25, 9), at=NOW + timedelta(minutes=1))
    again = file_of(dossier)
    assert again.uid != uid
    assert state_of(again) == ("CONFIRMED", 0, hanoi(25, 9))


def test_the_entry_goes_with_its_dossier(appointment, dossier):
    dossier.__class__.objects.filter(pk=dossier.pk).update(state="withdrawn")
    assert file_of(dossier)["STATUS"] == "CANCELLED"


def test_without_an_appointment_there_is_no_file(dossier):
    response = as_user(dossier.owner).get(reverse("appointments:calendar_file", args=[dossier.pk]))
    assert response.status_code == 404


def test_the_letter_brings_the_file_and_the_reminder_does_not(appointment, dossier, clock):
    outbox.run_all(at=NOW)
    booking.cancel(appointment, by=dossier.owner, at=NOW)
    outbox.run_all(at=NOW)
    [confirmation, cancellation] = [letter for letter in mail.outbox if "hẹn" in letter.subject]
    for letter, method in ((confirmation, "PUBLISH"), (cancellation, "CANCEL")):
        [(name, content, mime)] = letter.attachments
        assert (name, mime) == ("lich.ics", "text/calendar")
        assert icalendar.Calendar.from_ical(content)["METHOD"] == method


def test_a_reminder_brings_no_file(appointment, clock):
    beat(clock, hanoi(24, 7))
    [reminder] = [letter for letter in mail.outbox if "Nhắc" in letter.subject]
    assert reminder.attachments == []


@pytest.mark.parametrize("called_off", [False, True])
def test_the_dossiers_page_offers_the_file(appointment, dossier, called_off):
    if called_off:
        booking.cancel(appointment, by=dossier.owner, at=NOW)
    page = as_user(dossier.owner).get(dossier.get_absolute_url()).text
    assert reverse("appointments:calendar_file", args=[dossier.pk]) in page
    assert ("Bỏ buổi hẹn khỏi lịch" in page) == called_off
    assert ("Thêm vào lịch" in page) != called_off
