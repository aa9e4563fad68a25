"""Buildings: residents, managers, the requests between them."""

from collections.abc import Callable

from buildings.notices.models import Notice
from tests.access.answers import POSTED, PUBLIC, SIGNED_IN, Rows, only
from tests.access.world import BUILDING_STAFF, World, nothing, to_request
from tests.factories.dossiers import AT
from tests.factories.notices import drafted, file_of, published

# The managers' desk of one building: its staff alone. The first page leads on whoever has one building.
STAFF = only(*BUILDING_STAFF)


def building(world: World) -> dict:
    return {"ward": world.building.ward.slug, "building": world.building.slug}


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


def request(world: World) -> dict:
    return {"id": to_request(world).pk}


def photo(world: World) -> dict:
    return {"id": to_request(world).photos.get().pk}


# Whoever scans a poster may open the report; who lives there gets a form of their own, others whom to call.
REPORT = {**PUBLIC, "flat_owner": 302}
PICTURES = only("flat_owner", *BUILDING_STAFF)

ROWS: Rows = {
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
    "requests:new": (building, REPORT),
    "requests:mine": (nothing, SIGNED_IN),
    "requests:request": (request, RESIDENTS),
    "requests:add_photo": (nothing, POSTED),
    "requests:photo": (photo, PICTURES),
    "requests:thumbnail": (photo, PICTURES),
    "building_desk:buildings": (nothing, only(**dict.fromkeys((*BUILDING_STAFF, "manager_next_door"), 302))),
    "building_desk:building": (building, STAFF),
}
