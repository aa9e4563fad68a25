"""A mistake in an issued result, put right by a new document in its place; never by editing it.

The same hands as the first time, on a record of its own: the specialist drafts (what stands there, what
must stand there, why), a leader signs what they see, the registry clerk numbers and issues. From then on
the old document's check page says by which number it was replaced. No gate: it is in the resident's
favour. The apology for the mistake goes its own road (`lateness.report_error`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AGENCIES
from buildings.models import Ward, positions_in
from portal.core import audit, workflow
from portal.core.models import User
from portal.core.workflow import Transition
from services.catalogue import results
from services.documents import issuing as documents
from services.documents.models import IssuedDocument

from . import notifications, slips
from .models import Correction, CorrectionQuerySet, Dossier, DossierState
from .permissions import registers, signs, works_at_desk

State = Correction.State


class NothingToCorrect(Exception):
    """There is no result in force, or a correction of it is under way already."""


class NothingMended(Exception):
    """What is to stand there is what stands there."""


class ResultChanged(workflow.IllegalMove):
    """The corrected result is no longer the one the leader looked at."""


def may_draft(user: User, dossier: Dossier) -> bool:
    """Whoever examines for the agency that decides, or a head of it."""
    held = positions_in(user, dossier.ward_id)
    return works_at_desk(user, dossier) and bool(held & {dossier.agency.examiner, dossier.agency.head})


def _may_sign(user: User | None, correction: Correction) -> bool:
    # Two pairs of eyes: nobody signs their own draft.
    return user is not None and signs(user, correction.dossier) and correction.drafted_by_id != user.pk


def _registers(user: User | None, correction: Correction) -> bool:
    return registers(user, correction.dossier)


SIGN = Transition("sign", {State.DRAFTED}, State.SIGNED, _may_sign, _("Ký bản đính chính"))
DECLINE = Transition("decline", {State.DRAFTED}, State.DECLINED, _may_sign, _("Không duyệt"), needs_reason=True)
NUMBER = Transition("number", {State.SIGNED}, State.NUMBERED, _registers, _("Cấp số"))
ISSUE = Transition("issue", {State.NUMBERED}, State.ISSUED, _registers, _("Ký số cơ quan và phát hành"))
MOVES = (SIGN, NUMBER, ISSUE, DECLINE)


@dataclass(frozen=True)
class Place:
    """A place of the result that an answer fills, as it reads now."""

    name: str
    label: str
    text: str


def result_in_force(dossier: Dossier) -> IssuedDocument | None:
    if dossier.state not in (DossierState.DONE, DossierState.DELIVERED):
        return None
    in_force = IssuedDocument.objects.about(dossier).filter(kind=slips.RESULT, state=IssuedDocument.State.ISSUED)
    return in_force.first()


def waiting_for(user: User, ward: Ward) -> CorrectionQuerySet:
    """The corrections whose next move is this officer's: a head's to sign, a registrar's to number and issue."""
    held, theirs = positions_in(user, ward.pk), Q(pk__in=[])
    for agency in AGENCIES.values():
        of_agency = Q(dossier__version__agency=agency.key)
        if agency.head in held:
            theirs |= of_agency & Q(state=State.DRAFTED) & ~Q(drafted_by=user)
        if agency.registrar in held:
            theirs |= of_agency & Q(state__in=(State.SIGNED, State.NUMBERED))
    return Correction.objects.open().filter(theirs, dossier__ward=ward)


def open_correction(dossier: Dossier) -> Correction | None:
    return dossier.corrections.open().select_related("drafted_by", "signed_by", "document", "new_document").first()


def places_of(dossier: Dossier) -> list[Place]:
    """Every place of the result that an answer or a finding fills, earlier corrections included, in the order of the page."""
    spec = dossier.spec
    texts = {
        **results.values(spec, dossier.answers, system={}, findings=dossier.findings).texts,
        **_mended_before(dossier),
    }
    labels = results.placeholders(spec)
    used: dict[str, None] = {}
    for block in spec.result.blocks:
        for _path, text in results.texts_of(block):
            used |= dict.fromkeys(match[1] for match in results.PLACEHOLDER.finditer(text))
    return [
        Place(name, labels[name], texts.get(name, "")) for name in used if name in labels and name not in results.SYSTEM
    ]


