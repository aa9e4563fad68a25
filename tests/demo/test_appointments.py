"""The demo's three couples, whenever the demo is loaded."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from portal.demo.appointments import load_appointments
from services.appointments.models import Appointment
from tests.factories.buildings import WardFactory
from tests.factories.people import UserFactory

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # 7:00 in Hanoi


@pytest.mark.django_db
@pytest.mark.parametrize(
    "later",
    [
        timedelta(hours=1, minutes=5),
        timedelta(hours=5, minutes=30),
        timedelta(hours=9, minutes=59),
        timedelta(hours=13),
        timedelta(days=5),
    ],
    ids=["as it opens", "over lunch", "as it closes", "in the evening", "on Saturday"],
)
def test_one_did_not_come_one_is_expected_and_one_is_still_to_come(later):
    at = MONDAY + later
    with time_machine.travel(MONDAY - timedelta(days=30), tick=False):
        call_command("load_procedures", verbosity=0)
    ward = WardFactory(staffed=True)
    facts = {"birth_date": date(1990, 5, 1), "address": "Phố Vạn Hạnh, Hà Nội"}
    residents = [UserFactory(personal_number=f"00109000000{number}", **facts) for number in range(3)]

    with time_machine.travel(at, tick=False):
        load_appointments(ward, residents, at=at)

    missed, today, ahead = Appointment.objects.order_by("starts_at")
    assert [one.state for one in (missed, today, ahead)] == ["no_show", "booked", "booked"]
    assert missed.ends_at < at < ahead.starts_at - timedelta(days=2)
    assert missed.starts_at < today.starts_at < ahead.starts_at
