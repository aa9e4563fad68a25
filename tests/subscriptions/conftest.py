from datetime import UTC, datetime

import pytest
from django.core import mail

from buildings.models import Building
from home.subscriptions import actions, sending
from home.subscriptions.actions import Wishes
from home.subscriptions.consent import CURRENT
from home.subscriptions.models import SignUp, Subscriber
from portal.core import outbox
from tests.home.conftest import announce, editor_of, giang_bien, viet_hung  # noqa: F401 - fixtures

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday, 10:00 in Hanoi


@pytest.fixture(autouse=True)
def outgoing_mail(settings):
    """Whole messages, with their headers; the portal's own mailbox keeps only what a person reads."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def ward(viet_hung):  # noqa: F811
    return viet_hung.ward


@pytest.fixture
def neighbour(giang_bien):  # noqa: F811
    return giang_bien.ward


@pytest.fixture
def building():
    def building(ward, name="Sen Hồng"):
        return Building.objects.create(
            ward=ward, slug=name.lower().replace(" ", "-"), name=name, address="Phố Vạn Hạnh", floors=9
        )

    return building


def subscribe(email, ward, *, at=AT, language="vi", **wishes) -> Subscriber:
    """Asked for and confirmed; the question itself is not sent."""
    sign_up = SignUp.objects.create(
        email=email, ward=ward, wishes=Wishes(**wishes).to_json(), language=language, consent=CURRENT, asked_at=at
    )
    return actions.confirm(sign_up, at=at).subscriber


def publish(announcement, *, at=AT, number=1, keep=True):
    """Tells the subscribers, and lets the worker do all of it."""
    dispatch = sending.announce(announcement, number=number, at=at)
    if keep:
        outbox.run_all(at=at, rounds=100)
    return dispatch


def addressees() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)
