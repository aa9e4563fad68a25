"""Maintenance and checks of a building: its staff looks; what changes something is the operator's people's."""

import uuid
from datetime import timedelta

from buildings.upkeep import actions
from buildings.upkeep.checklists import checklists
from buildings.upkeep.models import Check, CheckPhoto, PlannedWork
from tests.access.answers import POSTED, Rows, only
from tests.access.rows.buildings import STAFF, building
from tests.access.world import World
from tests.factories.dossiers import AT
from tests.factories.requests import picture

OPERATORS = only("manager", "building_head", board_chair=403)


def work(world: World) -> dict:
    found = PlannedWork.objects.filter(building=world.building).first()
    if found is None:
        begins = AT + timedelta(days=2)
        facts = {"title": "Bảo dưỡng thang máy số 2", "doer": "Công ty Thang máy", "starts_at": begins}
        found = actions.plan(
            world.building,
            by=world.people["manager"],
            at=AT,
            token=uuid.uuid4(),
            facts={**facts, "ends_at": begins + timedelta(hours=3)},
        )
    return building(world) | {"id": found.pk}


def done_check(world: World) -> Check:
    found = Check.objects.filter(building=world.building).first()
    if found is None:
        by, checklist = world.people["manager"], checklists()["escape"]
        begun = actions.begin(world.building, checklist, by=by, at=AT, due_on=AT.date())
        lines = {number: actions.Found("right") for number in range(1, len(checklist.items) + 1)}
        lines[1] = actions.Found("wrong", "Xe đạp trước cửa thoát nạn tầng 3", [picture()])
        found = actions.fill_in(begun, lines, by=by, at=AT, done=True)
    return found


def check(world: World) -> dict:
    return building(world) | {"id": done_check(world).pk}


def photo(world: World) -> dict:
    found = done_check(world)
    return check(world) | {"photo": CheckPhoto.objects.get(item__check_of=found).pk}


def checklist(world: World) -> dict:
    return building(world) | {"key": "escape"}


ROWS: Rows = {
    "upkeep:calendar": (building, STAFF),
    "upkeep:plan": (building, OPERATORS),
    "upkeep:work": (work, STAFF),
    "upkeep:change": (work, OPERATORS),
    "upkeep:announce": (work, POSTED),
    "upkeep:finish": (work, OPERATORS),
    "upkeep:cancel": (work, OPERATORS),
    "upkeep:checks": (building, STAFF),
    "upkeep:fire_book": (building, STAFF),
    "upkeep:begin": (checklist, POSTED),
    "upkeep:check": (check, STAFF),
    "upkeep:record": (check, STAFF),
    "upkeep:photo": (photo, STAFF),
}
