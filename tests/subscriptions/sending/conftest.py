"""From publishing to the mailbox: whom, when, once."""

from datetime import timedelta

from home.models import Audience, AudiencePart
from home.subscriptions import sending
from portal.core import outbox
from tests.clock import stopped_at

from ..conftest import AT

LATER = AT + timedelta(minutes=1)
FIVE = AT.replace(hour=10)  # 17:00 in Hanoi

clock = stopped_at(AT)


def evening(clock, day: int = 0) -> None:
    """Beat and worker at the hour of the digest."""
    at = FIVE + timedelta(days=day)
    clock.move_to(at)
    sending.promise_digest(at=at)
    outbox.run_all(at=at, rounds=100)


def for_some(announcement, *parts):
    """For some buildings only: (building, block, floor) each."""
    announcement.audience = Audience.BUILDINGS
    announcement.audience_parts = [
        AudiencePart(building=building, block=block, from_floor=floor, to_floor=floor)
        for building, block, floor in parts
    ]
    announcement.save()
    return announcement
