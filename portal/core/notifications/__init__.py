"""Telling people: the portal's inbox at once, outside channels through the outbox.

A channel is one module (see `channels/`) with `name`, `address_of(user)` and `send(delivery)`,
listed in settings.NOTIFICATION_CHANNELS.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
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


_gathered: ContextVar[list[Notification] | None] = ContextVar("gathered notices", default=None)


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
) -> None:
    """Write a notice into the inbox and promise its deliveries, in the caller's transaction.

    The same key for the same person twice is one notice. Texts carry no personal data beyond the
    dossier's code: they travel by e-mail and SMS. `url` is kept plain and shown in its reader's language.
    `then` names a kind of job promised, with {"notification_id": …, "how": …}, once a channel has taken it
    or its recipient has opened it. `calendar` is a calendar file (`portal.core.ical`) that an e-mail carries.
    """
    notice = Notification(
        key=f"{recipient.pk}:{key}",
        recipient=recipient,
        kind=kind,
        title=title[:200],
        body=body,
        url=plain(url),
        created_at=at,
        then=then,
        calendar=calendar.decode(),
    )
    gathered = _gathered.get()
    if gathered is None:
        _write([notice])
    else:
        gathered.append(notice)


@contextmanager
def gathered() -> Iterator[None]:
    """Notices given within are written when it ends, all of them with the queries of one.

    Inside one another: the inner one's join the outer one's. Those of one that raises were never given.
    """
    outer, mine = _gathered.get(), list[Notification]()
    token = _gathered.set(mine)
    try:
        yield
    finally:
        _gathered.reset(token)
    if outer is None:
        _write(mine)
    else:
        outer.extend(mine)


def _write(notices: Sequence[Notification]) -> None:
    """The notices whose keys are new, their deliveries, and the promises of these. Five queries at most."""
    if not notices:
        return
    with transaction.atomic():
        Notification.objects.bulk_create(notices, ignore_conflicts=True)
        keys = [notice.key for notice in notices]
        stored = set(Notification.objects.filter(key__in=keys).values_list("pk", flat=True))
        made = [notice for notice in notices if notice.pk in stored]
        deliveries = Delivery.objects.bulk_create(
            Delivery(notification=notice, channel=channel.name, address=address)
            for channel in enabled_channels()
            for notice in made
            if (address := channel.address_of(notice.recipient))
        )
        promised = {str(delivery.pk): {"delivery_id": delivery.pk} for delivery in deliveries}
        outbox.enqueue_many("core.deliver", promised, at=max(notice.created_at for notice in notices))


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
