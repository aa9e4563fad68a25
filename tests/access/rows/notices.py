"""Notices of a building."""

from collections.abc import Callable

from buildings.notices.models import Notice
from tests.access.answers import POSTED, SIGNED_IN, Rows, only
from tests.access.world import POLICE, World, nothing
from tests.factories.dossiers import AT
from tests.factories.notices import drafted, file_of, published

from .buildings import STAFF, building


def notice_of(kind: str, state: str = "published", **changes) -> Callable[[World], Notice]:
    """A notice of the first building, made when it is first asked for."""
    made: dict[int, Notice] = {}

    def get(world: World) -> Notice:
        if id(world) not in made:
            make = drafted if state == "draft" else published
            made[id(world)] = make(world.building, kind, at=AT, writer=world.people["building_head"], **changes)
        return made[id(world)]

    return get


water, fees, draft = notice_of("water", floors=(2,)), notice_of("fees"), notice_of("water", "draft")


def managed(get: Callable[[World], Notice], **more) -> Callable[[World], dict]:
    return lambda world: {**building(world), "id": get(world).pk, **more}


def with_file(get: Callable[[World], Notice], *, managed: bool = True) -> Callable[[World], dict]:
    def keys(world: World) -> dict:
        notice = get(world)
        file = notice.files.first() or file_of(notice, at=AT)
        return {"id": notice.pk, "file": file.pk, **(building(world) if managed else {})}

    return keys


OPERATOR_OF_BUILDING = only("manager", "building_head", board_chair=403)
RESIDENTS = only("flat_owner")


def from_ward(world: World) -> dict:
    """For one floor: what is for the whole building is public, and the crawl would read it."""
    leader = world.people["leader"]
    notice = Notice.objects.filter(by_ward=True).first() or published(
        world.building, "ward", floors=(2,), at=AT, writer=leader, by_ward=True
    )
    return {"batch": notice.batch}


NOT_THEIRS = dict.fromkeys(("specialist", "registry_clerk", *POLICE), 403)

ROWS: Rows = {
    "desk:building_notices": (nothing, only("clerk", "leader", "clerk_elsewhere", "leader_elsewhere", **NOT_THEIRS)),
    # The ward next door has no buildings.
    "desk:building_notice_write": (lambda world: {"kind": "ward"}, only("clerk", "leader", **NOT_THEIRS)),
    "desk:building_notice": (from_ward, only("clerk", "leader", **NOT_THEIRS)),
    "desk:building_notice_change": (from_ward, only("clerk", "leader", **NOT_THEIRS)),
    "desk:building_notice_withdraw": (from_ward, only("clerk", "leader", **NOT_THEIRS)),
    "desk:building_notice_publish": (from_ward, POSTED),
    "desk:building_notice_drop": (from_ward, POSTED),
    "notices:manage": (building, STAFF),
    "notices:manage_kinds": (building, OPERATOR_OF_BUILDING),
    "notices:manage_write": (lambda world: {**building(world), "kind": "water"}, OPERATOR_OF_BUILDING),
    "notices:manage_notice": (managed(draft), STAFF),
    "notices:manage_change": (managed(draft), OPERATOR_OF_BUILDING),
    "notices:manage_withdraw": (managed(water), OPERATOR_OF_BUILDING),
    "notices:manage_publish": (managed(draft), POSTED),
    "notices:manage_drop": (managed(draft), POSTED),
    "notices:manage_remove_file": (with_file(draft), POSTED),
    "notices:manage_file": (with_file(draft), STAFF),
    "notices:mine": (nothing, SIGNED_IN),
    "notices:notice": (managed(fees), {**RESIDENTS, "visitor": 404}),
    "notices:calendar": (managed(water), {**RESIDENTS, "visitor": 404}),
    "notices:file": (with_file(fees, managed=False), {**RESIDENTS, "visitor": 404}),
}
