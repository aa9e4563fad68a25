"""Monday 23 November 2026, 10:00: a building with a flat, its operator's two people, and somebody who lives there."""

from datetime import datetime

import pytest

from buildings.models import Residency
from buildings.residence import letters
from buildings.roles import Position
from portal.core.calendar import VIETNAM
from portal.core.models import Notification
from tests.clock import stopped_at
from tests.factories.buildings import ApartmentFactory, BuildingFactory, MembershipFactory, ResidencyFactory, manager_of
from tests.factories.people import UserFactory

NOW = datetime(2026, 11, 23, 10, tzinfo=VIETNAM)

clock = stopped_at(NOW)


@pytest.fixture
def building(db):
    return BuildingFactory()


@pytest.fixture
def flat(building):
    return ApartmentFactory(building=building, number="0201")


@pytest.fixture
def manager(building):
    return manager_of(building)


@pytest.fixture
def colleague(building):
    """The operator's second person."""
    user = UserFactory(full_name="Cao Thị Vân")
    MembershipFactory(user=user, position=Position.BUILDING_HEAD, ward=building.ward, building=building)
    return user


@pytest.fixture
def lan(db):
    """Nobody's neighbour yet."""
    return UserFactory(full_name="Đỗ Thị Lan", phone="+84912345678")


@pytest.fixture
def owner(flat, manager):
    user = UserFactory(full_name="Nguyễn Văn Chủ")
    ResidencyFactory(user=user, apartment=flat, confirmed_by=manager)
    return user


@pytest.fixture
def code(flat, manager):
    """Of the letter in the flat's box."""
    return letters.issue(flat.building, [flat], by=manager, at=NOW)[0].code


def told(user) -> list[str]:
    """The kinds of notices about flats a person has had."""
    kinds = Notification.objects.filter(recipient=user, kind__startswith="residence.").order_by("created_at", "key")
    return [kind.removeprefix("residence.") for kind in kinds.values_list("kind", flat=True)]


def of(user) -> Residency:
    return Residency.objects.select_related("apartment__building__ward").get(user=user)
