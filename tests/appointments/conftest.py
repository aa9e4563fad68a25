"""Monday, 11:00: a ward with its officers, and a dossier that asks for one visit."""

from datetime import datetime, timedelta

import pytest

from portal.core import outbox
from portal.core.calendar import VIETNAM
from portal.core.models import Notification
from tests.clock import stopped_at
from tests.factories.appointments import booked, version_with_visit
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory

NOW = AT + timedelta(hours=2)  # 11:00 in Hanoi


def hanoi(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


TUESDAY_9 = hanoi(24, 9)

clock = stopped_at(NOW)


@pytest.fixture
def clerk(ward):
    return officer("clerk", ward)


@pytest.fixture
def send(ward):
    """Another dossier that asks for a visit, sent by another resident."""

    def sent(**more):
        more.setdefault("owner", UserFactory(full_name="Lê Văn Lạ"))
        return DossierFactory(ward=ward, version=version_with_visit(), **{"accepted": True, **more})

    return sent


@pytest.fixture
def dossier(send, resident):
    return send(owner=resident)


@pytest.fixture
def appointment(dossier):
    """Tuesday, 9:00."""
    return booked(dossier, TUESDAY_9, at=NOW)


def told(user) -> list[str]:
    """The kinds of notices about visits a person has had, in order."""
    kinds = Notification.objects.filter(recipient=user, kind__startswith="appointments.").order_by("created_at", "kind")
    return [kind.removeprefix("appointments.") for kind in kinds.values_list("kind", flat=True)]


def beat(clock, moment: datetime) -> None:
    """Everything promised up to this moment is kept, as if the worker had been dead until then."""
    clock.move_to(moment)
    outbox.run_all(at=moment)
