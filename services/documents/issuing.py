"""Signing, numbering, issuing, replacing and revoking: what becomes of a document besides its file.

A slip is issued in one go (`issue`). What a person signs goes through three hands: `sign`, `number`,
`release`, each inside the transaction of the move that permits it.
"""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import models, transaction

from buildings.agencies import AgencyKey
from buildings.models import Ward
from portal.core import audit, outbox, workflow
from portal.core.calendar import VIETNAM
from portal.core.models import User
from portal.core.numbering import next_number

from .models import IssuedDocument
from .transitions import NUMBER, RELEASE, REPLACE, REVOKE


@dataclass(frozen=True)
class Paper:
    """What a document says and where it belongs, before anyone has issued or signed it.

    `key` makes it unique: asked for again, the first document comes back and nothing happens. `book` is the
    register its number is taken from, gap-free per agency and Vietnamese calendar year; `suffix` what is
    printed after the number ("UBND-XNTTHN"). `template` lies under templates/pdf/ and is given `context`
    (what JSON can hold, frozen with the document) and what `rendering.paper_of` says of it. `then` names a
    kind of job promised, with {"document_id": …}, once the signed file exists; `when_read` one promised
    when the owner first opens it.
    """

    key: str
    ward: Ward
    owner: User
    subject: models.Model
    kind: str
    title: str
    book: str
    suffix: str
    template: str
    context: dict[str, Any]
    agency: str = AgencyKey.COMMITTEE
    replaces: IssuedDocument | None = None
    then: str = ""
    when_read: str = ""

    def create(self, **facts: Any) -> IssuedDocument:
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        subject, agency = audit.stream_of(row.pop("subject")), row.pop("agency")
        return IssuedDocument.objects.create(**row, subject=subject, agency_key=agency, **facts)


def issue(paper: Paper, *, at: datetime, by: User | None = None) -> IssuedDocument:
    """Number a document and promise its file, inside the caller's transaction.

    Raises IllegalMove when the document to be replaced is not in force, RuntimeError outside a transaction.
    """
    if already := IssuedDocument.objects.filter(key=paper.key).first():
        return already
    if paper.replaces:
        workflow.apply(workflow.lock(paper.replaces), REPLACE, by=by, at=at)
    year = at.astimezone(VIETNAM).year
    number = _next(paper.ward, paper.agency, paper.book, year)
    document = paper.create(year=year, number=number, issued_at=at, signed_by=by)
    audit.record(document, "issued", by=by, at=at, public=True, number=document.official_number, about=document.subject)
    outbox.enqueue("documents.render", str(document.pk), at=at, payload={"document_id": str(document.pk)})
    return document


def digest_of(title: str, context: dict[str, Any]) -> str:
    """What a document says, in one number: a signer's screen sends back the one of what it showed."""
    return sha256(json.dumps([title, context], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def sign(paper: Paper, *, at: datetime, by: User, signer_title: str) -> IssuedDocument:
    """Freeze what `by` signs, and promise their own signature over it. No number yet, nothing visible outside.

    The record keeps the digest of what was signed.
    """
    if already := IssuedDocument.objects.filter(key=paper.key).first():
        return already
    document = paper.create(
        issued_at=at, signed_at=at, signed_by=by, signer_title=signer_title, state=IssuedDocument.State.SIGNED
    )
    digest = digest_of(paper.title, paper.context)
    audit.record(document, "signed", by=by, at=at, public=False, digest=digest, about=document.subject)
    outbox.enqueue("documents.sign", str(document.pk), at=at, payload={"document_id": str(document.pk)})
    return document


def number(document: IssuedDocument, *, by: User, at: datetime) -> IssuedDocument:
    """Give a signed document the next number of its book, and the date it bears. Raises IllegalMove."""
    locked = workflow.lock(document)
    workflow.check(locked, NUMBER, by=by, at=at)  # before a number is taken
    year = at.astimezone(VIETNAM).year
    facts = {"year": year, "number": _next(locked.ward, locked.agency_key, locked.book, year), "issued_at": at}
    workflow.apply(locked, NUMBER, by=by, at=at, set=facts, number=f"{facts['number']:02d}/{locked.suffix}")
    return locked


def release(document: IssuedDocument, *, by: User, at: datetime) -> IssuedDocument:
    """Let the agency sign it and send it out; what it replaces is replaced from now on. Raises IllegalMove."""
    locked = workflow.lock(document)
    workflow.apply(locked, RELEASE, by=by, at=at, number=locked.official_number, about=locked.subject)
    if locked.replaces:
        workflow.apply(workflow.lock(locked.replaces), REPLACE, by=by, at=at, replaced_by=locked.official_number)
    outbox.enqueue("documents.render", str(locked.pk), at=at, payload={"document_id": str(locked.pk)})
    return locked


def note_reading(document: IssuedDocument, *, by: User, at: datetime) -> None:
    """Its owner has opened the file: the first time is kept, and what waits for it is promised."""
    if document.read_at or document.owner_id != by.pk or not document.when_read:
        return
    with transaction.atomic():
        if IssuedDocument.objects.filter(pk=document.pk, read_at=None).update(read_at=at):
            audit.record(document, "read", by=by, at=at, public=False)
            outbox.enqueue(document.when_read, str(document.pk), at=at, payload={"document_id": str(document.pk)})


def _next(ward: Ward, agency: str, book: str, year: int) -> int:
    """The next number of an agency's book. The committee's books keep the names they had before there were others."""
    own = "" if agency == AgencyKey.COMMITTEE else f"{agency}:"
    return next_number(f"documents:{ward.code}:{own}{book}:{year}")


def revoke(document: IssuedDocument, *, by: User, at: datetime, reason: str) -> IssuedDocument:
    """Withdraw a document: its check says so from now on. Inside the caller's transaction.

    Raises IllegalMove, or PermissionDenied for anyone but a head of its agency.
    """
    locked = workflow.lock(document)
    workflow.apply(locked, REVOKE, by=by, at=at, reason=reason)
    return locked
