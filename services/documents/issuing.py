"""Issuing, replacing and revoking: what becomes of a document besides its file."""

from datetime import datetime
from typing import Any

from django.db import models

from buildings.models import Ward
from portal.core import audit, outbox, workflow
from portal.core.calendar import VIETNAM
from portal.core.models import User
from portal.core.numbering import next_number

from .models import IssuedDocument
from .transitions import REPLACE, REVOKE


def issue(
    *,
    key: str,
    ward: Ward,
    owner: User,
    subject: models.Model,
    kind: str,
    title: str,
    book: str,
    suffix: str,
    template: str,
    context: dict[str, Any],
    at: datetime,
    by: User | None = None,
    replaces: IssuedDocument | None = None,
    then: str = "",
) -> IssuedDocument:
    """Number a document and promise its file, inside the caller's transaction.

    `key` makes the issue unique: asked for again, the first document comes back and nothing happens.
    `book` is the register the number is taken from, gap-free per ward and Vietnamese calendar year;
    `suffix` what is printed after it ("UBND-XNTTHN"). `template` lies under templates/pdf/ and is given
    `context` (what JSON can hold, frozen here) and what `rendering.paper_of` says of the document.
    `then` names a kind of job promised, with {"document_id": …}, once the signed file exists.

    Raises IllegalMove when the document to be replaced is not in force, RuntimeError outside a transaction.
    """
    if already := IssuedDocument.objects.filter(key=key).first():
        return already
    if replaces:
        replaces = workflow.lock(replaces)
        workflow.apply(replaces, REPLACE, by=by, at=at)
    year = at.astimezone(VIETNAM).year
    document = IssuedDocument.objects.create(
        key=key,
        ward=ward,
        owner=owner,
        subject=audit.stream_of(subject),
        kind=kind,
        title=title,
        book=book,
        year=year,
        number=next_number(f"documents:{ward.code}:{book}:{year}"),
        suffix=suffix,
        template=template,
        context=context,
        issued_at=at,
        signed_by=by,
        replaces=replaces,
        then=then,
    )
    audit.record(document, "issued", by=by, at=at, public=True, number=document.official_number, about=document.subject)
    outbox.enqueue("documents.render", str(document.pk), at=at, payload={"document_id": str(document.pk)})
    return document


def revoke(document: IssuedDocument, *, by: User, at: datetime, reason: str) -> IssuedDocument:
    """Withdraw a document: its check says so from now on. Inside the caller's transaction.

    Raises IllegalMove, or PermissionDenied for anyone but a leader of its ward.
    """
    locked = workflow.lock(document)
    workflow.apply(locked, REVOKE, by=by, at=at, reason=reason)
    return locked
