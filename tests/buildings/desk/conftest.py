from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from buildings.roles import Position
from tests.clock import stopped_at
from tests.factories.buildings import manager_of
from tests.factories.requests import AT, staffed_building

NOW = AT + timedelta(hours=2)  # Monday 23/11/2026, 11:00 in Hanoi

clock = stopped_at(NOW)


@pytest.fixture
def building():
    return staffed_building()


@pytest.fixture
def head(building):
    return manager_of(building, Position.BUILDING_HEAD)


@pytest.fixture
def manager(building):
    return manager_of(building)


@pytest.fixture
def desk(building, manager):
    """The manager's browser, and the addresses of their building."""
    return Desk(building, manager)


class Desk:
    def __init__(self, building, person) -> None:
        self.building, self.client = building, Client()
        self.client.force_login(person)

    def url(self, name: str, *args) -> str:
        return reverse(f"building_desk:{name}", args=[self.building.ward.slug, self.building.slug, *args])

    def get(self, name: str, *args, **query):
        return self.client.get(self.url(name, *args), query)

    def move(self, request, slug: str, **data):
        return self.client.post(self.url("move", request.pk, slug), data)
