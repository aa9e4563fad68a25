from datetime import timedelta
from itertools import count

import pytest

from portal.core.models import Notification
from services.conversation import actions
from tests.clock import stopped_at
from tests.factories.dossiers import AT, DossierFactory

NOW = AT + timedelta(hours=2)  # Monday 23 November 2026, 11:00 in Hanoi

clock = stopped_at(NOW)


@pytest.fixture
def dossier(ward, resident):
    """With the specialist, who examines it."""
    return DossierFactory(ward=ward, owner=resident, processing=True)


@pytest.fixture
def say(dossier):
    """Write about the dossier, each message a moment after the one before: `say(who, "…", kind=…)`."""
    moments = count()

    def write(by, text="Tôi hỏi về hồ sơ.", *, at=None, about=None, **more):
        at = at or NOW + timedelta(microseconds=next(moments))
        return actions.write(about or dossier, by=by, at=at, text=text, **more)

    return write


def told(user) -> list[str]:
    """What a person was told about conversations, oldest first."""
    mine = Notification.objects.visible_to(user).filter(kind="conversation").order_by("created_at", "pk")
    return list(mine.values_list("title", flat=True))
