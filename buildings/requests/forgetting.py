"""Requests that ended long ago: deleted with all that was said and shown about them.

They name flats, people and what is wrong in homes; after the years of `data/categories.toml` nobody answers for
them any more. That one was there, when and how it ended, stays in the record of what happened.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from portal.core import audit, workflow
from portal.core.files.stored import delete_on_commit

from .models import ENDED_STATES, BuildingRequest, RequestComment, RequestLateness, RequestPhoto
from .rules import limits

log = logging.getLogger(__name__)


def forget(*, at: datetime) -> int:
    """Delete the requests whose time is over; how many. What fails is logged and holds up none of the others."""
    before = at - timedelta(days=limits().kept_days)
    old = BuildingRequest.objects.filter(state__in=ENDED_STATES, ended_at__lt=before)
    # Which others were joined to goes after them.
    joined = BuildingRequest.objects.filter(joined_to=OuterRef("pk"))
    forgotten = 0
    while keys := list(old.exclude(Exists(joined)).order_by("ended_at").values_list("pk", flat=True)[:500]):
        done = sum(_forget(key, before=before, at=at) for key in keys)
        if not done:
            break
        forgotten += done
    return forgotten


def _forget(key: UUID, *, before: datetime, at: datetime) -> bool:
    try:
        with transaction.atomic():
            request = workflow.lock(BuildingRequest(pk=key))
            if request.ended_at is None or request.ended_at >= before:  # opened again meanwhile
                return False
            photos, cases = (
                RequestPhoto.objects.filter(request=request),
                RequestLateness.objects.filter(request=request),
            )
            names = [name for row in photos.values_list("file", "thumbnail") for name in row]
            names += [name for row in cases.values_list("letter", "evidence") for name in row]
            # What names a contractor's link or the open case goes before what it names.
            photos.delete()
            RequestComment.objects.filter(request=request).delete()
            BuildingRequest.objects.filter(pk=key).update(contractor=None, lateness=None)
            audit.record(request, "forgotten", by=None, at=at, state=request.state, ended_at=request.ended_at)
            request.refresh_from_db()
            request.delete()
            delete_on_commit(names)
        return True
    except Exception:
        log.exception("request %s could not be forgotten", key)
        return False
