from datetime import timedelta

import pytest

from buildings.roles import Position
from tests.clock import stopped_at
from tests.factories.buildings import manager_of
from tests.factories.requests import AT, staffed_building

clock = stopped_at(AT)


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
