"""Who has read a notice: flats, as numbers. Nobody is named, and no flat is told from its neighbours.

Managers need to know whether paper on the door is called for: they see how many flats have opened a
notice, floor by floor, and which flats nobody lives in who could be reached here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F

from portal.core.models import User

from ..models import Apartment
from . import audience
from .models import Notice, Seen

FEWEST_FLATS = 3  # counted together, so that a number says nothing of one household


def note(notice: Notice, *, by: User, at: datetime) -> None:
    """A resident opens a notice: their flats among those it concerns have seen this version of it."""
    if notice.is_withdrawn or not by.is_authenticated:
        return
    homes = audience.homes(notice).filter(user=by)
    flats = set(homes.values_list("apartment_id", flat=True))
    if not flats:
        return
    known = Seen.objects.filter(notice=notice, apartment__in=flats)
    if len(known.filter(version=notice.version)) == len(flats):
        return
    known.filter(version__lt=notice.version).update(version=notice.version, at=at)
    Seen.objects.bulk_create(
        (Seen(notice=notice, apartment_id=flat, version=notice.version, at=at) for flat in flats),
        ignore_conflicts=True,
    )


def counts(notices: Iterable[Notice]) -> dict:
    """notice key → flats that have opened its latest version, where that tells of no single household. One query."""
    rows = Seen.objects.filter(notice__in=list(notices), version=F("notice__version"))
    counted = rows.order_by().values_list("notice_id").annotate(flats=Count("pk"))
    return dict(counted.filter(flats__gte=FEWEST_FLATS))


@dataclass(frozen=True)
class Reach:
    """How far a notice has got, in flats."""

    flats: int  # it concerns
    reachable: int  # somebody lives there who can be told here
    seen: int | None  # None while it would tell of one or two households
    floors: list[tuple[int, int, int]]  # floor, flats that have seen it, reachable flats; three flats and more
    unreachable: list[Apartment]  # for paper


def reach(notice: Notice) -> Reach:
    flats = list(audience.flats(notice).order_by("floor", "number"))
    homes = audience.homes(notice)
    reachable = set(homes.values_list("apartment_id", flat=True))
    seen = set(Seen.objects.filter(notice=notice, version=notice.version).values_list("apartment_id", flat=True))
    by_floor: dict[int, list[Apartment]] = {}
    for flat in flats:
        if flat.pk in reachable:
            by_floor.setdefault(flat.floor, []).append(flat)
    return Reach(
        flats=len(flats),
        reachable=len(reachable),
        seen=len(seen & reachable) if len(reachable) >= FEWEST_FLATS else None,
        floors=[
            (floor, sum(flat.pk in seen for flat in some), len(some)) for floor, some in sorted(_told(by_floor).items())
        ],
        unreachable=[flat for flat in flats if flat.pk not in reachable],
    )


def _told(by_floor: dict[int, list[Apartment]]) -> dict[int, list[Apartment]]:
    """The floors whose number says nothing of one household: not by itself, and not by what is left of the total."""
    told = {floor: some for floor, some in by_floor.items() if len(some) >= FEWEST_FLATS}
    left = sum(map(len, by_floor.values())) - sum(map(len, told.values()))
    while told and 0 < left < FEWEST_FLATS:
        smallest = min(told, key=lambda floor: (len(told[floor]), floor))
        left += len(told.pop(smallest))
    return told
