"""Who read what about whom: one row an officer, subject, kind and hour; of a list, one row for all that was in it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.db import connection, models

from .audit import stream_of
from .models import AccessRecord, ListRead, User

EXPORT = "export"  # a list that leaves the portal as a file
_HOUR = 3600


def note_read(subject: models.Model | str, kind: str, *, by: User, at: datetime, ward_id: int | None = None) -> None:
    """Note that this person read the subject (or what its stream names). One query, never an error for the reader."""
    stream = subject if isinstance(subject, str) else stream_of(subject)
    AccessRecord.objects.bulk_create(
        [
            AccessRecord(
                stream=stream,
                kind=kind,
                reader_id=by.pk,
                reader_name=str(by)[:120],
                ward_id=ward_id if ward_id is not None else getattr(subject, "ward_id", None),
                hour=_hour_of(at),
                at=at,
            )
        ],
        ignore_conflicts=True,  # read again within the hour
    )


def note_list(
    what: str, subjects: Iterable[models.Model | str], *, by: User, at: datetime, ward_id: int, asked: str = ""
) -> None:
    """Note that this person had these subjects (or streams) before them in a list. An empty list shows nobody.

    One query for the list, however long; none when the cache knows that it was noted this hour. What
    the cache has forgotten is sorted out by the database.
    """
    streams = sorted({one if isinstance(one, str) else stream_of(one) for one in subjects})
    if not streams:
        return
    hour, asked = _hour_of(at), asked[:300]
    content = "\n".join([str(by.pk), str(ward_id), what, asked, *streams])
    fingerprint = hashlib.sha256(content.encode()).hexdigest()[:32]
    key = f"list-read:{fingerprint}:{hour.timestamp():.0f}"
    if cache.get(key):
        return
    ListRead.objects.bulk_create(
        [
            ListRead(
                what=what,
                asked=asked,
                subjects=streams,
                count=len(streams),
                reader_id=by.pk,
                reader_name=str(by)[:120],
                ward_id=ward_id,
                fingerprint=fingerprint,
                hour=hour,
                at=at,
            )
        ],
        ignore_conflicts=True,
    )
    cache.set(key, 1, _HOUR)  # after the row: nothing is taken for noted that is not


def reads_of(subject: models.Model) -> models.QuerySet[AccessRecord]:
    """Everybody who read it, oldest first."""
    return AccessRecord.objects.filter(stream=stream_of(subject))


def lists_with(subject: models.Model, *, since: datetime | None) -> models.QuerySet[ListRead]:
    """Everybody before whom it stood in a list, oldest first; `since` it could, so that nothing older is looked at."""
    stream, found = stream_of(subject), ListRead.objects.all()
    if since:
        found = found.filter(at__gte=since)
    if connection.features.supports_json_field_contains:
        return found.filter(subjects__contains=[stream])
    return found.filter(subjects__icontains=f'"{stream}"')


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
