"""Floors as places that residents report from: each its corridor, or its basement."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.core import audit, workflow
from portal.core.models import User

from ..models import Block, Building, SharedPlace

DEEPEST = -10


def add(place: SharedPlace, *, by: User, at: datetime) -> SharedPlace:
    """A place of its building, whose name nobody has. It has its poster's code from now on."""
    with transaction.atomic():
        place.save()
        audit.record(place.building, "add_sharedplace", by=by, at=at, name=place.name)
    return place


def add_floors(
    building: Building, floors: Iterable[int], blocks: Iterable[Block] = (), *, by: User, at: datetime
) -> list[SharedPlace]:
    """A place for each of these floors, in each of `blocks` as far as it goes up; those there are already stay.

    Returns all of them. Floors are numbered as the building does; below the ground from -1 down.
    """
    with transaction.atomic():
        locked = workflow.lock(building)
        there = {place.name.lower(): place for place in locked.shared_places.in_use()}
        found = []
        each: list[Block | None] = [*blocks] or [None]
        for block in each:
            top = block.top_floor if block else locked.floors
            for floor in floors:
                if floor == 0 or not DEEPEST <= floor <= top:
                    continue
                name = name_of(floor, block)
                kind = SharedPlace.Kind.CORRIDOR if floor > 0 else SharedPlace.Kind.PARKING
                place = there.get(name.lower())
                found.append(
                    place or add(SharedPlace(building=locked, kind=kind, name=name, floor=floor), by=by, at=at)
                )
    return found


def name_of(floor: int, block: Block | None = None) -> str:
    """As it stands in the book and on the poster, which are Vietnamese."""
    name = f"Hành lang tầng {floor}" if floor > 0 else f"Tầng hầm {-floor}"
    return f"{name}, khối {block.name}" if block else name
