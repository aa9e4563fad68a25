"""Telling people: in the portal at once, by e-mail or SMS through the outbox."""

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core import outbox
from portal.core.models import Delivery, Job, MailboxMessage, Notification, User
from portal.core.notifications import gathered, notify

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return User.objects.create_user("an@example.vn", full_name="Nguyễn Thị An", phone="+84912345671")


@pytest.fixture
def bob():
    return User.objects.create_user(full_name="Trần Văn Bình", phone="+84912345672")


def tell(user, key="received"):
    return notify(
        user,
        kind="test.received",
        key=key,
        title="Hồ sơ đã được tiếp nhận",
        body="Phường Việt Hưng đã tiếp nhận hồ sơ.",
        url="/ho-so/1/",
        at=timezone.now(),
    )


def deliver_all():
    return outbox.run_all(at=timezone.now())


def test_a_notice_is_in_the_inbox_at_once_and_in_the_post_soon(alice, settings):
    tell(alice)
    assert Notification.objects.get().recipient == alice
    assert mail.outbox == []
    deliver_all()
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["an@example.vn"], "Hồ sơ đã được tiếp nhận")
    assert f"{settings.PUBLIC_URL}/ho-so/1/" in letter.body
    assert Delivery.objects.get().sent_at


def test_whoever_has_no_email_address_gets_an_sms(bob, settings):
    settings.SMS_CHANNEL = "portal.core.notifications.mailbox.send_sms"
    tell(bob)
    deliver_all()
    assert mail.outbox == []
    sms = MailboxMessage.objects.get()
    assert (sms.channel, sms.to) == ("sms", "+84912345672")
    assert "Hồ sơ đã được tiếp nhận" in sms.body


def test_the_same_notice_twice_is_told_once(alice):
    tell(alice)
    tell(alice)
    deliver_all()
    assert Notification.objects.count() == len(mail.outbox) == 1


def test_two_people_are_told_the_same_thing_each(alice, bob):
    tell(alice)
    tell(bob)
    assert Notification.objects.count() == 2


def test_what_is_rolled_back_is_told_to_nobody(alice):
    class Change(Exception):
        pass

    with pytest.raises(Change), transaction.atomic():
        tell(alice)
        raise Change
    deliver_all()
    assert not Notification.objects.exists()
    assert mail.outbox == []


def test_gathered_notices_are_written_together(alice, bob):
    def queries(people):
        with CaptureQueriesContext(connection) as captured, gathered():
            for person in people:
                for number in range(10):
                    tell(person, key=f"{len(people)}:{number}")
        return len(captured)

    assert queries([alice]) == queries([alice, bob])
    assert (Notification.objects.count(), Delivery.objects.count(), Job.objects.count()) == (30, 30, 30)


def test_gathered_notices_of_a_part_that_fails_are_not_given(alice, bob):
    with gathered():
        tell(alice)
        with pytest.raises(ZeroDivisionError), gathered():
            tell(bob)
            _nothing = 1 / 0
        assert not Notification.objects.exists()

    assert Notification.objects.get().recipient == alice


def test_gathered_notices_told_before_are_told_once(alice):
    tell(alice)

    with gathered():
        tell(alice)
        tell(alice)

    assert (Notification.objects.count(), Delivery.objects.count(), Job.objects.count()) == (1, 1, 1)


def test_a_mail_server_that_is_down_delays_the_letter_and_loses_nothing(alice, settings):
    settings.EMAIL_BACKEND = "tests.core.test_notifications.DownBackend"
    tell(alice)
    assert deliver_all() == 0
    assert Delivery.objects.get().sent_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.run_all(at=Job.objects.get().run_at) == 1
    assert len(mail.outbox) == 1


class DownBackend:
    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_a_title_with_a_line_break_makes_one_header(alice):
    notify(alice, kind="t", key="k", title="Tin\r\nBcc: evil@example.vn", body="x", url="/", at=timezone.now())
    deliver_all()
    [letter] = mail.outbox
    assert letter.subject == "Tin Bcc: evil@example.vn"
    assert letter.recipients() == ["an@example.vn"]


def test_the_mailbox_keeps_one_message_a_recipient(settings):
    settings.EMAIL_BACKEND = "portal.core.notifications.mailbox.EmailBackend"
    mail.EmailMessage("Chủ đề", "Nội dung", to=["a@example.vn"], cc=["b@example.vn"]).send()
    kept = MailboxMessage.objects.order_by("to")
    assert [(message.to, message.subject) for message in kept] == [
        ("a@example.vn", "Chủ đề"),
        ("b@example.vn", "Chủ đề"),
    ]
