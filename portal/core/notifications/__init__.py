"""Telling people: the portal's inbox at once, outside channels through the outbox.

A channel is one module (see `channels/`) with `name`, `address_of(user)` and `send(delivery)`,
listed in settings.NOTIFICATION_CHANNELS.
"""

from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import models, transaction

from .. import outbox
from ..addresses import plain
from ..models import Delivery, Notification, User


def enabled_channels() -> list[ModuleType]:
    # Not named `channels`: importing the package of that name would put itself in the name's place.
    return [import_module(path) for path in settings.NOTIFICATION_CHANNELS]


def notify(
    recipient: User,
    *,
    kind: str,
    key: str,
    title: str,
    body: str,
    url: str,
    at: datetime,
    then: str = "",
    calendar: bytes = b"",
) -> Notification:
    """Write a notice into the inbox and promise its deliveries, in the caller's transaction.

    The same key for the same person twice is one notice. Texts carry no personal data beyond the
    dossier's code: they travel by e-mail and SMS. `url` is kept plain and shown in its reader's language. `then` names a kind of job promised, with
    {"notification_id": …, "how": …}, once a channel has taken it or its recipient has opened it.
    `calendar` is a calendar file (`portal.core.ical`) that an e-mail carries.
    """
    notification, made = Notification.objects.get_or_create(
        key=f"{recipient.pk}:{key}",
        defaults={
            "recipient": recipient,
            "kind": kind,
            "title": title[:200],
            "body": body,
            "url": plain(url),
            "created_at": at,
            "then": then,
            "calendar": calendar.decode(),
        },
    )
    if made:
        for channel in enabled_channels():
            if address := channel.address_of(recipient):
                delivery = Delivery.objects.create(notification=notification, channel=channel.name, address=address)
                outbox.enqueue("core.deliver", str(delivery.pk), at=at, payload={"delivery_id": delivery.pk})
    return notification


def put_in_inboxes(notices: Iterable[Notification]) -> None:
    """Several people's notices, for the portal's inbox alone: nothing is sent outside.

    Two queries whatever their number. The same key twice is one notice.
    """
    Notification.objects.bulk_create(notices, ignore_conflicts=True)


def deliver(delivery: Delivery, *, at: datetime) -> None:
    """Send one delivery unless it is sent. A kill between sending and noting it sends it twice."""
    if delivery.sent_at:
        return
    channel = next(c for c in enabled_channels() if c.name == delivery.channel)
    channel.send(delivery)
    with transaction.atomic():
        delivery.sent_at = at
        delivery.save(update_fields=["sent_at"])
        arrived(delivery.notification, how=f"{delivery.channel}: {delivery.address}", at=at)


def read(notifications: models.QuerySet[Notification], *, at: datetime) -> None:
    """Their recipient has opened them in the portal."""
    with transaction.atomic():
        unread = list(notifications.filter(read_at=None).select_for_update(of=("self",)))
        Notification.objects.filter(pk__in=[notice.pk for notice in unread]).update(read_at=at)
        for notice in unread:
            arrived(notice, how="portal", at=at)


def arrived(notification: Notification, *, how: str, at: datetime) -> None:
    """What was promised for its arrival. The first channel counts."""
    if notification.then:
        payload = {"notification_id": str(notification.pk), "how": how}
        outbox.enqueue(notification.then, str(notification.pk), at=at, payload=payload)
