"""What follows once a document's file exists."""

from django.utils import timezone

from portal.core.outbox import handles
from services.documents.models import IssuedDocument

from . import notifications
from .models import Dossier


@handles("dossiers.result_ready")
def tell_result(document_id: str) -> None:
    notifications.result_ready(_dossier_of(document_id), at=timezone.now())


@handles("dossiers.receipt_ready")
def tell_receipt(document_id: str) -> None:
    notifications.receipt_ready(_dossier_of(document_id), at=timezone.now())


def _dossier_of(document_id: str) -> Dossier:
    subject = IssuedDocument.objects.get(pk=document_id).subject
    return Dossier.objects.with_people().get(pk=subject.removeprefix("dossier:"))
