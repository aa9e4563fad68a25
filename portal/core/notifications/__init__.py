"""Telling people: the portal's inbox at once, outside channels through the outbox.

A channel is one module (see `channels/`) with `name`, `address_of(user)` and `send(delivery)`,
listed in settings.NOTIFICATION_CHANNELS.
"""

from datetime import datetime
from importlib import import_module
from types import ModuleType

from django.conf import settings

from .. import outbox
from ..models import Delivery, Notification, User


def enabled_channels() -> list[ModuleType]:
    # Not named `channels`: importing the package of that name would put itself in the name's place.
    return [import_module(path) for path in settings.NOTIFICATION_CHANNELS]


def notify(recipient: User, *, kind: str, key: str, title: str, body: str, url: str, at: datetime) -> Notification:
    """Write a notice into the inbox and promise its deliveries, in the caller's transaction.

    The same key for the same person twice is one notice. Texts carry no personal data beyond the
    dossier's code: they travel by e-mail and SMS.
    """
    notification, made = Notification.objects.get_or_create(
        key=f"{recipient.pk}:{key}",
        defaults={
            "recipient": recipient,
            "kind": kind,
            "title": title[:200],
            "body": body,
            "url": url,
            "created_at": at,
        },
    )
    if made:
        for channel in enabled_channels():
            if address := channel.address_of(recipient):
                delivery = Delivery.objects.create(notification=notification, channel=channel.name, address=address)
                outbox.enqueue("core.deliver", str(delivery.pk), at=at, payload={"delivery_id": delivery.pk})
    return notification


def deliver(delivery: Delivery, *, at: datetime) -> None:
    """Send one delivery unless it is sent. A kill between sending and noting it sends it twice."""
    if delivery.sent_at:
        return
    channel = next(c for c in enabled_channels() if c.name == delivery.channel)
    channel.send(delivery)
    delivery.sent_at = at
    delivery.save(update_fields=["sent_at"])
