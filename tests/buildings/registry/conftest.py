"""A building with its managers, and a board when a test needs one."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from buildings.models import Apartment, BoardMember
from buildings.registry import boards, operators
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


@pytest.fixture
def sen_hong(building, head):
    given = {"company": "Công ty Sen Hồng", "phone": "+842438271200", "began_on": date(2024, 1, 1)}
    return operators.record(building, given, by=head, at=AT)


def board(building, *, decided: date | None = None, names=("Hồ Sĩ Lâm", "Đinh Thị Thu", "Vương Quốc Việt")):
    members = [
        boards.Member(name, BoardMember.Role.CHAIR if name == names[0] else BoardMember.Role.MEMBER) for name in names
    ]
    term = boards.elect(building, members, elected_on=decided or date(2026, 11, 8), by=None, at=AT)
    return boards.recognise(term, decision="45/QĐ-UBND", decided_on=decided, by=None, at=AT) if decided else term


def flats(building, count):
    Apartment.objects.bulk_create(
        Apartment(building=building, floor=1 + number // 10, number=f"{number:04d}") for number in range(count)
    )
