"""Whom an announcement reaches, and when."""

from datetime import date, timedelta

import pytest
from django.core import mail

from home.kinds import Kind
from home.models import AnnouncementPage
from home.subscriptions import actions, sending
from home.subscriptions.actions import Wishes
from home.subscriptions.consent import CURRENT
from home.subscriptions.models import Dispatch, Letter, Rhythm
from portal.core import outbox
from portal.core.audit import history_of
from portal.core.models import Notification
from tests.factories.people import UserFactory

from ..conftest import AT, addressees, publish, subscribe
from .conftest import FIVE, LATER, evening, for_some

pytestmark = pytest.mark.django_db


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
