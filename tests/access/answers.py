"""What an address answers to each kind of person, by the shapes that recur."""

from collections.abc import Callable

from tests.access.world import DESK, PEOPLE, POLICE, World

Rows = dict[str, tuple[Callable[[World], dict], dict[str, int]]]

SIGN_IN = 302


def everyone(status: int) -> dict[str, int]:
    return dict.fromkeys(PEOPLE, status)


def only(*allowed: str, otherwise: int = 404, **own: int) -> dict[str, int]:
    """200 for these, sign-in for the visitor, and for all others the same as what does not exist."""
    return {**everyone(otherwise), "visitor": SIGN_IN, **dict.fromkeys(allowed, 200), **own}


PUBLIC = everyone(200)
SIGNED_IN = {**everyone(200), "visitor": SIGN_IN}
OWNER = only("owner")
DESK_ONLY = only(*DESK)
DESK_ROOM = only(*DESK, *POLICE, "clerk_elsewhere", "leader_elsewhere")
WITH_DESK = only("owner", *DESK)
LEADERS = only(
    "leader",
    "leader_elsewhere",
    **dict.fromkeys(("clerk", "specialist", "registry_clerk", "clerk_elsewhere", *POLICE), 403),
)
CLERKS = only(
    "clerk",
    "clerk_elsewhere",
    **dict.fromkeys(("leader", "specialist", "registry_clerk", "leader_elsewhere", *POLICE), 403),
)
NOT_POLICE = dict.fromkeys(POLICE, 403)  # the whole desk's room, another's to do
POSTED = {**everyone(405), "visitor": SIGN_IN}
OPERATOR = only("operator")


def moved_by(*positions: str) -> dict[str, int]:
    """A move of the desk: colleagues of another position see that it is not theirs."""
    return {**DESK_ONLY, **dict.fromkeys(set(DESK) - set(positions), 403)}
