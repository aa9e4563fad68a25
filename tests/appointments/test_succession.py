"""A visit goes with its dossier to the ward that takes over: at its time, or not at all, and the resident knows."""

import pytest

from portal.core.models import CalendarDay
from services.appointments import succession
from services.appointments.models import Appointment, VisitHours
from services.dossiers import actions
from services.dossiers.models import Dossier
from tests.factories.appointments import booked, version_with_visit
from tests.factories.buildings import WardFactory
from tests.factories.dossiers import DossierFactory

from .conftest import NOW, TUESDAY_9, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(db):
    ward = WardFactory(neighbour=True, staffed=True)
    VisitHours.objects.create(ward=ward, counters=1)
    return ward


@pytest.fixture
def moved(dossier, appointment, successor):
    """The dossier, now the other ward's; its visit was booked in the old one."""
    actions.change_ward(dossier, successor, at=NOW, because="Nghị quyết 1", reorganisation=1)
    return Dossier.objects.with_people().get(pk=dossier.pk)


def visits(dossier) -> list[tuple]:
    rows = Appointment.objects.filter(dossier=dossier).order_by("booked_at", "state")
    return [(row.state, row.ward, row.starts_at, row.counter) for row in rows]


def test_a_visit_keeps_its_time_where_there_is_room_and_moves_once(moved, appointment, successor, ward, resident):
    for _twice in range(2):
        succession.follow(moved, at=NOW)

    assert visits(moved) == [("booked", successor, TUESDAY_9, 1), ("moved", ward, TUESDAY_9, 1)]
    assert told(resident) == ["booked", "place_changed"]


def busy(successor) -> None:
    booked(DossierFactory(ward=successor, version=version_with_visit(), accepted=True), TUESDAY_9, at=NOW)


def closed(successor) -> None:
    CalendarDay.objects.create(date=TUESDAY_9.date(), kind="closed", ward_code=successor.code, note="Bão")


@pytest.mark.parametrize("why", [busy, closed])
def test_a_visit_for_which_there_is_no_room_is_called_off_and_said(moved, successor, ward, resident, why):
    why(successor)

    assert succession.follow(moved, at=NOW) is None
    assert visits(moved) == [("cancelled", ward, TUESDAY_9, 1)]
    assert told(resident) == ["booked", "no_room"]


def test_a_visit_that_has_begun_stays_where_it_is(moved, ward, resident):
    assert succession.follow(moved, at=TUESDAY_9) is None
    assert visits(moved) == [("booked", ward, TUESDAY_9, 1)]
    assert told(resident) == ["booked"]
