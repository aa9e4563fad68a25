"""Who read what about whom: one row an officer, subject, kind and hour."""

from datetime import datetime

from django.db import models

from .audit import stream_of
from .models import AccessRecord, User


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
                hour=at.replace(minute=0, second=0, microsecond=0),
                at=at,
            )
        ],
        ignore_conflicts=True,  # read again within the hour
    )


def reads_of(subject: models.Model) -> models.QuerySet[AccessRecord]:
    """Everybody who read it, oldest first."""
    return AccessRecord.objects.filter(stream=stream_of(subject))
