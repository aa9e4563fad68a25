"""Who speaks for whom in a dossier's conversation."""

from datetime import datetime

from buildings.absences import absence_of, absences_on
from buildings.models import holders_of
from portal.core.calendar import VIETNAM
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


def may_answer_complaints(user, dossier: Dossier, *, at: datetime) -> bool:
    """The leader answers. Where no leader is there for it (the only one complains, or is away while the other's
    own dossier it is), a colleague of the desk does."""
    return leads(user, dossier) or (works_at_desk(user, dossier) and not leaders_for(dossier, at=at))


def leaders_for(dossier: Dossier, *, at: datetime) -> list[User]:
    """The heads of the agency that decides at work today, but for one whose own dossier it is, or a relative's."""
    return _at_work(dossier.agency.head, dossier, at)


def clerks_for(dossier: Dossier, *, at: datetime) -> list[User]:
    return _at_work(dossier.agency.receiver, dossier, at)


def desk_of(dossier: Dossier) -> list[User]:
    """Its heads and clerks, at work or not: somebody reads it when they are back."""
    return [*_holders(dossier.agency.head, dossier), *_holders(dossier.agency.receiver, dossier)]


def at_work(officer: User, dossier: Dossier, *, at: datetime) -> User:
    """The officer, or whoever stands in for them today."""
    absence = absence_of(officer, dossier.ward, at.astimezone(VIETNAM).date())
    return absence.substitute if absence else officer


def _at_work(position: str, dossier: Dossier, at: datetime) -> list[User]:
    """The holders of the position who may have to do with the dossier; for who is away today their substitute."""
    away = absences_on(dossier.ward, at.astimezone(VIETNAM).date())
    held = holders_of(position, dossier.ward).select_related("user")
    today = dict.fromkeys(away[row.user_id].substitute if row.user_id in away else row.user for row in held)
    return [person for person in today if works_at_desk(person, dossier)]


def _holders(position: str, dossier: Dossier) -> list[User]:
    held = holders_of(position, dossier.ward).select_related("user")
    return [holder.user for holder in held if works_at_desk(holder.user, dossier)]
