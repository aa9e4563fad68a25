"""From publishing to the mailbox: whom, when, once."""

import smtplib
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.kinds import Kind
from home.models import AnnouncementPage, Audience, AudiencePart
from home.subscriptions import actions, sending
from home.subscriptions.actions import Wishes
from home.subscriptions.consent import CURRENT
from home.subscriptions.models import Dispatch, Letter, Rhythm, Subscriber, Subscription
from portal.core import outbox
from portal.core.audit import history_of
from portal.core.models import Job, Notification
from tests.factories.people import UserFactory

from .conftest import AT, addressees, publish, subscribe

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)
FIVE = AT.replace(hour=10)  # 17:00 in Hanoi


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def evening(clock, day: int = 0) -> None:
    """Beat and worker at the hour of the digest."""
    at = FIVE + timedelta(days=day)
    clock.move_to(at)
    sending.promise_digest(at=at)
    outbox.run_all(at=at, rounds=100)


def for_some(announcement, *parts):
    """For some buildings only: (building, block, floor) each."""
    announcement.audience = Audience.BUILDINGS
    announcement.audience_parts = [
        AudiencePart(building=building, block=block, from_floor=floor, to_floor=floor)
        for building, block, floor in parts
    ]
    announcement.save()
    return announcement


# --- Whom ----------------------------------------------------------------------------------------
def test_an_announcement_goes_to_the_wards_subscribers_and_to_nobody_elses(viet_hung, ward, neighbour, announce):
    subscribe("an@x.example", ward)
    subscribe("binh@x.example", neighbour)
    publish(announce(viet_hung, "Tiêm chủng"))
    assert addressees() == ["an@x.example"]


def test_only_the_kinds_somebody_chose(viet_hung, ward, announce):
    subscribe("nuoc@x.example", ward, kinds=(Kind.OUTAGE,))
    subscribe("tat-ca@x.example", ward)
    publish(announce(viet_hung, kind=Kind.HEALTH))
    assert addressees() == ["tat-ca@x.example"]


def test_what_concerns_some_buildings_goes_to_those_who_named_them_or_all(viet_hung, ward, announce, building):
    lotus, plum = building(ward, "Sen Hồng"), building(ward, "Mai Vàng")
    subscribe("sen@x.example", ward, buildings=(lotus.pk,))
    subscribe("ca-hai@x.example", ward, buildings=(lotus.pk, plum.pk))
    subscribe("mai@x.example", ward, buildings=(plum.pk,))
    subscribe("moi-toa@x.example", ward, every_building=True)
    subscribe("phuong@x.example", ward)
    publish(for_some(announce(viet_hung, "Thang máy dừng"), (lotus, "A", 3)))
    assert addressees() == ["ca-hai@x.example", "moi-toa@x.example", "sen@x.example"]
    assert "Dành cho: Sen Hồng, khối A, tầng 3\n" in mail.outbox[0].body


def test_what_concerns_the_whole_ward_goes_to_everybody(viet_hung, ward, announce, building):
    subscribe("sen@x.example", ward, buildings=(building(ward).pk,))
    subscribe("phuong@x.example", ward)
    publish(announce(viet_hung))
    assert addressees() == ["phuong@x.example", "sen@x.example"]


def test_who_subscribes_after_publishing_does_not_get_old_news(viet_hung, ward, announce):
    publish(announce(viet_hung), keep=False)
    subscribe("muon@x.example", ward, at=AT + timedelta(seconds=1))
    outbox.run_all(at=LATER)
    assert addressees() == []


def test_what_was_taken_down_before_it_was_sent_is_not_sent(viet_hung, ward, announce):
    subscribe("an@x.example", ward)
    announcement = announce(viet_hung)
    sending.announce(announcement, at=AT)
    sending.plan(Dispatch.objects.get().pk, clock=lambda: AT)
    AnnouncementPage.objects.filter(pk=announcement.pk).update(live=False)
    outbox.run_all(at=AT)
    assert addressees() == []
    assert Letter.objects.count() == 0


# --- Once ----------------------------------------------------------------------------------------
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


# --- When ----------------------------------------------------------------------------------------
def test_the_daily_mail_gathers_a_day_and_comes_once_however_often_beat_runs(viet_hung, ward, announce, clock):
    subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    publish(announce(viet_hung, "Một"))
    publish(announce(viet_hung, "Hai"))
    assert addressees() == []
    for _beat in range(3):
        evening(clock)
    (digest,) = mail.outbox
    assert digest.subject == "Phường Việt Hưng: 2 thông báo mới"
    assert digest.body.index("Hai") < digest.body.index("Một")
    evening(clock, day=1)
    assert len(mail.outbox) == 1


def test_a_digest_missed_while_nothing_ran_is_in_the_next_one(viet_hung, ward, announce, clock):
    subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    publish(announce(viet_hung, "Thứ Hai"))
    clock.move_to(AT + timedelta(days=2))  # Wednesday morning, after two evenings without beat
    sending.promise_digest(at=AT + timedelta(days=2))
    outbox.run_all(at=AT + timedelta(days=2))
    assert [message.subject for message in mail.outbox] == ["Phường Việt Hưng: 1 thông báo mới"]
    assert Letter.objects.get().digest_date == date(2026, 11, 24)
    evening(clock, day=2)
    assert len(mail.outbox) == 1


