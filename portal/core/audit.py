"""The record of what happened: append-only, each event sealed with the hash of the one before."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .models import AuditEvent, User


def stream_of(obj: models.Model) -> str:
    """The stream of an object: its kind and its key."""
    return f"{obj._meta.model_name}:{obj.pk}"


def record(
    subject: models.Model,
    action: str,
    *,
    by: User | None,
    at: datetime,
    ward_id: int | None = None,
    public: bool = False,
    **data: Any,
) -> AuditEvent:
    """Append one event to the subject's stream, inside the caller's transaction.

    The caller holds the subject's row lock; where it does not, the unique (stream, seq) refuses
    the second writer with IntegrityError instead of forking the chain. `by` is None for the system.
    """
    stream = stream_of(subject)
    last = AuditEvent.objects.filter(stream=stream).order_by("-seq").first()
    event = AuditEvent(
        stream=stream,
        seq=last.seq + 1 if last else 1,
        at=at,
        action=action,
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else "",
        ward_id=ward_id if ward_id is not None else getattr(subject, "ward_id", None),
        public=public,
        data=json.loads(json.dumps(data, cls=DjangoJSONEncoder)),
        previous_hash=last.hash if last else "",
    )
    event.hash = _hash(event)
    event.save(force_insert=True)
    return event


def history_of(subject: models.Model) -> models.QuerySet[AuditEvent]:
    """Everything recorded about the subject, oldest first."""
    return AuditEvent.objects.filter(stream=stream_of(subject)).order_by("seq")


def verify(events: Iterable[AuditEvent]) -> AuditEvent | None:
    """The first event of a stream that does not fit its hash, its number or its predecessor."""
    previous_hash = ""
    for seq, event in enumerate(events, start=1):
        if event.seq != seq or event.previous_hash != previous_hash or event.hash != _hash(event):
            return event
        previous_hash = event.hash
    return None


def _hash(event: AuditEvent) -> str:
    content = json.dumps(
        [
            event.stream,
            event.seq,
            event.at.astimezone(UTC).isoformat(),
            event.action,
            event.actor_id,
            event.actor_name,
            event.ward_id,
            event.public,
            event.data,
            event.previous_hash,
        ],
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(content.encode()).hexdigest()
