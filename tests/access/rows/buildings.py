"""Buildings: residents, managers, the requests between them."""

from tests.access.answers import Rows, only
from tests.access.world import BUILDING_STAFF, World, nothing

# The managers' desk of one building: its staff alone. The first page leads on whoever has one building.
STAFF = only(*BUILDING_STAFF)


def building(world: World) -> dict:
    return {"ward": world.building.ward.slug, "building": world.building.slug}


ROWS: Rows = {
    "building_desk:buildings": (nothing, only(**dict.fromkeys((*BUILDING_STAFF, "manager_next_door"), 302))),
    "building_desk:building": (building, STAFF),
}
