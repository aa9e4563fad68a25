"""A notice to five thousand residents: put up in one request, then told to everybody."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from buildings.models import Apartment, Building, Residency, ResidencyState, Ward
from buildings.notices import actions, delivery
from buildings.notices.kinds import NoticeKind
from buildings.notices.models import Notice, Telling
from portal.core.models import Notification, User

from .people import Person
from .rounds import MOST_ROUNDS, Case, times

RESIDENTS = 5_000
A_SECOND = 1.0
RUNS = MOST_ROUNDS + 1  # and one to warm up


def cases(portal: str, bare: str) -> Iterator[Case]:
    manager = Person(portal, User.objects.get(email="toa-nha@viet-hung.example"))
    building = _full_house(manager.user)
    drafts = iter([_draft(building, manager.user) for _run in range(RUNS)])
    plain = Person(bare, manager.user)
    yield (
        f"a notice to {RESIDENTS:,} residents, put up",
        times(lambda: _put_up(manager, next(drafts)), plain.post, runs=1),
        None,
    )
    again = iter([_promised(building, manager.user) for _run in range(RUNS)])
    yield (
        f"a notice told to {RESIDENTS:,} residents",
        times(lambda: _tell(next(again)), lambda: _bare(manager.user), runs=1),
        None,
    )


def _full_house(manager: User) -> Building:
    """A building with as many flats as residents, and the manager's."""
    ward, now = Ward.objects.get(slug="viet-hung"), timezone.now()
    building = Building.objects.create(
        ward=ward, slug="nghin-can", name="Nhà nghìn căn", address="Phố Hoa Sữa", floors=50
    )
    flats = Apartment.objects.bulk_create(
        Apartment(building=building, floor=number // 100 + 1, number=f"N{number:04d}") for number in range(RESIDENTS)
    )
    people = User.objects.bulk_create(
        User(email=f"cu-dan-{number}@nghin-can.example", full_name=f"Cư dân {number}") for number in range(RESIDENTS)
    )
    Residency.objects.bulk_create(
        Residency(
            user=person,
            apartment=flat,
            role=Residency.Role.OWNER,
            state=ResidencyState.CONFIRMED,
            claimed_at=now,
            confirmed_at=now,
            confirmed_by=manager,
            confirmed_as=Residency.ConfirmedAs.MANAGER,
        )
        for person, flat in zip(people, flats, strict=True)
    )
    manager.memberships.create(position="building_manager", ward=ward, building=building, began_at=now)
    return building


def _draft(building: Building, manager: User) -> Notice:
    now = timezone.now()
    content = {"title": "Cắt nước", "starts_at": now + timedelta(days=1), "ends_at": now + timedelta(days=1, hours=3)}
    return actions.draft([building], kind=NoticeKind.WATER, by=manager, at=now, content=content)[0]


def _put_up(manager: Person, draft: Notice) -> None:
    """Raises RuntimeError where it takes a second and more."""
    began = time.perf_counter()
    manager.post(reverse("notices:manage_publish", args=[draft.building.ward.slug, draft.building.slug, draft.pk]))
    if time.perf_counter() - began > A_SECOND:
        raise RuntimeError("putting a notice up took longer than a second")
    if Notice.objects.get(pk=draft.pk).state != "published":
        raise RuntimeError("the notice is not up")


def _promised(building: Building, manager: User) -> int:
    up = actions.publish([_draft(building, manager)], by=manager, at=timezone.now())
    return up[0].tellings.get().pk


def _tell(telling: int) -> None:
    delivery.tell_all(telling)
    if Telling.objects.get(pk=telling).told != RESIDENTS:
        raise RuntimeError("somebody was left out")


def _bare(recipient: User) -> None:
    """As many rows of the inbox by themselves."""
    now, run = timezone.now(), time.perf_counter_ns()
    Notification.objects.bulk_create(
        (
            Notification(
                recipient=recipient, key=f"bench:{run}:{row}", kind="bench", title="x", body="x", created_at=now
            )
            for row in range(RESIDENTS)
        ),
        batch_size=delivery.BATCH,
    )
