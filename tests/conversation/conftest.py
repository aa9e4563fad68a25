from datetime import timedelta
from itertools import count

import pytest
import time_machine

from services.conversation import actions
from tests.factories.dossiers import AT, DossierFactory

NOW = AT + timedelta(hours=2)  # Monday 23 November 2026, 11:00 in Hanoi


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False  # how officers sign in is tested elsewhere


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
