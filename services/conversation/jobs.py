"""The reminder of a complaint nobody has answered."""

from django.utils import timezone

from portal.core.outbox import handles

from . import notifications
from .models import Message


@handles("conversation.complaint_due")
def remind_of_complaint(message_id: str) -> None:
    message = Message.objects.select_related("dossier__ward", "dossier__owner").get(pk=message_id)
    if message.answered_at is None:
        notifications.complaint_due(message, at=timezone.now())
