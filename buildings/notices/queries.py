"""What is up, for the pages that show it."""

from dataclasses import dataclass
from datetime import datetime

from portal.core.models import User

from ..models import Apartment, Building, Residency
from .models import Notice


@dataclass(frozen=True)
class MyBuilding:
    building: Building
    flats: list[Apartment]
    owner: bool
    to_come: list[Notice]  # dated, the next first
    others: list[Notice]  # the newest first


def of_my_buildings(user: User, *, at: datetime) -> list[MyBuilding]:
    """The buildings a person lives in, with what is up for their flats. Two queries whatever their number."""
    homes = user.residencies.confirmed().select_related("apartment__building__ward")
    by_building: dict[Building, list[Residency]] = {}
    for home in homes.order_by("apartment__building__name", "apartment__number"):
        by_building.setdefault(home.apartment.building, []).append(home)
    notices: dict[int, list[Notice]] = {}
    if by_building:
        found = Notice.objects.concerning(user).current(at).with_building()
        for notice in found.order_by("starts_at", "-published_at", "pk"):
            notices.setdefault(notice.building_id, []).append(notice)
    return [
        MyBuilding(
            building=building,
            flats=[home.apartment for home in mine],
            owner=any(home.role == Residency.Role.OWNER for home in mine),
            to_come=[notice for notice in notices.get(building.pk, []) if notice.starts_at],
            others=[notice for notice in notices.get(building.pk, []) if not notice.starts_at],
        )
        for building, mine in by_building.items()
    ]


def on_public_page(building: Building, *, at: datetime) -> list[Notice]:
    """What everybody may read of a building now: what happens next first, then the newest."""
    found = Notice.objects.filter(building=building).public().current(at).with_building()
    dated, others = [], []
    for notice in found.order_by("starts_at", "-published_at", "pk"):
        (dated if notice.starts_at else others).append(notice)
    return [*dated, *others]
