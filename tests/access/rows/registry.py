"""The book of a building: its public page, and the managers' screens behind it."""

from collections.abc import Callable
from datetime import date

from buildings.models import Block, BoardTerm, Contact, OperatorTerm, SharedPlace
from buildings.registry.models import FlatImport, Handover
from tests.access.answers import POSTED, PUBLIC, Rows, only
from tests.access.world import AT, BUILDING_STAFF, World

STAFF = only(*BUILDING_STAFF)
OPERATORS = only("manager", "building_head")
ANSWERABLE = only("building_head", "board_chair")


def building(world: World) -> dict:
    return {"ward": world.building.ward.slug, "building": world.building.slug}


def row(model, **facts) -> Callable[[World], dict]:
    """A row of the building, by its key."""

    def get(world: World) -> dict:
        made, _new = model.objects.get_or_create(building=world.building, **facts)
        return {**building(world), "pk": made.pk}

    return get


block = row(Block, name="A")
place = row(SharedPlace, kind="lift", name="Thang máy số 2")
contact = row(Contact, kind="security", name="Bảo vệ", phone="+842438271234")


def flat(world: World) -> dict:
    return {**building(world), "flat": world.flat.pk}


def brought(world: World) -> dict:
    made, _new = FlatImport.objects.get_or_create(
        building=world.building,
        name="can-ho.xlsx",
        defaults={
            "brought_by": world.people["manager"],
            "brought_at": AT,
            "counts": {"rows": 1, "added": 1, "changed": 0, "same": 0, "blocks": 0},
        },
    )
    return {**building(world), "brought": made.pk}


def elected(world: World) -> dict:
    term, _new = BoardTerm.objects.get_or_create(
        building=world.building, decided_on=None, defaults={"elected_on": date(2026, 11, 1)}
    )
    term.members.get_or_create(name="Hồ Sĩ Lâm", role="chair")
    return building(world)


def record(world: World) -> dict:
    term, _new = OperatorTerm.objects.get_or_create(
        building=world.building, defaults={"company": "Công ty Sen Hồng", "began_on": date(2026, 1, 5)}
    )
    made, _new = Handover.objects.get_or_create(
        building=world.building, new=term, defaults={"at": AT, "by": world.people["board_chair"]}
    )
    return {**building(world), "handover": made.pk}


ROWS: Rows = {
    "registry:buildings": (lambda world: {"ward": world.building.ward.slug}, PUBLIC),
    "registry:building": (building, PUBLIC),
    "registry:book": (building, STAFF),
    "registry:book_facts": (building, ANSWERABLE),
    **{
        name: line
        for shelf, get in (("blocks", block), ("places", place), ("contacts", contact))
        for name, line in {
            f"registry:book_{shelf}": (building, STAFF),
            f"registry:book_{shelf}_add": (building, OPERATORS),
            f"registry:book_{shelf}_change": (get, OPERATORS),
            f"registry:book_{shelf}_drop": (get, POSTED),
        }.items()
    },
    "registry:book_flats": (building, STAFF),
    "registry:book_flats_add": (building, OPERATORS),
    "registry:book_flats_change": (flat, OPERATORS),
    "registry:book_flats_import": (building, OPERATORS),
    "registry:book_flats_check": (brought, OPERATORS),
    "registry:book_flats_template": (building, OPERATORS),
    "registry:book_flats_export": (building, POSTED),
    "registry:book_board": (building, STAFF),
    "registry:book_board_elect": (building, ANSWERABLE),
    "registry:book_board_recognise": (elected, ANSWERABLE),
    "registry:book_operator": (building, STAFF),
    "registry:book_operator_contract": (building, ANSWERABLE),
    "registry:book_operator_handover": (building, only("board_chair")),
    "registry:book_operator_record": (record, STAFF),
}
