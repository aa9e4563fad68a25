"""Rating an event of one's dossier: once."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.core.models import User
from services.dossiers.models import Dossier
from services.dossiers.permissions import is_owner

from . import queries
from .criteria import asked_at
from .models import SCORES, Event, Mark, Rating


class NotRateable(Exception):
    """The event has not happened to this dossier."""


def rate(
    dossier: Dossier,
    event: Event,
    *,
    by: User,
    at: datetime,
    score: int,
    marks: Mapping[str, int] | None = None,
    comment: str = "",
) -> Rating:
    """Keep what the resident thought. Rated twice is rated once: the first stays.

    Nothing else is written, so that no record, time or notice tells the desk that it was rated.
    Raises PermissionDenied, NotRateable; ValueError for a criterion not asked or a score out of range.
    """
    marks = marks or {}
    if not is_owner(by, dossier):
        raise PermissionDenied
    occasion = queries.happened(dossier).get(event)
    if occasion is None:
        raise NotRateable(event)
    if marks.keys() - {criterion.key for criterion in asked_at(event)}:
        raise ValueError(f"not asked at {event}: {sorted(marks)}")
    if not {score, *marks.values()} <= set(SCORES):
        raise ValueError("scores run from 1 to 5")
    with transaction.atomic():
        rating, made = Rating.objects.get_or_create(
            dossier=dossier,
            event=event,
            defaults={
                "score": score,
                "comment": comment.strip(),
                "officer_id": occasion.officer_id,
                "rated_at": at,
            },
        )
        if made:
            Mark.objects.bulk_create(Mark(rating=rating, criterion=key, score=mark) for key, mark in marks.items())
    return rating
