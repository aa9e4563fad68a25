from datetime import UTC, datetime

import pytest
from django.test import Client

from buildings.roles import Position
from tests.clock import stopped_at
from tests.factories.buildings import BuildingFactory, manager_of

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


clock = stopped_at(AT)


@pytest.fixture
def building(db):
    return BuildingFactory(floors=9)


@pytest.fixture
def head(building):
    return manager_of(building, Position.BUILDING_HEAD)


@pytest.fixture
def chair(building):
    return manager_of(building, Position.BOARD_CHAIR)


@pytest.fixture
def desk(head):
    """The head of the managers, signed in."""
    client = Client()
    client.force_login(head)
    return client
