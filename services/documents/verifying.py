"""Whether a file is what it seems: a document this portal issued, as it was issued, and still in force.

Two walls: the file is the one whose hash was kept when it was issued, *and* its signatures are those it
must have (the agency's over all of it, under it that of the person who signed). Neither a forger without the key nor a hand in the database alone gets past both.
"""

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.base import File

from .authority import authority, officer_key
from .examine import SECONDS, examine
from .models import IssuedDocument

log = logging.getLogger(__name__)

MAX_BYTES = 5 * 1024 * 1024  # our documents are under 200 kB

# However many strangers knock at once, two of their files are looked into at a time.
_examinations = threading.BoundedSemaphore(2)


class Outcome(StrEnum):
    VALID = "valid"  # ours, whole, in force
    REPLACED = "replaced"  # ours and whole, but a later document took its place
    REVOKED = "revoked"  # ours and whole, but withdrawn
    ALTERED = "altered"  # signed by us, then changed: one byte is enough
    APPENDED = "appended"  # signed by us, then something was added behind
    STRIPPED = "stripped"  # carries our check code, but the agency's signature is gone
    UNSIGNED = "unsigned"  # no signature, nothing of ours
    IMPOSTOR = "impostor"  # signed under our authority's name by somebody else, or by another of its people
    FOREIGN = "foreign"  # soundly signed, by somebody else
    UNKNOWN = "unknown"  # our signature, but no document kept here
    UNREADABLE = "unreadable"  # damaged, or made to be hard to read
    NOT_PDF = "not_pdf"
    TOO_BIG = "too_big"


# What a file is that this portal issued, byte for byte.
GENUINE: dict[str, Outcome] = {
    IssuedDocument.State.ISSUED: Outcome.VALID,
    IssuedDocument.State.REPLACED: Outcome.REPLACED,
    IssuedDocument.State.REVOKED: Outcome.REVOKED,
}


@dataclass(frozen=True)
class Verdict:
    """`document` is the one the file is, or (when `genuine` is False) the one it claims to be.

    `signer` is the agency (or whoever signed last), `person` the officer under it, with their office.
    """

    outcome: Outcome
    document: IssuedDocument | None = None
    signer: str = ""
    person: str = ""

    @property
    def genuine(self) -> bool:
        """The very file this portal issued, whether or not it is still in force."""
        return self.outcome in GENUINE.values()


def verify(file: File, *, at: datetime) -> Verdict:
    """Judge a file. Keeps nothing of it, reads no more than MAX_BYTES, takes no more than some seconds."""
    content = b"" if (file.size or 0) > MAX_BYTES else file.read(MAX_BYTES + 1)
    if (file.size or 0) > MAX_BYTES or len(content) > MAX_BYTES:
        return Verdict(Outcome.TOO_BIG)
    if not content.startswith(b"%PDF-"):
        return Verdict(Outcome.NOT_PDF)
    issued = IssuedDocument.objects.with_file().select_related("ward", "owner", "signed_by")
    document = issued.filter(sha256=sha256(content).hexdigest()).first()
    try:
        facts = _examine(content, ours=document is not None, moment=(document and document.rendered_at) or at)
    except Unreadable:
        return Verdict(Outcome.UNREADABLE, document)
    signatures = facts["signatures"]
    signer = signatures[-1]["signer"] if signatures else ""
    person = next((", ".join(filter(None, (one["signer"], one["title"]))) for one in signatures if one["person"]), "")
    if document and signatures and all(one["trusted"] and one["complete"] for one in signatures):
        right = [one["person"] for one in signatures] == _signers_of(document)
        return Verdict(GENUINE[document.state] if right else Outcome.IMPOSTOR, document, signer, person)
    claimed = (
        issued.filter(sha256__in=[one["revision"] for one in signatures]).first()
        or issued.filter(token=facts["code"]).exclude(token="").first()
    )
    return Verdict(_fault(signatures, claimed is not None), claimed, signer, person)


def _signers_of(document: IssuedDocument) -> list[str]:
    """Who must have signed it, in order, by key: people and agencies change their names. An agency has none."""
    if document.signed_at is None or document.signed_by_id is None:
        return [""]
    return [officer_key(document.signed_by_id), ""]


def _fault(signatures: list[dict[str, Any]], claims_to_be_ours: bool) -> Outcome:
    """What is wrong with a file that is not, byte for byte, one we issued."""
    ours = [one for one in signatures if one["trusted"]]
    if not signatures:
        return Outcome.STRIPPED if claims_to_be_ours else Outcome.UNSIGNED
    if any(one["intact"] and not one["complete"] for one in ours):
        return Outcome.APPENDED
    if any(not one["intact"] for one in ours):
        return Outcome.ALTERED
    if ours:
        lost = claims_to_be_ours and all(one["person"] for one in ours)
        return Outcome.STRIPPED if lost else Outcome.UNKNOWN
    return Outcome.IMPOSTOR if any(one["impostor"] for one in signatures) else Outcome.FOREIGN


class Unreadable(Exception):
    """A file that could not be examined within the time and memory given."""


def _examine(content: bytes, *, ours: bool, moment: datetime) -> dict[str, Any]:
    roots = authority().roots()
    if ours:  # byte for byte what we made: safe to read here, and quicker
        return examine(content, roots, moment=moment)
    order = json.dumps({"roots": [root.decode() for root in roots], "moment": moment.isoformat()})
    with _examinations:
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "services.documents.examine"],
                input=order.encode() + b"\n" + content,
                capture_output=True,
                timeout=2 * SECONDS,
                check=True,
                cwd=settings.BASE_DIR,
                env={"PYTHONIOENCODING": "utf-8"},  # nothing of ours: no keys, no addresses
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            log.info("a file could not be examined: %s", type(error).__name__)
            raise Unreadable from error
    return json.loads(done.stdout)
