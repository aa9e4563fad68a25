"""Who begins and ends to work in a position, with what that opens and shuts in the editors' admin."""

from datetime import datetime
from typing import Any

from django.db import transaction

from buildings import staffing
from buildings.models import Membership
from portal.core.models import User

from .editing.editors import settle


@transaction.atomic
def appoint(**given: Any) -> Membership:
    """As `buildings.staffing.appoint`, which says what is given and what it raises."""
    membership = staffing.appoint(**given)
    settle(membership.user)
    return membership


@transaction.atomic
def dismiss(membership: Membership, *, by: User | None, at: datetime) -> Membership:
    ended = staffing.dismiss(membership, by=by, at=at)
    settle(ended.user)
    return ended
