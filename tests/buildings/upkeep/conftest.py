from datetime import timedelta

import pytest
import time_machine

from buildings.roles import Position
from tests.factories.buildings import manager_of
from tests.factories.requests import AT, staffed_building


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def building(db):
    return staffed_building()


@pytest.fixture
def manager(building):
    return manager_of(building)


@pytest.fixture
def chair(building):
    return manager_of(building, Position.BOARD_CHAIR)


@pytest.fixture
def tomorrow():
    return AT + timedelta(days=1)
