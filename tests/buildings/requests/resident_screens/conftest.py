"""Reporting in a minute, and following: what residents see and press, with and without script."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from buildings.models import Contact, Residency
from tests.clients import as_user
from tests.clock import stopped_at
from tests.factories.buildings import manager_of
from tests.factories.requests import (
    AT,
    neighbour_in,
    staffed_building,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

now = stopped_at(AT)


@pytest.fixture
def building():
    found = staffed_building()
    Contact.objects.create(building=found, kind=Contact.Kind.TECHNICAL, name="Trực kỹ thuật", phone="+842438751201")
    return found


@pytest.fixture
def resident(building):
    return neighbour_in(building, full_name="Đào Minh Châu")


def form_of(building, token=None, **query) -> str:
    address = reverse("requests:new", args=[building.ward.slug, building.slug])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in {**query, 'phieu': token or uuid.uuid4()}.items())}"


def report(place, **more) -> dict:
    return {
        "token": str(uuid.uuid4()),
        "spot": f"place-{place.code}",
        "category": "lift",
        "what": "Thang rung mạnh ở tầng 5.",
        "urgency": "normal",
        "send": "send",
        **more,
    }


def as_upload(content: ContentFile, name: str = "anh.jpg", mime: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.read(), mime)


def body(response) -> str:
    return response.content.decode()


@pytest.fixture
def people(building, resident):
    """Everybody an address of a request may be asked by."""
    gone = neighbour_in(building)
    Residency.objects.filter(user=gone).update(state="ended", ended_at=AT)
    elsewhere = staffed_building(slug="bang-lang", name="Bằng Lăng")
    return {
        "reporter": resident,
        "neighbour": neighbour_in(building),
        "gone": gone,
        "next door": neighbour_in(elsewhere),
        "manager": manager_of(building),
        "manager next door": manager_of(elsewhere),
        "nobody": None,
    }


def answers(people, address) -> dict[str, int]:
    clients = {name: as_user(person) if person else Client() for name, person in people.items()}
    return {name: client.get(address).status_code for name, client in clients.items()}
