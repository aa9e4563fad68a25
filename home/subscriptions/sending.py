"""From a published announcement to the mails it makes: planned once, sent in batches, each a promise of its own.

`published` is called in the transaction that publishes. Planning goes through the ward's subscriptions by
their keys and writes what is owed to whom together with its own place; a batch is some hundred mails
behind one connection. A kill at any line loses nothing; between a server's yes and its note here, a
mail may go twice, under the same Message-ID.
"""

import logging
import smtplib
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from home.models import AnnouncementPage, Audience
from portal.core import audit, outbox
from portal.core.addresses import plain
from portal.core.calendar import VIETNAM
from portal.core.models import Notification
from portal.core.notifications import put_in_inboxes

from . import letters, tokens
from .models import Dispatch, Letter, Rhythm, SignUp, Subscriber, Subscription

log = logging.getLogger(__name__)

NEWS = timedelta(days=1)
BATCH = 100  # subscriptions planned in one transaction, mails sent by one job
HOLD_EVERY = 10  # mails; a slow server takes seconds for each
OF_THE_ADDRESS = {550, 551, 552, 553}  # RFC 5321: no such mailbox, moved away, full, no such name
OF_OUR_MAIL = b"5.7."  # RFC 3463: said of policy, which may be about us; an operator has to look, not the reader


# --- Planning ------------------------------------------------------------------------------------
def published(announcement: AnnouncementPage, *, at: datetime) -> Dispatch | None:
    """An announcement went up, or an edited version of it did: tell its readers, in that transaction.

    Once for each `notice_number`, which stays the same until an editor asks that people be told again.
    What was first published longer ago than `NEWS` (brought over from elsewhere, put up again) is not
    news unless they do.
    """
    number = announcement.notice_number
    if number == 1 and at - (announcement.first_published_at or at) >= NEWS:
        return None
    return announce(announcement, number=number, at=at)


@transaction.atomic
def urge(announcement: AnnouncementPage, *, at: datetime) -> Dispatch | None:
    """An announcement begins to be urgent: tell everybody at once, unless that was done when it went up.

    Safe to repeat. Who had it earlier, when it was not urgent, gets it once more.
    """
    AnnouncementPage.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    begins = announcement.urgent_from or announcement.first_published_at or at
    if Dispatch.objects.filter(announcement=announcement, urgent=True, at__gte=begins).exists():
        return None
    last = Dispatch.objects.filter(announcement=announcement).aggregate(last=Max("number"))["last"] or 0
    return announce(announcement, number=last + 1, at=at)


def announce(announcement: AnnouncementPage, *, number: int = 1, at: datetime) -> Dispatch | None:
    """Promise to send an announcement to its ward's subscribers. The same number twice is sent once.

    None when it was promised before. A later number takes the place of an earlier one in the digest that
    is still to come.
    """
    dispatch, made = Dispatch.objects.get_or_create(
        announcement=announcement, number=number, defaults={"at": at, "urgent": announcement.is_urgent(at)}
    )
    if not made:
        return None
    Letter.objects.awaiting_digest().filter(dispatch__announcement=announcement).delete()
    outbox.enqueue("subscriptions.plan", str(dispatch.pk), at=at, payload={"dispatch_id": dispatch.pk})
    return dispatch


def plan(dispatch_id: int, *, clock: Callable[[], datetime]) -> None:
    """Write what is owed to whom, a batch a transaction, until everybody has been seen."""
    while _plan_batch(dispatch_id, at=clock()):
        outbox.hold("subscriptions.plan", str(dispatch_id), at=clock())


@transaction.atomic
def _plan_batch(dispatch_id: int, *, at: datetime) -> bool:
    """The next subscriptions; False when there are no more."""
    dispatch = Dispatch.objects.select_for_update(of=("self",)).select_related("announcement__ward").get(pk=dispatch_id)
    announcement = dispatch.announcement
    if dispatch.planned_at:
        return False
    reached = Subscription.objects.reached(announcement.ward, audience_of(announcement)).standing(dispatch.at)
    rows = list(
        reached.filter(pk__gt=dispatch.cursor).order_by("pk").select_related("subscriber__user")[:BATCH]
        if announcement.live
        else ()
    )
    wanted = [row for row in rows if dispatch.urgent or row.wants(announcement.kind)]
    put_in_inboxes(_notice(row.subscriber, dispatch, at=at) for row in wanted if row.in_inbox and row.subscriber.user)
    batch = f"{dispatch.pk}:{dispatch.turn}"
    owed = [
        Letter(dispatch=dispatch, subscriber=row.subscriber, daily=daily, batch="" if daily else batch)
        for row in wanted
        if row.by_mail and row.subscriber.address and not row.subscriber.stopped_at
        for daily in [row.rhythm == Rhythm.DAILY and not dispatch.urgent]
    ]
    Letter.objects.bulk_create(owed, ignore_conflicts=True)
    if any(not letter.daily for letter in owed):
        outbox.enqueue("subscriptions.send", batch, at=at, payload={"batch": batch})
    dispatch.turn += 1
    if rows:
        dispatch.cursor = rows[-1].pk
    if len(rows) < BATCH:
        dispatch.planned_at = at
    dispatch.save(update_fields=["turn", "cursor", "planned_at"])
    return dispatch.planned_at is None


