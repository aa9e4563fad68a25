from datetime import datetime, timedelta

import pytest

from portal.core.calendar import VIETNAM
from services.ratings import actions
from services.ratings.models import Event
from tests.clock import stopped_at
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory

NOW = AT + timedelta(hours=2)  # Monday 23 November 2026, 11:00 in Hanoi
NEXT_MONTH = datetime(2026, 12, 1, 0, 0, tzinfo=VIETNAM)

clock = stopped_at(NOW)


@pytest.fixture
def dossier(ward, resident):
    return DossierFactory(ward=ward, owner=resident, accepted=True)


@pytest.fixture
def rated(ward):
    """Ratings of one event each, by so many people in turn: `rated([5, 4, 3], people=3)`."""

    def rate(scores, *, people: int = 5, at=NOW, ward=ward, **more):
        raters = [UserFactory() for _person in range(people)]
        return [
            actions.rate(
                DossierFactory(ward=ward, owner=raters[number % people], accepted=True),
                Event.RECEIPT,
                by=raters[number % people],
                at=at,
                score=score,
                **more,
            )
            for number, score in enumerate(scores)
        ]

    return rate
