"""Addresses that refuse, and what is tried again."""

import smtplib
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command

from home.subscriptions import actions
from home.subscriptions.actions import Wishes
from home.subscriptions.consent import CURRENT
from home.subscriptions.models import Letter, Subscriber, Subscription
from portal.core import outbox
from portal.core.models import Job, Notification
from tests.factories.people import UserFactory

from ..conftest import AT, addressees, publish, subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def refusing(monkeypatch):
    """A server that will not have some addresses: `refusing[address] = (code, reason)`."""
    refused: dict[str, tuple[int, bytes]] = {}
    sends = EmailBackend.send_messages

    def refuse(self, messages):
        for message in messages:
            if reason := refused.get(message.to[0]):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: reason})
        return sends(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return refused


def test_one_refused_address_holds_up_nobody_and_is_not_tried_again(viet_hung, ward, announce, refusing):
    for email in ("a@x.example", "b@x.example", "c@x.example"):
        subscribe(email, ward)
    refusing["b@x.example"] = (550, b"5.1.1 no such user")
    publish(announce(viet_hung))
    assert addressees() == ["a@x.example", "c@x.example"]
    assert Letter.objects.filter(refused_at__isnull=False).count() == 1
    assert Job.objects.filter(state=Job.State.WAITING).count() == 0


def test_an_address_that_refuses_on_three_days_is_left_alone_and_its_owner_told(
    viet_hung, ward, announce, refusing, clock
):
    lan = UserFactory(email="lan@x.example")
    actions.follow(lan, ward, Wishes(), consent_version=CURRENT, at=AT)
    refusing["lan@x.example"] = (550, b"5.1.1 no such user")
    for day in (0, 0, 1, 2):  # twice on the first day counts once
        at = AT + timedelta(days=day)
        clock.move_to(at)
        assert Subscriber.objects.get().stopped_at is None
        publish(announce(viet_hung), at=at)
    assert Subscriber.objects.get().stopped_at == AT + timedelta(days=2)
    assert [notice.kind for notice in Notification.objects.filter(recipient=lan)] == ["subscriptions.stopped"]
    del refusing["lan@x.example"]
    publish(announce(viet_hung), at=AT + timedelta(days=2))
    assert mail.outbox == []
    actions.change(Subscription.objects.get(), Wishes(), by=lan, at=AT + timedelta(days=2))
    publish(announce(viet_hung), at=AT + timedelta(days=2))
    assert addressees() == ["lan@x.example"]


def test_addresses_that_bounced_later_are_left_alone_when_the_operator_says_so(viet_hung, ward, announce, monkeypatch):
    lan = UserFactory(email="lan@x.example")
    actions.follow(lan, ward, Wishes(), consent_version=CURRENT, at=AT)
    for email in ("a@x.example", "b@x.example"):
        subscribe(email, ward)
    for said in ("Stopped: 2\n", "Stopped: 0\n"):
        monkeypatch.setattr("sys.stdin", StringIO("A@x.example\n\nlan@x.example\nnobody@x.example\na@x.example\n"))
        output = StringIO()
        call_command("note_bounces", stdout=output)
        assert output.getvalue() == said
    publish(announce(viet_hung))

    assert addressees() == ["b@x.example"]
    assert "subscriptions.stopped" in [notice.kind for notice in Notification.objects.filter(recipient=lan)]


@pytest.mark.parametrize("answer", [(451, b"4.7.1 greylisted"), (550, b"5.7.1 your server is on a list")])
def test_what_is_not_the_addresss_fault_is_tried_again(viet_hung, ward, announce, refusing, answer):
    for email in ("a@x.example", "b@x.example"):
        subscribe(email, ward)
    refusing["a@x.example"] = answer
    publish(announce(viet_hung))
    assert addressees() == ["b@x.example"]
    assert Subscriber.objects.filter(refusals__gt=0).count() == 0
    refusing.clear()
    outbox.run_all(at=AT + timedelta(minutes=5))
    assert addressees() == ["a@x.example", "b@x.example"]


def test_a_mail_that_is_taken_wipes_earlier_refusals(viet_hung, ward, announce, refusing, clock):
    subscribe("a@x.example", ward)
    refusing["a@x.example"] = (552, b"5.2.2 mailbox full")
    publish(announce(viet_hung))
    assert Subscriber.objects.get().refusals == 1
    refusing.clear()
    publish(announce(viet_hung))
    assert Subscriber.objects.get().refusals == 0
