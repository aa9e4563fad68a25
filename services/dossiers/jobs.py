"""What follows once a document's file exists."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from buildings.models import Ward
from portal.core.models import Notification
from portal.core.outbox import handles
from services.documents.models import IssuedDocument

from . import lateness, notifications, recognition, watch
from .actions import signing
from .models import Dossier, Lateness


@handles("dossiers.result_ready")
def tell_result(document_id: str) -> None:
    document = IssuedDocument.objects.select_related("replaces").get(pk=document_id)
    dossier, at = _dossier_of(document_id), timezone.now()
    recognition.write_down(dossier, document, at=at)
    if document.replaces:
        numbers = document.replaces.official_number, document.official_number
        notifications.correction_ready(dossier, *numbers, at=at)
    else:
        notifications.result_ready(dossier, at=at)


@handles("dossiers.result_read")
def note_reading(document_id: str) -> None:
    signing.note_reading(_dossier_of(document_id), at=timezone.now())


@handles("dossiers.receipt_ready")
def tell_receipt(document_id: str) -> None:
    notifications.receipt_ready(_dossier_of(document_id), at=timezone.now())


@handles("dossiers.apology_ready")
def send_apology(document_id: str) -> None:
    """Form 04 is signed and stored: it leaves, and the case knows that it has."""
    at = timezone.now()
    case = Lateness.objects.select_related("dossier").get(pk=_about(document_id))
    with transaction.atomic():
        notifications.apology_arrives(case.dossier, case, at=at)
        lateness.process.send_apology(case, at=at)


@handles("dossiers.apology_arrived")
def note_arrival(notification_id: str, how: str) -> None:
    """A channel took the apology, or its reader opened it: then, and only then, the step goes on."""
    key = Notification.objects.get(pk=notification_id).key
    case = Lateness.objects.select_related("dossier").get(pk=key.rpartition(":")[2])
    lateness.process.arrive(case, at=timezone.now(), how=how[:200])


@handles(watch.REST, slow=True)
def watch_rest(after: tuple[str, str]) -> None:
    """The turn of the watch was over before it had attended to everything."""
    when, key = after
    watch.watch(at=timezone.now(), after=(datetime.fromisoformat(when), UUID(key)))


@handles("dossiers.replan", slow=True)
def replan(ward_id: int) -> None:
    watch.replan(Ward.objects.get(pk=ward_id), at=timezone.now())


def _about(document_id: str) -> str:
    """What a slip is about besides its dossier: the last part of its key."""
    return IssuedDocument.objects.get(pk=document_id).key.rpartition(":")[2]


def _dossier_of(document_id: str) -> Dossier:
    subject = IssuedDocument.objects.get(pk=document_id).subject
    return Dossier.objects.with_people().get(pk=subject.removeprefix("dossier:"))
