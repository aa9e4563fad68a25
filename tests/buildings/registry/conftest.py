from datetime import UTC, datetime

import pytest
from django.test import Client
from time_machine import travel

from buildings.roles import Position
from tests.factories.buildings import BuildingFactory, manager_of

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with travel(AT, tick=False) as clock:
        yield clock


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
