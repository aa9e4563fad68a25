"""Who speaks for whom in a dossier's conversation."""

from buildings.models import holders_of
from buildings.roles import Position
from portal.core.models import User
from services.dossiers.models import Dossier
from services.dossiers.permissions import is_owner, leads, works_at_desk

from .models import Message


def side_of(user, dossier: Dossier) -> str:
    """The side a person is on; "" for whoever has no part in it.

    An officer is the resident of their own dossier, and nothing else.
    """
    if is_owner(user, dossier):
        return Message.Side.RESIDENT
    return Message.Side.DESK if works_at_desk(user, dossier) else ""


def may_answer_complaints(user, dossier: Dossier) -> bool:
    """The leader answers. Where the only leader is the one who complains, a colleague of the desk does."""
    return leads(user, dossier) or (works_at_desk(user, dossier) and not leaders_for(dossier))


def leaders_for(dossier: Dossier) -> list[User]:
    """The ward's leaders, but for one whose own dossier it is, or a relative's."""
    return _holders(Position.LEADER, dossier)


def clerks_for(dossier: Dossier) -> list[User]:
    return _holders(Position.CLERK, dossier)


def _holders(position: str, dossier: Dossier) -> list[User]:
    held = holders_of(position, dossier.ward).select_related("user")
    return [holder.user for holder in held if works_at_desk(holder.user, dossier)]
