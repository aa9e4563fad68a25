"""Where e-mails and SMS go when nothing is configured to send them: a table, read at /hop-thu-thu/."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from ..models import MailboxMessage


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        MailboxMessage.objects.bulk_create(
            MailboxMessage(channel="email", to=address, subject=message.subject[:250], body=_shown(message))
            for message in email_messages
            for address in message.recipients()
        )
        return len(email_messages)


def _shown(message: EmailMessage) -> str:
    """The letter's text, and what was enclosed by name: this mailbox keeps no files."""
    names = [attached[0] for attached in message.attachments if isinstance(attached, tuple)]
    return "\n".join([str(message.body), *(f"[{name}]" for name in names)])


def send_sms(phone: str, text: str) -> None:
    MailboxMessage.objects.create(channel="sms", to=phone, body=text)