def test_what_is_published_after_the_hour_waits_for_the_next_day(viet_hung, ward, announce, clock):
    subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    clock.move_to(FIVE + timedelta(minutes=1))
    publish(announce(viet_hung), at=FIVE + timedelta(minutes=1))
    sending.promise_digest(at=FIVE + timedelta(minutes=5))
    outbox.run_all(at=FIVE + timedelta(minutes=5))
    assert mail.outbox == []
    evening(clock, day=1)
    assert len(mail.outbox) == 1


def test_a_digest_gathered_twice_takes_nobody_twice(viet_hung, ward, announce, clock):
    """The job is run again after a kill, and meanwhile more is owed."""
    subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    publish(announce(viet_hung, "Một"))
    evening(clock)
    dispatch = publish(announce(viet_hung, "Hai"), at=FIVE)
    Dispatch.objects.filter(pk=dispatch.pk).update(at=AT)
    sending.gather(date(2026, 11, 23), clock=lambda: FIVE)
    outbox.run_all(at=FIVE)
    assert len(mail.outbox) == 1
    evening(clock, day=1)
    assert len(mail.outbox) == 2


def test_two_wards_make_one_daily_mail(viet_hung, giang_bien, ward, neighbour, announce, clock):
    subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    subscribe("an@x.example", neighbour, rhythm=Rhythm.DAILY)
    publish(announce(viet_hung))
    publish(announce(giang_bien))
    evening(clock)
    (digest,) = mail.outbox
    assert digest.subject == "2 thông báo mới của các phường"


def test_an_urgent_one_comes_at_once_whatever_rhythm_or_kind(viet_hung, ward, announce):
    subscribe("an@x.example", ward, rhythm=Rhythm.DAILY, kinds=(Kind.BUDGET,))
    publish(announce(viet_hung, "Ngập phố Vạn Hạnh", kind=Kind.SAFETY, urgent_until=AT + timedelta(days=1)))
    (message,) = mail.outbox
    assert message.subject == "Khẩn, Phường Việt Hưng: Ngập phố Vạn Hạnh"


def test_urgency_that_begins_later_is_told_once_to_everybody_and_not_again_in_the_digest(
    viet_hung, ward, announce, clock
):
    subscribe("ngay@x.example", ward)
    subscribe("ngay-mot@x.example", ward, rhythm=Rhythm.DAILY)
    begins = AT + timedelta(hours=1)
    publish(announce(viet_hung, urgent_from=begins, urgent_until=AT + timedelta(days=1), days_ago=0))
    assert addressees() == ["ngay@x.example"]
    announcement = AnnouncementPage.objects.get()
    for _time in range(2):
        sending.urge(announcement, at=begins)
    clock.move_to(begins)
    outbox.run_all(at=begins)
    evening(clock)
    assert addressees() == ["ngay-mot@x.example", "ngay@x.example", "ngay@x.example"]
    assert [message.subject.split(",")[0] for message in mail.outbox[1:]] == ["Khẩn", "Khẩn"]


def test_what_is_urgent_from_the_start_is_told_once(viet_hung, ward, announce):
    subscribe("an@x.example", ward)
    announcement = announce(viet_hung, urgent_until=AT + timedelta(days=1))
    publish(announcement)
    assert sending.urge(announcement, at=AT + timedelta(seconds=1)) is None


# --- The portal's inbox --------------------------------------------------------------------------
def test_a_resident_reads_it_in_the_inbox_without_a_second_mail(viet_hung, ward, announce):
    lan = UserFactory(email="lan@x.example")
    actions.follow(lan, ward, Wishes(by_mail=True, in_inbox=True), consent_version=CURRENT, at=AT)
    publish(announce(viet_hung, "Tiêm chủng"))
    notice = Notification.objects.get(recipient=lan)
    assert (notice.title, notice.url) == ("Tiêm chủng", "/viet-hung/thong-bao/tiem-chung/")
    assert addressees() == ["lan@x.example"]


def test_the_inbox_alone_sends_nothing(viet_hung, ward, announce):
    minh = UserFactory(email=None, phone="+84912345678")
    actions.follow(minh, ward, Wishes(by_mail=False, in_inbox=True), consent_version=CURRENT, at=AT)
    publish(announce(viet_hung))
    assert Notification.objects.filter(recipient=minh).count() == 1
    assert (mail.outbox, Letter.objects.count()) == ([], 0)


def test_an_account_that_was_closed_gets_nothing(viet_hung, ward, announce):
    lan = UserFactory(email="lan@x.example")
    actions.follow(lan, ward, Wishes(), consent_version=CURRENT, at=AT)
    lan.is_active = False
    lan.save()
    publish(announce(viet_hung))
    assert mail.outbox == []


# --- Refusals ------------------------------------------------------------------------------------
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


# --- Many ----------------------------------------------------------------------------------------
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


# --- Stopping in between, and the record ---------------------------------------------------------
def test_who_stops_before_the_daily_mail_does_not_get_it(viet_hung, ward, announce, clock):
    subscriber = subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    publish(announce(viet_hung))
    actions.stop_mail(subscriber, at=LATER)
    evening(clock)
    assert mail.outbox == []


def test_the_record_of_consent_says_which_words_when_and_how(ward):
    subscriber = subscribe("an@x.example", ward)
    event = history_of(subscriber).get()
    assert (event.action, event.at, event.data["consent"], event.data["how"]) == (
        "subscriptions.followed", AT, "2026-11-23", "e-mail",
    )  # fmt: skip
    assert len(event.data["consent_sha256"]) == 64
    assert "an@x.example" not in str(event.data)