def draft(dossier: Dossier, *, by: User, at: datetime, texts: Mapping[str, str], reason: str) -> Correction:
    """Propose what is to stand in the places named, and why. Raises NothingToCorrect, NothingMended."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if not may_draft(by, locked):
            raise PermissionDenied("correct")
        document = result_in_force(locked)
        if document is None or open_correction(locked):
            raise NothingToCorrect
        changes = [
            [place.label, place.text, texts[place.name]]
            for place in places_of(locked)
            if place.name in texts and texts[place.name].strip() != place.text.strip()
        ]
        if not changes:
            raise NothingMended
        known = {place.name: place.text for place in places_of(locked)}
        mended = {name: text for name, text in texts.items() if name in known and text.strip() != known[name].strip()}
        correction = Correction.objects.create(
            dossier=locked,
            document=document,
            mended={**_mended_before(locked), **mended},
            changes=changes,
            reason=reason,
            drafted_by=by,
            drafted_at=at,
        )
        audit.record(correction, "draft", by=by, at=at, about=audit.stream_of(locked))
        audit.record(locked, "correction_drafted", by=by, at=at, reason=reason)
        notifications.correction_drafted(locked, at=at)
        return correction


def digest(correction: Correction, *, signer: User, at: datetime) -> str:
    """What `signer` would sign at this moment, in one number."""
    dossier = correction.dossier
    context = slips.result(dossier, signer=signer, at=at, mended=correction.mended)
    return documents.digest_of(dossier.spec.result.title, context)


def sign(correction: Correction, *, by: User, at: datetime, seen: str = "") -> Correction:
    """The leader signs the corrected result as they saw it (`seen`). Raises ResultChanged."""
    with transaction.atomic():
        locked = workflow.lock(correction)
        workflow.check(locked, SIGN, by=by, at=at)
        if seen and seen != digest(locked, signer=by, at=at):
            raise ResultChanged(locked, SIGN, audit.history_of(locked).last())
        document = slips.sign_result(locked.dossier, by=by, at=at, mended=locked.mended, replaces=locked.document)
        facts = {"signed_at": at, "signed_by": by, "new_document": document}
        workflow.apply(locked, SIGN, by=by, at=at, set=facts)
        notifications.correction_signed(locked.dossier, at=at)
        return locked


def decline(correction: Correction, *, by: User, at: datetime, reason: str) -> Correction:
    """The leader does not agree that it is a mistake; the result stays as it is."""
    with transaction.atomic():
        locked = workflow.lock(correction)
        workflow.apply(locked, DECLINE, by=by, at=at, reason=reason)
        notifications.correction_declined(locked.dossier, locked.drafted_by, at=at, reason=reason)
        return locked


def number(correction: Correction, *, by: User, at: datetime) -> Correction:
    """The corrected result gets a number of its own."""
    with transaction.atomic():
        locked = workflow.lock(correction)
        workflow.check(locked, NUMBER, by=by, at=at)
        document = documents.number(locked.new_document, by=by, at=at)
        workflow.apply(locked, NUMBER, by=by, at=at, set={"numbered_at": at}, number=document.official_number)
        return locked


def issue(correction: Correction, *, by: User, at: datetime) -> Correction:
    """The corrected result is released and takes the place of the old one; the resident is told when it is ready."""
    with transaction.atomic():
        locked = workflow.lock(correction)
        workflow.check(locked, ISSUE, by=by, at=at)
        document = documents.release(locked.new_document, by=by, at=at)
        workflow.apply(locked, ISSUE, by=by, at=at, set={"issued_at": at}, number=document.official_number)
        dossier = workflow.lock(locked.dossier)
        audit.record(
            dossier, "corrected", by=by, at=at, public=True, reason=locked.reason, number=document.official_number
        )
        return locked


def _mended_before(dossier: Dossier) -> dict[str, str]:
    last = dossier.corrections.filter(state=State.ISSUED).last()
    return last.mended if last else {}
