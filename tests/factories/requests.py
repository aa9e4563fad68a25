"""What residents ask of their building: sent as they send it, taken as far as a test needs."""

import io
import uuid
from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile
from PIL import Image

from buildings.models import Building, SharedPlace
from buildings.requests import actions, photos
from buildings.requests.models import BuildingRequest
from buildings.roles import Position

from .buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, manager_of
from .people import UserFactory

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 9:00 in Hanoi


def picture(number: int = 0, *, size: tuple[int, int] = (640, 480), name: str = "anh.jpg") -> ContentFile:
    """A photo as a telephone takes it; each number another one."""
    out = io.BytesIO()
    Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 120)).save(out, "JPEG")
    return ContentFile(out.getvalue(), name=name)


def staffed_building(**facts) -> Building:
    """A building whose operator is on the portal: a head and a member of staff."""
    building = BuildingFactory(**facts)
    manager_of(building)
    manager_of(building, Position.BUILDING_HEAD)
    return building


def neighbour_in(building: Building, **facts):
    """Somebody with a confirmed flat there."""
    return ResidencyFactory(apartment=ApartmentFactory(building=building), user=UserFactory(**facts)).user


def lift_of(building: Building, name: str = "Thang máy số 2") -> SharedPlace:
    return SharedPlace.objects.get_or_create(building=building, kind=SharedPlace.Kind.LIFT, name=name)[0]


def a_request(building: Building | None = None, *, by=None, at: datetime = AT, **facts) -> BuildingRequest:
    """Just sent: the lift rattles, unless told otherwise."""
    building = building or staffed_building()
    said = {
        "token": uuid.uuid4(),
        "category": "lift",
        "urgency": "normal",
        "what": "Thang máy kêu to và rung khi lên tầng cao.",
        "place": None if "apartment" in facts else lift_of(building),
        **facts,
    }
    return actions.send(building, by=by or neighbour_in(building), at=at, **said)


def worker(request: BuildingRequest):
    return manager_of(request.building)


def accepted(request: BuildingRequest, *, at: datetime | None = None) -> BuildingRequest:
    return actions.accept(request, by=worker(request), at=at or request.sent_at + timedelta(minutes=10))


def finished(request: BuildingRequest, *, at: datetime | None = None) -> BuildingRequest:
    """Done, with a photo that shows it."""
    at, token, by = at or request.sent_at + timedelta(minutes=60), uuid.uuid4(), worker(request)
    photos.add(token, picture(7), by=by, at=at)
    return actions.finish(request, by=by, at=at, note="Đã thay con lăn cửa tầng.", token=token)
