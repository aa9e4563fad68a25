"""Each letter once, whatever is killed and however many there are."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.subscriptions import sending
from home.subscriptions.models import Dispatch, Letter, Subscriber, Subscription
from portal.core import outbox
from portal.core.models import Job

from ..conftest import AT, addressees, publish, subscribe
from .conftest import for_some

pytestmark = pytest.mark.django_db


def test_published_again_after_an_edit_says_nothing_unless_the_editor_wants_it(viet_hung, ward, announce):
    subscribe("an@x.example", ward)
    announcement = announce(viet_hung, days_ago=0)
    for number in (1, 1, 2, 2):
        announcement.notice_number = number
        sending.published(announcement, at=AT)
        outbox.run_all(at=AT)
    assert addressees() == ["an@x.example"] * 2
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]


def test_what_was_up_long_ago_is_not_news_when_it_is_put_up_again(viet_hung, ward, announce):
    subscribe("an@x.example", ward, at=AT - timedelta(days=9))
    announcement = announce(viet_hung, days_ago=1)
    assert sending.published(announcement, at=AT) is None
    announcement.notice_number = 2
    assert sending.published(announcement, at=AT)


def test_a_publishing_that_is_rolled_back_promises_nothing(viet_hung, ward, announce, django_db_blocker):
    from django.db import transaction  # noqa: PLC0415

    subscribe("an@x.example", ward)
    announcement = announce(viet_hung)
    with pytest.raises(RuntimeError), transaction.atomic():
        sending.announce(announcement, at=AT)
        raise RuntimeError
    assert (Dispatch.objects.count(), Job.objects.count()) == (0, 0)


class Killed(BaseException):
    """What no handler catches, as nothing catches kill -9."""


@pytest.mark.parametrize("killed_at", [1, 4, 7])
def test_a_worker_killed_while_sending_leaves_nothing_out_and_doubles_nothing(
    viet_hung, ward, announce, monkeypatch, killed_at
):
    monkeypatch.setattr(sending, "BATCH", 3)
    people = [f"an{number}@x.example" for number in range(8)]
    for email in people:
        subscribe(email, ward)
    sends = EmailBackend.send_messages
    seen = []

    def dies_once(self, messages):
        seen.append(messages)
        if len(seen) == killed_at:
            raise Killed
        return sends(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", dies_once)
    with pytest.raises(Killed):
        publish(announce(viet_hung))
    outbox.run_all(at=AT + timedelta(minutes=10))  # the dead worker's lease is over
    assert addressees() == people
    assert Job.objects.filter(state=Job.State.WAITING).count() == 0


def test_planning_goes_on_where_it_was_killed(viet_hung, ward, announce, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    people = [f"an{number}@x.example" for number in range(5)]
    for email in people:
        subscribe(email, ward)
    hold, calls = outbox.hold, []

    def dies_once(kind, key, *, at):
        calls.append(kind)
        if len(calls) == 1:
            raise Killed
        hold(kind, key, at=at)

    monkeypatch.setattr(outbox, "hold", dies_once)
    with pytest.raises(Killed):
        publish(announce(viet_hung))
    assert Letter.objects.count() == 2
    outbox.run_all(at=AT + timedelta(minutes=10))
    assert addressees() == people


def test_a_mail_sent_twice_after_all_carries_the_same_id(viet_hung, ward, announce):
    """Killed between the server's yes and its note: then the recipient's side can tell."""
    subscribe("an@x.example", ward)
    dispatch = publish(announce(viet_hung))
    Letter.objects.update(sent_at=None)
    sending.send(f"{dispatch.pk}:0", clock=lambda: AT)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def many(ward, number: int) -> None:
    people = Subscriber.objects.bulk_create(Subscriber(email=f"an{n}@x.example", since=AT) for n in range(number))
    Subscription.objects.bulk_create(Subscription(subscriber=person, ward=ward, since=AT) for person in people)


def test_planning_asks_the_database_the_same_for_one_and_for_thirty(viet_hung, ward, announce):
    counts = []
    for number in (1, 30):
        Subscriber.objects.all().delete()
        many(ward, number)
        dispatch = publish(announce(viet_hung), keep=False)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sending.plan(dispatch.pk, clock=lambda: AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("to_some", [False, True])
def test_sending_asks_the_database_once_a_mail(viet_hung, ward, announce, building, to_some):
    counts = []
    for number in (1, 9):
        Subscriber.objects.all().delete()
        many(ward, number)
        announcement = announce(viet_hung, f"Tin {number}")
        if to_some:
            Subscription.objects.update(every_building=True)
            for_some(announcement, (building(ward, f"Tòa {number}"), "", None))
        dispatch = publish(announcement, keep=False)
        sending.plan(dispatch.pk, clock=lambda: AT)
        with CaptureQueriesContext(connection) as queries:
            sending.send(f"{dispatch.pk}:0", clock=lambda: AT)
        counts.append(len(queries))
    assert len(mail.outbox) == 10
    assert counts[1] - counts[0] == 8


def test_five_thousand_are_sent_in_jobs_of_a_hundred(viet_hung, ward, announce):
    many(ward, 5000)
    publish(announce(viet_hung))
    assert len(set(addressees())) == len(mail.outbox) == 5000
    assert Job.objects.filter(kind="subscriptions.send", state=Job.State.DONE).count() == 50
