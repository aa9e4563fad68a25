"""A plan by which wards hand over to wards: who takes over what.

A plan has one line for each ward it touches (who takes over what belongs to no building; a ward that is
its own successor goes on, every other is closed) and one for each of its buildings. A person's dossiers
follow the building they were confirmed in, the first of them if there are several.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.functional import cached_property

from buildings.models import (
    Membership,
    MembershipTransfer,
    Reorganisation,
    Residency,
    Ward,
    WardSuccession,
)
from portal.core import audit
from portal.core.calendar import VIETNAM
from portal.core.models import User


class PlanClosed(Exception):
    """The plan was confirmed meanwhile: it is not changed any more."""


@dataclass(frozen=True)
class Plan:
    """A reorganisation's lines, read once."""

    reorganisation: Reorganisation

    @cached_property
    def lines(self) -> list[WardSuccession]:
        return list(self.reorganisation.lines.select_related("old", "new", "building"))

    @cached_property
    def defaults(self) -> dict[Ward, Ward]:
        """Each ward of the plan → who takes over what belongs to no building."""
        return {line.old: line.new for line in self.lines if line.building_id is None}

    @property
    def closing(self) -> list[Ward]:
        return [old for old, new in self.defaults.items() if old != new]

    @property
    def successors(self) -> list[Ward]:
        """The wards that take something over from another, by name."""
        return sorted({line.new for line in self.lines if line.new != line.old}, key=lambda ward: ward.name)

    def successors_of(self, old: Ward) -> list[Ward]:
        """The wards among which this one is divided, by name."""
        return sorted({line.new for line in self.lines if line.old == old} - {old}, key=lambda ward: ward.name)

    @cached_property
    def transfers(self) -> list[MembershipTransfer]:
        return list(self.reorganisation.transfers.select_related("membership__user", "membership__ward", "new"))

    @cached_property
    def _wards(self) -> dict[int, Ward]:
        return {ward.pk: ward for line in self.lines for ward in (line.old, line.new)}

    @cached_property
    def _by_resident(self) -> dict[int, dict[int, int]]:
        """old ward → resident → new ward, for residents of buildings that do not go the way of their ward's rest."""
        exceptional = {
            line.building_id: line.new_id
            for line in self.lines
            if line.building_id and line.new != self.defaults.get(line.old)
        }
        every = {line.building_id: line.old_id for line in self.lines if line.building_id}
        found: dict[int, dict[int, int]] = defaultdict(dict)
        lived = Residency.objects.confirmed().filter(apartment__building__in=every).order_by("claimed_at", "pk")
        first: set[tuple[int, int]] = set()
        for person, building in lived.values_list("user", "apartment__building"):
            old = every[building]
            if (old, person) not in first:
                first.add((old, person))
                if building in exceptional:
                    found[old][person] = exceptional[building]
        return dict(found)

    def successor_of(self, person_id: int, old: Ward) -> Ward:
        """Who takes over what this person has with the ward."""
        new = self._by_resident.get(old.pk, {}).get(person_id)
        return self._wards[new] if new else self.defaults[old]

    def ward(self, pk: int) -> Ward:
        return self._wards[pk]

    def people_elsewhere(self, old: Ward) -> dict[int, int]:
        """resident → new ward, of those who do not go the way of their ward's rest."""
        return self._by_resident.get(old.pk, {})


# --- Making it --------------------------------------------------------------------------------------------


def draft(
    *, title: str, decision: str, effective_on: date, wards: Iterable[Ward], by: User, at: datetime
) -> Reorganisation:
    """A plan over these wards in which nothing changes yet: each goes on, with all its buildings."""
    with transaction.atomic():
        made = Reorganisation.objects.create(
            title=title, decision=decision, effective_on=effective_on, made_by=by, made_at=at
        )
        for ward in wards:
            WardSuccession.objects.create(reorganisation=made, old=ward, new=ward, on=effective_on)
            WardSuccession.objects.bulk_create(
                WardSuccession(
                    reorganisation=made,
                    old=ward,
                    new=ward,
                    building=building,
                    on=effective_on,
                    former_slug=building.slug,
                )
                for building in ward.buildings.all()
            )
        audit.record(made, "reorganisation.drafted", by=by, at=at, wards=[str(ward) for ward in wards])
        return made


def assign(
    plan: Reorganisation,
    *,
    defaults: Mapping[int, int],
    buildings: Mapping[int, int] | None = None,
    by: User,
    at: datetime,
) -> None:
    """Say who takes over: ward → ward, building → ward (by key). What is not named stays as it was.

    A building that is new since the plan was drafted gets its line. Raises PlanClosed.
    """
    with open_for_change(plan) as locked:
        for line in locked.lines.select_related("old"):
            wanted = defaults.get(line.old_id) if line.building_id is None else (buildings or {}).get(line.building_id)
            if wanted and wanted != line.new_id:
                WardSuccession.objects.filter(pk=line.pk).update(new_id=wanted)
        known = set(locked.lines.exclude(building=None).values_list("building_id", flat=True))
        for ward in Ward.objects.filter(successions_from__reorganisation=locked).distinct():
            for building in ward.buildings.exclude(pk__in=known):
                WardSuccession.objects.create(
                    reorganisation=locked,
                    old=ward,
                    new_id=(buildings or {}).get(building.pk) or defaults.get(ward.pk, ward.pk),
                    building=building,
                    on=locked.effective_on,
                    former_slug=building.slug,
                )
        audit.record(locked, "reorganisation.assigned", by=by, at=at)


def transfer(plan: Reorganisation, people: Mapping[int, int | None], *, by: User, at: datetime) -> None:
    """Say who goes on where: membership → ward, by key; None: nowhere. Raises PlanClosed."""
    with open_for_change(plan) as locked:
        for membership_id, ward_id in people.items():
            if ward_id is None:
                locked.transfers.filter(membership=membership_id).delete()
            else:
                locked.transfers.update_or_create(membership_id=membership_id, defaults={"new_id": ward_id})
        audit.record(locked, "reorganisation.people", by=by, at=at, people=len(people))


def drop(plan: Reorganisation, *, by: User, at: datetime) -> None:
    """Throw a plan away. Raises PlanClosed."""
    with open_for_change(plan) as locked:
        audit.record(locked, "reorganisation.dropped", by=by, at=at, title=locked.title)
        locked.delete()


class open_for_change:  # noqa: N801 - read as a statement: `with open_for_change(plan) as locked`
    """The plan's row, locked, while it may still be changed. Raises PlanClosed."""

    def __init__(self, plan: Reorganisation) -> None:
        self.plan, self.block = plan, transaction.atomic()

    def __enter__(self) -> Reorganisation:
        self.block.__enter__()
        try:
            locked = Reorganisation.objects.select_for_update(of=("self",)).get(pk=self.plan.pk)
            if locked.confirmed_at:
                raise PlanClosed(str(locked))
        except BaseException as error:
            self.block.__exit__(type(error), error, error.__traceback__)
            raise
        return locked

    def __exit__(self, *error) -> None:
        self.block.__exit__(*error)


def begins_at(plan: Reorganisation) -> datetime:
    """The first moment of the day it takes effect."""
    return datetime.combine(plan.effective_on, time(), VIETNAM)


def movable_people(plan: Reorganisation) -> list[Membership]:
    """Who works in the plan's wards today, by ward, position and name. Buildings' people go with their building."""
    wards = plan.lines.filter(building=None).values("old")
    return list(
        Membership.objects.current()
        .filter(ward__in=wards, building=None)
        .select_related("user", "ward")
        .order_by("ward__name", "position", "user__full_name", "pk")
    )
