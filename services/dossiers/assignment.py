"""Who owes a step: a named person, always."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from buildings.absences import absences_on
from buildings.models import Ward, holders_of
from buildings.roles import Position
from portal.core.calendar import VIETNAM
from portal.core.models import User

from .models import Dossier

BY_HAND = "by_hand"


class NobodyToOwn(Exception):
    """The ward has neither a holder of the position nor a head: it cannot take dossiers."""


class WardClosed(NobodyToOwn):
    """The ward takes no new dossiers any more."""


class CannotOwn(ValueError):
    """The person chosen by hand does not hold the position, is away, or may not handle this dossier."""


@dataclass(frozen=True)
class Choice:
    """Who owes a step. `stands_in_for` is away; `instead` says that a leader had to step in."""

    user: User
    stands_in_for: User | None = None
    instead: bool = False


def owner_of_step(
    position: str,
    ward: Ward,
    *,
    dossier: Dossier,
    at: datetime,
    before: User | None = None,
    chosen: User | None = None,
) -> Choice:
    """The person chosen by hand; else whoever had the step before; else the holder of the position with the
    fewest steps open; else a head of the agency that decides; else the ward's leader. Whoever is away today
    is replaced by their substitute.

    Never the resident whose own dossier it is, nor an officer who declared an interest in it.
    Raises NobodyToOwn, CannotOwn.
    """
    away = absences_on(ward, at.astimezone(VIETNAM).date())
    if chosen:
        if chosen not in candidates(position, ward, dossier=dossier, at=at):
            raise CannotOwn(str(chosen))
        return Choice(chosen)
    for wanted in _in_turn(position, dossier):
        people = _holders(wanted, ward, dossier)
        if before in people:
            people.remove(before)
            people.insert(0, before)
        for person in people:
            if person.pk not in away:
                return Choice(person, instead=wanted != position)
        for person in people:
            substitute = away[person.pk].substitute
            if substitute.pk not in _barred(dossier):
                return Choice(substitute, stands_in_for=person, instead=wanted != position)
    raise NobodyToOwn(f"{ward}: {position}")


def candidates(position: str, ward: Ward, *, dossier: Dossier, at: datetime) -> list[User]:
    """Who can be given a step by hand: the holders of the position at work today, then the heads."""
    away = absences_on(ward, at.astimezone(VIETNAM).date())
    people = {person: None for wanted in _in_turn(position, dossier) for person in _holders(wanted, ward, dossier)}
    return [person for person in people if person.pk not in away]


def _in_turn(position: str, dossier: Dossier) -> list[str]:
    """Who is asked to own a step: the position, the head of the agency, the ward's leader."""
    return list(dict.fromkeys((position, dossier.agency.head, Position.LEADER)))


def _holders(position: str, ward: Ward, dossier: Dossier) -> list[User]:
    holders = holders_of(position, ward).exclude(user__in=_barred(dossier)).values("user")
    return list(
        User.objects.filter(pk__in=holders)
        .annotate(open_steps=Count("steps", filter=Q(steps__started_at__isnull=False, steps__finished_at=None)))
        .order_by("open_steps", "pk")
    )


def _barred(dossier: Dossier) -> set[int]:
    return {dossier.owner_id, *dossier.excluded_officers}
