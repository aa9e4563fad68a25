"""The managers' desk of a building: its overview, list, board and a search, with few requests and with a hundred thousand."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.urls import reverse
from django.utils import timezone

from buildings.models import Building, Ward
from buildings.requests.models import ENDED_STATES, OPEN_STATES, BuildingRequest, RequestState
from portal.core.models import User

from .people import Person, queries_of
from .rounds import Case, throughput

FEW, MANY = 10, 100_000
OPEN_OF_A_HUNDRED = 2  # the rest has ended, as years do
WORDS = ("Thang máy rung mạnh", "Đèn hành lang hỏng", "Vòi nước rò rỉ", "Phòng rác đầy", "Tiếng ồn ban đêm")


def cases(portal: str, bare: str) -> Iterator[Case]:
    manager = Person(portal, User.objects.get(email="toa-nha@viet-hung.example"))
    building = Ward.objects.get(slug="viet-hung").buildings.first()
    for number in (FEW, MANY):
        seed(building, number)
        how_many = f"{number:,} requests"
        for name, path in _addresses(building).items():
            yield (
                f"managers' {name}, {how_many}",
                throughput(portal + path, bare + "/", headers={"Cookie": manager.cookies}),
                queries_of(path, manager.user),
            )


def _addresses(building: Building) -> dict[str, str]:
    at = [building.ward.slug, building.slug]
    work = reverse("building_desk:work", args=at)
    return {
        "overview": reverse("building_desk:building", args=at),
        "list": work,
        "list of what has ended": f"{work}?xem=da-xong",
        "board": reverse("building_desk:board", args=at),
        "search that finds one": f"{work}?q=YC9-26-7",
        "search for common words": f"{work}?q=thang+may",
    }


def seed(building: Building, number: int) -> None:
    """As many requests as asked for, most of them ended, the latest first in the list."""
    have = BuildingRequest.objects.filter(building=building).count()
    reporter = User.objects.get(email="cong-dan@viet-hung.example")
    answerable = User.objects.get(email="toa-nha@viet-hung.example")
    now = timezone.now()

    def rows() -> Iterator[BuildingRequest]:
        for index in range(have, number):
            is_open = index * OPEN_OF_A_HUNDRED % 100 < OPEN_OF_A_HUNDRED
            states = [state for state in OPEN_STATES if state != RequestState.WAITING] if is_open else [ENDED_STATES[0]]
            state = states[index % len(states)]
            # What is open is a fortnight old at most; what has ended goes back years.
            age = 10 * index * OPEN_OF_A_HUNDRED // 100 if is_open else 30 * index
            sent_at = now - timedelta(minutes=age)
            owed = state in (RequestState.NEW, RequestState.ACCEPTED, RequestState.PLANNED)
            finished = state in (RequestState.DONE, RequestState.CLOSED)
            yield BuildingRequest(
                token=uuid.uuid4(),
                code=f"YC9-26-{index}",
                building=building,
                category="lift",
                what=f"{WORDS[index % len(WORDS)]}, lần {index}",
                reporter=reporter,
                answerable=answerable,
                state=state,
                sent_at=sent_at,
                promise="",
                due_at=sent_at + timedelta(days=5),
                promised_at=sent_at + timedelta(days=5),
                next_due_at=sent_at + timedelta(days=5) if owed else None,
                done_at=sent_at + timedelta(days=1) if finished else None,
                ended_at=sent_at + timedelta(days=2) if state == RequestState.CLOSED else None,
            )

    made = rows()
    while batch := list(islice(made, 2000)):
        BuildingRequest.objects.bulk_create(batch)
