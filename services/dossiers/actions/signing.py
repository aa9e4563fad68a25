"""Sign, number, issue, deliver: four hands, four records (domain.md §8, rows 23 to 26 and 33)."""

from datetime import date, datetime

from django.db import transaction

from portal.core import workflow
from portal.core.audit import history_of
from portal.core.models import User
from services.documents import issuing as documents
from services.documents.models import IssuedDocument

from .. import slips, steps
from .. import transitions as moves
from ..models import Dossier, ResultDelivery
from . import finding
from .locking import StepMoved, advance, lock_at

Way = Dossier.Delivery


class ResultChanged(StepMoved):
    """The result is no longer the one the leader looked at."""


def sign(dossier: Dossier, *, by: User, at: datetime, step: str | None = None, seen: str = "") -> Dossier:
    """The leader signs the result as they saw it; their own signature follows, by the worker.

    `seen` is the digest (`slips.digest_of_result`) of what their screen showed. Raises ResultChanged
    when the result would be another one now, FindingsMissing when it cannot say what it must.
    """
    with transaction.atomic():
        locked = lock_at(dossier, moves.SIGN, by=by, at=at, step=step)
        if seen and seen != slips.digest_of_result(locked, signer=by, at=at):
            raise ResultChanged(locked, moves.SIGN, history_of(locked).last())
        finding.require(locked, moves.SIGN)
        locked = advance(dossier, moves.SIGN, by=by, at=at, step=step, set={"signed_at": at, "signed_by": by})
        slips.sign_result(locked, by=by, at=at)
        return locked


def number(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """The registry clerk takes the next number of the book for the signed result. Nobody outside sees it yet."""
    with transaction.atomic():
        locked = lock_at(dossier, moves.NUMBER, by=by, at=at, step=step)
        steps.receive(locked, by=by, at=at)
        document = documents.number(slips.signed_result(locked), by=by, at=at)
        facts = {"numbered_at": at, "changed_at": at}
        workflow.apply(locked, moves.NUMBER, by=by, at=at, set=facts, number=document.official_number)
        return locked


def issue(dossier: Dossier, *, by: User, at: datetime, step: str | None = None) -> Dossier:
    """The registry clerk lets the agency sign over the leader's signature, and releases the result."""
    with transaction.atomic():
        locked = advance(dossier, moves.ISSUE, by=by, at=at, step=step, set={"done_at": at}, tell=False)
        documents.release(_numbered(locked), by=by, at=at)
        return locked


def deliver(
    dossier: Dossier,
    *,
    by: User,
    at: datetime,
    step: str | None = None,
    way: str = "",
    received_by: str = "",
    paper_shown: str = "",
    tracking_number: str = "",
    sent_on: date | None = None,
) -> Dossier:
    """The result has left for the resident, or is in their hands; how is recorded.

    `way`: as the resident chose, unless it was otherwise. Over the counter and at home somebody signs
    for it on paper: it is confirmed at once. By post and on the portal it is confirmed when the
    resident says so, or opens the file. Raises ValueError when what the way needs is missing.
    """
    with transaction.atomic():
        locked = lock_at(dossier, moves.DELIVER, by=by, at=at, step=step)
        way = way or locked.delivery
        signed_for = way in (Way.COUNTER, Way.HOME)
        if signed_for and not received_by:
            received_by = locked.applicant_name
        if way == Way.POST and not tracking_number:
            raise ValueError("what goes by post has a tracking number")
        read_at = _read_at(locked) if way == Way.PORTAL else None
        how = ResultDelivery.Confirmed
        ResultDelivery.objects.create(
            dossier=locked,
            way=way,
            given_by=by,
            given_at=at,
            received_by=received_by if signed_for else "",
            paper_shown=paper_shown if signed_for else "",
            tracking_number=tracking_number if way == Way.POST else "",
            sent_on=sent_on if way == Way.POST else None,
            confirmed_at=at if signed_for else read_at,
            confirmed_how=how.ON_PAPER if signed_for else how.READ if read_at else "",
        )
        delivered = advance(dossier, moves.DELIVER, by=by, at=at, step=step, set={"delivered_at": at}, way=way)
        slips.issue_control(delivered, at=at)
        return delivered


def confirm_receipt(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """The resident has the result. Said twice is said once. Raises IllegalMove before it was delivered."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        delivery = ResultDelivery.objects.filter(dossier=locked).first()
        if delivery and delivery.confirmed_at and locked.owner_id == by.pk:
            return locked
        _confirm(locked, ResultDelivery.Confirmed.SAID, by=by, at=at)
        return locked


def note_reading(dossier: Dossier, *, at: datetime) -> None:
    """The resident opened the file of the result: on the portal that is its receipt."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if moves.CONFIRM_RECEIPT.is_open(locked) and locked.result_delivery.way == Way.PORTAL:
            _confirm(locked, ResultDelivery.Confirmed.READ, by=None, at=at)


def _confirm(locked: Dossier, how: str, *, by: User | None, at: datetime) -> None:
    workflow.apply(locked, moves.CONFIRM_RECEIPT, by=by, at=at, set={"changed_at": at}, how=str(how))
    ResultDelivery.objects.filter(dossier=locked, confirmed_at=None).update(confirmed_at=at, confirmed_how=how)


def _numbered(dossier: Dossier) -> IssuedDocument:
    """The first result, which waits for its release; raises DoesNotExist."""
    return IssuedDocument.objects.about(dossier).get(kind=slips.RESULT, replaces=None)


def _read_at(dossier: Dossier) -> datetime | None:
    """When the resident first opened the result, or the one that replaced it."""
    found = IssuedDocument.objects.about(dossier).filter(kind=slips.RESULT, read_at__isnull=False)
    return found.values_list("read_at", flat=True).first()
