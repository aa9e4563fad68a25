"""The meetings of a building's owners."""

from collections.abc import Callable

from buildings.meetings.models import Meeting
from tests.access.answers import POSTED, Rows, only
from tests.access.world import World
from tests.factories.dossiers import AT
from tests.factories.meetings import convened, held, opened

from .buildings import STAFF, building


def meeting_that(stage: str) -> Callable[[World], dict]:
    """A meeting of the first building's owners, made when it is first asked for."""
    made: dict[int, Meeting] = {}

    def get(world: World) -> Meeting:
        if id(world) not in made:
            make = {"convened": convened, "open": opened, "held": held}[stage]
            more = {} if stage == "convened" else {"present": 1}
            made[id(world)] = make(world.building, by=world.people["board_chair"], at=AT, **more)
        return made[id(world)]

    return lambda world: {"id": get(world).pk}


def in_room(get: Callable[[World], dict]) -> Callable[[World], dict]:
    return lambda world: {**building(world), **get(world)}


to_come, under_way, over = meeting_that("convened"), meeting_that("open"), meeting_that("held")
CONVENERS = only("board_chair", "building_head", manager=403)
RESIDENTS = only("flat_owner")

ROWS: Rows = {
    "meetings:manage": (building, STAFF),
    "meetings:manage_prepare": (building, CONVENERS),
    "meetings:manage_meeting": (in_room(to_come), STAFF),
    "meetings:manage_begin": (in_room(to_come), POSTED),
    "meetings:manage_attendance": (in_room(under_way), STAFF),
    "meetings:manage_resolve": (in_room(under_way), CONVENERS),
    "meetings:manage_close": (in_room(under_way), CONVENERS),
    # With a quorum there is nothing to adjourn: back to the meeting.
    "meetings:manage_adjourn": (in_room(under_way), only(board_chair=302, building_head=302, manager=403)),
    "meetings:manage_invitations": (in_room(to_come), STAFF),
    "meetings:manage_minutes": (in_room(over), STAFF),
    "meetings:meeting": (to_come, RESIDENTS),
    "meetings:invitation": (to_come, RESIDENTS),
    "meetings:proxy_form": (to_come, RESIDENTS),
    "meetings:minutes": (over, RESIDENTS),
}