def audience_of(announcement: AnnouncementPage) -> list[int]:
    """Keys of the buildings an announcement is for; none for the whole ward.

    Blocks and floors are left to the reader: who follows a building may live anywhere in it.
    """
    if announcement.audience == Audience.WARD:
        return []
    return list(announcement.audience_parts.values_list("building_id", flat=True))


def _notice(subscriber: Subscriber, dispatch: Dispatch, *, at: datetime) -> Notification:
    announcement = dispatch.announcement
    with override(subscriber.speaks):
        title, summary = announcement.title_shown, announcement.summary_shown
        title = _("Khẩn: %(title)s") % {"title": title} if dispatch.urgent else title
    return Notification(
        recipient=subscriber.user,
        kind="subscriptions.announcement",
        key=f"{subscriber.user_id}:announcement:{dispatch.pk}",
        title=title[:200],
        body=summary,
        url=plain(announcement.address),
        created_at=at,
    )


# --- The digest of a day -------------------------------------------------------------------------
def closing_of(day: date) -> datetime:
    """Until when an announcement is part of this day's digest."""
    return datetime.combine(day, time(settings.SUBSCRIPTION_DIGEST_HOUR), VIETNAM)


def promise_digest(*, at: datetime) -> None:
    """Promise the digest that came due last. Called by beat; however often, a day has one digest.

    Days on which nothing ran are in the next one: a digest takes whatever has been owed until its hour.
    """
    day = at.astimezone(VIETNAM).date()
    if at < closing_of(day):
        day -= timedelta(days=1)
    outbox.enqueue("subscriptions.digest", day.isoformat(), at=at, payload={"day": day.isoformat()})


def gather(day: date, *, clock: Callable[[], datetime]) -> None:
    """Put together what each subscriber of the daily mail gets, and promise to send it."""
    while _gather_batch(day, at=clock()):
        outbox.hold("subscriptions.digest", day.isoformat(), at=clock())


@transaction.atomic
def _gather_batch(day: date, *, at: datetime) -> bool:
    waiting = Letter.objects.awaiting_digest().filter(dispatch__at__lte=closing_of(day))
    served = Letter.objects.filter(digest_date=day).values("subscriber_id")
    people = list(
        waiting.exclude(subscriber_id__in=served)
        .order_by("subscriber_id")
        .values_list("subscriber_id")
        .distinct()[:BATCH]
    )
    if not people:
        return False
    mine = waiting.filter(subscriber_id__in=[key for (key,) in people]).select_for_update(of=("self",))
    batch = f"{day.isoformat()}:{people[0][0].hex[:12]}"
    Letter.objects.filter(pk__in=[letter.pk for letter in mine]).update(digest_date=day, batch=batch)
    outbox.enqueue("subscriptions.send", batch, at=at, payload={"batch": batch})
    return True


# --- Sending -------------------------------------------------------------------------------------
class NotAllSent(Exception):
    """Some servers asked to be tried later; the outbox does."""


def send(batch: str, *, clock: Callable[[], datetime]) -> None:
    """Send what a batch still owes, one mail a subscriber.

    Raises NotAllSent when recipients are to be tried again, and whatever the connection raises when it is
    down: what was sent by then is noted.
    """
    _drop_withdrawn(batch)
    owed = list(
        Letter.objects.owed()
        .filter(batch=batch, subscriber__ended_at=None)
        .select_related("subscriber__user", "dispatch")
        .order_by("subscriber_id", "-dispatch__at", "-pk")
    )
    if not owed:
        return
    _read_announcements(owed)
    since = {
        (row.subscriber_id, row.ward_id): row.since
        for row in Subscription.objects.filter(subscriber__in={letter.subscriber_id for letter in owed})
    }
    later = 0
    with get_connection() as connection:
        for number, (_key, mail) in enumerate(groupby(owed, key=lambda letter: letter.subscriber_id), start=1):
            if number % HOLD_EVERY == 0:
                outbox.hold("subscriptions.send", batch, at=clock())
            later += not _send_one(list(mail), since, connection, at=clock())
    if later:
        raise NotAllSent(f"{later} of {batch}")


