"""What the managers' screens show of a building's residents."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from portal.core.text import fold

from ..models import Building, Residency, ResidencyState
from . import rules

A_PAGE = 50
VIEWS = ("", "cho", "sap-het", "da-xong")


@dataclass(frozen=True)
class Numbers:
    """A building's residents as the board may know them: how many, not who."""

    flats: int
    lived_in: int
    owners: int
    tenants: int
    members: int
    asked: int

    @property
    def people(self) -> int:
        return self.owners + self.tenants + self.members


def numbers(building: Building) -> Numbers:
    of = Residency.objects.filter(apartment__building=building)
    confirmed = Q(state=ResidencyState.CONFIRMED)
    roles = {f"{role}s": Count("pk", filter=confirmed & Q(role=role)) for role in Residency.Role.values}
    counted = of.aggregate(
        lived_in=Count("apartment", filter=confirmed, distinct=True),
        asked=Count("pk", filter=Q(state=ResidencyState.ASKED)),
        **roles,
    )
    return Numbers(flats=building.apartments.count(), **counted)


def residents(building: Building, *, view: str, words: str, today: date) -> QuerySet[Residency]:
    """Those of one view, by flat; found by name or flat number, without regard to diacritics."""
    of = Residency.objects.filter(apartment__building=building)
    if view == "cho":
        of = of.asked().order_by("claimed_at", "pk")
    elif view == "sap-het":
        soon = today + timedelta(days=max(rules.WARN_DAYS))
        of = of.confirmed().filter(until__lte=soon).order_by("until", "pk")
    elif view == "da-xong":
        of = of.filter(ended_at__isnull=False).order_by("-ended_at", "-pk")
    else:
        of = of.confirmed().order_by("apartment__floor", "apartment__number", "role", "pk")
    if words:
        of = of.filter(Q(user__folded_name__contains=fold(words)) | Q(apartment__number__icontains=words))
    return of.select_related("user", "apartment", "confirmed_by").with_rivals()


def counts(building: Building, *, today: date) -> dict[str, int]:
    """How many are in each view."""
    of = Residency.objects.filter(apartment__building=building)
    soon = Q(state=ResidencyState.CONFIRMED, until__lte=today + timedelta(days=max(rules.WARN_DAYS)))
    return of.aggregate(
        asked=Count("pk", filter=Q(state=ResidencyState.ASKED)),
        confirmed=Count("pk", filter=Q(state=ResidencyState.CONFIRMED)),
        ending=Count("pk", filter=soon),
        over=Count("pk", filter=Q(ended_at__isnull=False)),
    )


@dataclass(frozen=True)
class Dispute:
    """A flat more than one person says they own, while that is not settled."""

    number: str
    people: list[Residency]


def disputes(building: Building) -> list[Dispute]:
    rivals = Residency.objects.filter(apartment__building=building).open().owners().with_rivals().filter(has_rival=True)
    found: dict[str, list[Residency]] = {}
    for one in rivals.select_related("user", "apartment").order_by("apartment__floor", "apartment__number", "pk"):
        found.setdefault(one.apartment.number, []).append(one)
    return [Dispute(number, people) for number, people in found.items()]
