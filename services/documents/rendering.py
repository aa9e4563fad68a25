"""From a row to its one signed file."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from portal.core import audit, outbox, workflow
from portal.core.calendar import VIETNAM
from portal.core.pdf import Printed, print_pages

from . import signing
from .keeping import signed_content_of
from .models import IssuedDocument
from .transitions import FINISH

State = IssuedDocument.State


def sign(document_id: str, *, at: datetime) -> None:
    """Print what a person signed and put their own signature to it. Safe to run twice, or be killed."""
    document = IssuedDocument.objects.select_related("ward", "signed_by").get(pk=document_id)
    if document.signed_at is None or document.signed_file:
        return
    content = signing.sign_as_person(print_document(document), document)
    with transaction.atomic():
        document = workflow.lock(document)
        if document.signed_file:
            return
        document.signed_file = document.file.storage.replace(f"documents/signed/{document.pk}.pdf", content)
        document.signed_sha256 = sha256(content).hexdigest()
        document.save(update_fields=["signed_file", "signed_sha256"])
        audit.record(document, "person_signed", by=None, at=at, public=False, sha256=document.signed_sha256)


def render(document_id: str, *, at: datetime) -> None:
    """Print, sign and store a document, then promise what follows. Safe to run twice, or be killed.

    Printing and signing take their time outside any transaction. The file's name follows from the
    row, and it is written while the row is locked: of two workers one writes, the other finds it
    done; what a killed one left behind is written over. `then` is promised with the row's change.
    """
    document = IssuedDocument.objects.select_related("ward", "signed_by").get(pk=document_id)
    if document.state != State.PENDING:
        return
    signed = _signed(document, at=at)
    with transaction.atomic():
        document = workflow.lock(document)
        if document.state != State.PENDING:
            return
        name = document.file.storage.replace(f"documents/{document.year}/{document.pk}.pdf", signed)
        facts = {"file": name, "size": len(signed), "sha256": sha256(signed).hexdigest(), "rendered_at": at}
        workflow.apply(document, FINISH, by=None, at=at, set=facts, sha256=facts["sha256"])
        if document.then:
            outbox.enqueue(document.then, str(document.pk), at=at, payload={"document_id": str(document.pk)})


def _signed(document: IssuedDocument, *, at: datetime) -> bytes:
    """Under the agency's signature: laid over the person's own, where there is one."""
    if document.signed_at is None:
        return signing.sign(print_document(document), document, at=at)
    if not document.signed_file:  # the clerk was quicker than the worker
        sign(str(document.pk), at=at)
        document.refresh_from_db(fields=["signed_file", "signed_sha256"])
    return signing.countersign(signed_content_of(document), document, at=at)


def print_document(document: IssuedDocument) -> Printed:
    """The document on paper, not signed yet."""
    return print_pages(f"pdf/{document.template}", {**document.context, **paper_of(document)})


def paper_of(document: IssuedDocument) -> dict[str, Any]:
    """What every template is told of the document besides its own context (templates/pdf/base.html)."""
    return {
        "title": document.title,
        "agency": document.agency_name,
        "parent_agency": document.agency.parent_in(document.ward),
        "number": document.official_number,
        "serial": document.number,
        "book_year": document.year,
        "place": document.ward_then.name,
        "date": document.issued_at.astimezone(VIETNAM).date(),
        "check_url": document.check_url,
        "check_code": document.token,
        "replaces": document.replaces,
        "blanks": document.signed_at is not None,  # number and date are filled in over the person's signature
    }
