"""The road out of lateness on the screen: who is offered what, what is refused, what is kept."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from buildings.models import Membership
from portal.core.calendar import VIETNAM
from portal.core.lateness import LatenessState
from services.dossiers.models import Lateness

from ..conftest import NOW, SENT_AT, make_officer

L = LatenessState
EXPLAINED = {"cause": "own", "text": "Để sót khi bàn giao.", "remedy": "Làm ngay hôm nay."}
LATE_AT = NOW + timedelta(days=1)  # Friday, 10:00: the specialist's five hours ended on Thursday at 15:55


def vn(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture
def deputy(ward):
    """A second head, so that nobody judges their own words."""
    user = make_officer("leader", ward, full_name="Lê Thị Phó", login="deputy")
    Membership.objects.filter(user=user).update(title="Phó Chủ tịch")
    return user


@pytest.fixture
def blocked(send, walk, clock):
    """A dossier whose specialist is late, on the next morning; the case is not open yet."""
    dossier = walk(send(at=SENT_AT), "approve")
    clock.move_to(LATE_AT)
    return dossier


def address(name: str, dossier, **more) -> str:
    return reverse(f"desk:{name}", kwargs={"id": dossier.pk, **more})


def page_of(client, user, dossier) -> str:
    client.force_login(user)
    return client.get(address("dossier", dossier)).text


def seen_on(client, user, dossier, name: str) -> str:
    """What the screen of a step of the road sends back with it."""
    client.force_login(user)
    return client.get(address(name, dossier)).context["seen"]


def post(client, user, dossier, name: str, *, seen: str | None = None, **given):
    if seen is None:
        seen = seen_on(client, user, dossier, name)
    client.force_login(user)
    return client.post(address(name, dossier), {"seen": seen, **given})


def case_of(dossier) -> Lateness:
    return dossier.latenesses.get()
