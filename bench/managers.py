"""The managers' desk of a building: its overview, lists, board and searches, from ten requests to a hundred thousand.

With ten the lists are short; a thousand fill every page and column that is shown. What is flat takes the same
with a thousand as with a hundred thousand; between ten and a thousand it is the rows on the page that are paid for.
"""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from buildings.models import Building, Ward
from buildings.requests.models import OPEN_STATES, BuildingRequest, RequestState
from portal.core.models import User

from .people import Person, queries_of
from .rounds import Case, throughput

SIZES = (10, 1_000, 100_000)
OPEN = (5, 200, 2_000)  # of each size; the rest has ended, as years do
AT_WORK = [state for state in OPEN_STATES if state != RequestState.WAITING]  # which needs a day to come back
WORDS = ("Thang máy rung mạnh", "Đèn hành lang hỏng", "Vòi nước rò rỉ", "Phòng rác đầy", "Tiếng ồn ban đêm")


def cases(portal: str, bare: str) -> Iterator[Case]:
    manager = Person(portal, User.objects.get(email="toa-nha@viet-hung.example"))
    building = Ward.objects.get(slug="viet-hung").buildings.first()
    for number, open_ones in zip(SIZES, OPEN, strict=True):
        seed(building, number, open_ones)
        how_many = f"{number:,} requests"
        for name, path in addresses(building).items():
            yield (
                f"managers' {name}, {how_many}",
                throughput(portal + path, bare + "/", headers={"Cookie": manager.cookies}),
                queries_of(path, manager.user),
            )


def addresses(building: Building) -> dict[str, str]:
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


def seed(building: Building, number: int, open_ones: int) -> None:
    """As many requests as asked for, of which so many are open, in every state alike."""
    reporter = User.objects.get(email="cong-dan@viet-hung.example")
    answerable = User.objects.get(email="toa-nha@viet-hung.example")
    now = timezone.now()
    requests = BuildingRequest.objects.filter(building=building)
    have, have_open = requests.count(), requests.open().count()

    def rows() -> Iterator[BuildingRequest]:
        for index in range(have, number):
            nth = have_open + index - have
            is_open = nth < open_ones
            state = AT_WORK[nth % len(AT_WORK)] if is_open else RequestState.CLOSED
            # What is open is a fortnight old at most; what has ended goes back years.
            sent_at = now - timedelta(minutes=10 * nth if is_open else 30 * index)
            owed = state in (RequestState.NEW, RequestState.ACCEPTED, RequestState.PLANNED)
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
                done_at=None if owed or state == RequestState.WITH_WARD else sent_at + timedelta(days=1),
                ended_at=sent_at + timedelta(days=2) if state == RequestState.CLOSED else None,
            )

    made = rows()
    while batch := list(islice(made, 2000)):
        BuildingRequest.objects.bulk_create(batch)
    if connection.vendor == "postgresql":  # what autovacuum does within minutes; SQLite is measured without statistics
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) requests_buildingrequest")