def _read_announcements(owed: list[Letter]) -> None:
    """Each announcement once, however many letters it is in, and without its text."""
    pages = AnnouncementPage.objects.filter(pk__in={letter.dispatch.announcement_id for letter in owed})
    read = pages.select_related("ward").with_audience().defer("body", "body_en").in_bulk()
    for letter in owed:
        letter.dispatch.announcement = read[letter.dispatch.announcement_id]


def _drop_withdrawn(batch: str) -> None:
    """What was taken down before it was sent is owed to nobody."""
    Letter.objects.owed().filter(batch=batch, dispatch__announcement__live=False).delete()


def _send_one(mail: list[Letter], since: dict, connection: BaseEmailBackend, *, at: datetime) -> bool:
    """One subscriber's mail: sent or refused for good (True), or to be tried again."""
    subscriber = mail[0].subscriber
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in mail])
    if not subscriber.address:
        rows.delete()
        return True
    message = letters.compose(mail, since=since)
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code, reason = next(iter(refusal.recipients.values()))
        if code not in OF_THE_ADDRESS or OF_OUR_MAIL in reason:
            log.warning("a server wants no mail of ours: %s %r", code, reason)
            return False
        with transaction.atomic():
            rows.update(refused_at=at)
            note_refusal(subscriber, f"{code} {reason!r}"[:200], at=at)
        return True
    rows.update(sent_at=at)
    if subscriber.refusals:
        Subscriber.objects.filter(pk=subscriber.pk).update(refusals=0, refused_at=None)
    return True


@transaction.atomic
def note_refusal(subscriber: Subscriber, reason: str, *, at: datetime) -> None:
    """The address will not have our mail. After `SUBSCRIPTION_REFUSALS` days of it we stop, and say so.

    Several refusals on one day count once: three announcements in an hour are no proof.
    """
    subscriber = Subscriber.objects.select_for_update(of=("self",)).select_related("user").get(pk=subscriber.pk)
    if subscriber.stopped_at or subscriber.ended_at:
        return
    if subscriber.refused_at and subscriber.refused_at.astimezone(VIETNAM).date() == at.astimezone(VIETNAM).date():
        return
    subscriber.refusals, subscriber.refused_at = subscriber.refusals + 1, at
    if subscriber.refusals >= settings.SUBSCRIPTION_REFUSALS:
        _stop(subscriber, reason, at=at)
    subscriber.save(update_fields=["refusals", "refused_at", "stopped_at"])


@transaction.atomic
def note_bounces(addresses: Iterable[str], *, at: datetime) -> int:
    """Stops writing to addresses whose mail comes back, as the operator read in the mail server's reports.

    At once, without counting days: the server took each of these mails before it gave up on it, which is all
    that sending can see. How many were stopped; addresses nobody follows under are passed over.
    """
    stopped = 0
    for address in {address.strip() for address in addresses} - {""}:
        mine = Q(email__iexact=address) | Q(user__email__iexact=address)
        found = Subscriber.objects.filter(mine, ended_at=None, stopped_at=None)
        for subscriber in found.select_for_update(of=("self",)).select_related("user"):
            _stop(subscriber, "bounced", at=at)
            subscriber.save(update_fields=["stopped_at"])
            stopped += 1
    return stopped


def _stop(subscriber: Subscriber, reason: str, *, at: datetime) -> None:
    subscriber.stopped_at = at
    subscriber.letters.owed().delete()
    audit.record(subscriber, "subscriptions.undeliverable", by=None, at=at, reason=reason)
    if subscriber.user:
        put_in_inboxes([_stopped(subscriber, at=at)])


def _stopped(subscriber: Subscriber, *, at: datetime) -> Notification:
    with override(subscriber.speaks):
        return Notification(
            recipient=subscriber.user,
            kind="subscriptions.stopped",
            key=f"{subscriber.user_id}:undeliverable:{at:%Y%m%d}",
            title=_("Thư thông báo của phường không tới được địa chỉ của bạn"),
            body=_("Hộp thư %(address)s từ chối thư nhiều ngày liền nên cổng đã dừng gửi.")
            % {"address": subscriber.address},
            url=plain(reverse("subscriptions:index")),
            created_at=at,
        )


def send_question(sign_up_id: str) -> None:
    """Ask an address whether it wants what somebody asked for it."""
    sign_up = SignUp.objects.filter(pk=sign_up_id, confirmed_at=None).select_related("ward").first()
    if sign_up:
        letters.compose_question(sign_up, tokens.for_sign_up(sign_up)).send()
