"""The screens: a visitor's two steps, a resident's choices, the links in a mail."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buildings.models import Apartment
from home.kinds import Kind
from home.subscriptions import actions, tokens
from home.subscriptions.actions import Wishes
from home.subscriptions.consent import CURRENT
from home.subscriptions.models import Letter, Rhythm, SignUp, Subscriber, Subscription
from portal.core import outbox
from tests.clock import stopped_at
from tests.factories.buildings import ResidencyFactory, WardFactory
from tests.factories.people import UserFactory

from .conftest import AT, addressees, publish, subscribe

pytestmark = pytest.mark.django_db
ASK = {"email": "an@x.example", "rhythm": "at_once", "consent": "on"}

clock = stopped_at(AT)


def link_in(message) -> str:
    return re.search(r"http://localhost:8000(/theo-doi/xac-nhan/\S+/)", message.body)[1]


# --- A visitor -----------------------------------------------------------------------------------
def test_a_visitor_asks_confirms_and_is_written_to(client, viet_hung, ward, announce, building):
    lotus = building(ward)
    answer = client.post(
        "/theo-doi/viet-hung/", {**ASK, "rhythm": "daily", "buildings": [lotus.pk], "kinds": [Kind.OUTAGE]}
    )
    assert answer.url == "/theo-doi/da-gui-thu/"
    outbox.run_all(at=AT)
    (question,) = mail.outbox
    assert question.to == ["an@x.example"]
    assert not Subscriber.objects.exists()

    assert client.get(link_in(question)).status_code == 200
    assert not Subscriber.objects.exists()  # a program that opens links confirms nothing
    assert "Bạn sẽ nhận thông báo" in client.post(link_in(question)).content.decode()
    subscription = Subscription.objects.get()
    assert subscription.subscriber.email == "an@x.example"
    assert (subscription.places, subscription.kinds, subscription.rhythm, subscription.by_mail) == (
        ["Cả phường", "Sen Hồng"], [Kind.OUTAGE], Rhythm.DAILY, True,
    )  # fmt: skip


def test_confirmed_twice_is_confirmed_once(client, ward):
    client.post("/theo-doi/viet-hung/", ASK)
    outbox.run_all(at=AT)
    for _time in range(2):
        assert "Bạn sẽ nhận thông báo" in client.post(link_in(mail.outbox[0])).content.decode()
    assert Subscription.objects.count() == 1


def test_an_old_confirmation_brings_nobody_back_who_has_stopped(client, ward):
    client.post("/theo-doi/viet-hung/", ASK)
    outbox.run_all(at=AT)
    client.post(link_in(mail.outbox[0]))
    actions.stop_mail(Subscriber.objects.get(), at=AT)
    assert "Bạn đã ngừng nhận thông báo" in client.post(link_in(mail.outbox[0])).content.decode()
    assert not Subscription.objects.exists()


def test_a_known_address_is_answered_like_an_unknown_one(client, ward):
    subscribe("an@x.example", ward)
    known = client.post("/theo-doi/viet-hung/", ASK, follow=True)
    unknown = client.post("/theo-doi/viet-hung/", {**ASK, "email": "moi@x.example"}, follow=True)
    said = [re.sub(r'value="\w{64}"', "", page.content.decode()) for page in (known, unknown)]
    assert said[0] == said[1]
    outbox.run_all(at=AT)
    first, second = mail.outbox
    assert first.subject == second.subject


def test_signing_up_again_changes_what_was_chosen_and_makes_no_second_subscriber(client, ward):
    subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    client.post("/theo-doi/viet-hung/", {**ASK, "email": "AN@X.example"})
    assert Subscription.objects.get().rhythm == Rhythm.DAILY  # not before it is confirmed
    outbox.run_all(at=AT)
    client.post(link_in(mail.outbox[0]))
    assert Subscription.objects.get().rhythm == Rhythm.AT_ONCE


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"email": ""}, "email", "Nhập địa chỉ thư điện tử."),
        ({"email": "an@"}, "email", "Địa chỉ này chưa đúng. Ví dụ đúng: lan.nguyen@gmail.com."),
        (
            {"email": "an@x.example\nBcc: b@x.example"},
            "email",
            "Địa chỉ này chưa đúng. Ví dụ đúng: lan.nguyen@gmail.com.",
        ),
        ({"consent": ""}, "consent", "Cần bạn đồng ý thì chúng tôi mới được gửi thư."),
        ({"rhythm": ""}, "rhythm", "Chọn khi nào gửi thư."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client, ward, wrong, field, words):
    page = client.post("/theo-doi/viet-hung/", {**ASK, "kinds": [Kind.BUDGET], **wrong})
    assert page.context["form"].errors == {field: [words]}
    assert 'value="ngan-sach" id="id_kinds_7" checked' in re.sub(r"\s+", " ", page.content.decode())
    assert not SignUp.objects.exists()


def test_nothing_is_agreed_to_beforehand(client, ward):
    page = client.get("/theo-doi/viet-hung/").content.decode()
    assert re.findall(r"<input[^>]*checked[^>]*>", page) == re.findall(
        r'<input[^>]*name="rhythm"[^>]*checked[^>]*>', page
    )


def test_another_wards_building_cannot_be_chosen(client, ward, neighbour, building):
    building(ward, "Mai Vàng")
    theirs = building(neighbour)
    page = client.post("/theo-doi/viet-hung/", {**ASK, "buildings": [theirs.pk]})
    assert page.context["form"].errors.keys() == {"buildings"}
    assert not SignUp.objects.exists()


def test_an_address_is_not_plagued_and_the_answer_stays_the_same(client, ward):
    answers = {client.post("/theo-doi/viet-hung/", ASK).url for _try in range(5)}
    outbox.run_all(at=AT)
    assert answers == {"/theo-doi/da-gui-thu/"}
    assert len(mail.outbox) == configured.SUBSCRIPTION_QUESTIONS_A_DAY


def test_one_computer_cannot_ask_without_end(client, ward):
    answers = [client.post("/theo-doi/viet-hung/", {**ASK, "email": f"a{n}@x.example"}).status_code for n in range(31)]
    assert (answers[:30], answers[30]) == ([302] * 30, 429)


def test_a_confirmation_expires(client, ward, clock):
    client.post("/theo-doi/viet-hung/", ASK)
    outbox.run_all(at=AT)
    clock.move_to(AT + timedelta(hours=73))
    assert client.post(link_in(mail.outbox[0])).status_code == 410
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("token", ["khong-phai", "a:b:c", "00000000000000000000000000000000:x:y"])
def test_an_invented_token_opens_nothing(client, token):
    assert client.get(f"/theo-doi/xac-nhan/{token}/").status_code == 410
    for address in ("ngung", "thu"):
        assert client.get(f"/theo-doi/{address}/{token}/").status_code == 404


def test_a_closed_ward_takes_no_subscribers(client, ward):
    ward.is_open = False
    ward.save()
    assert client.get("/theo-doi/viet-hung/").status_code == 404


# --- A resident ----------------------------------------------------------------------------------
@pytest.fixture
def lan(ward):
    return UserFactory(email="lan@x.example")


@pytest.fixture
def home(client, lan):
    client.force_login(lan)
    return client


def test_a_resident_is_offered_the_building_they_live_in(home, lan, ward, building):
    lotus, plum = building(ward, "Sen Hồng"), building(ward, "Mai Vàng")
    flat = Apartment.objects.create(building=lotus, floor=5, number="502")
    ResidencyFactory(user=lan, apartment=flat, confirmed_at=AT, confirmed_by=lan)
    page = home.get("/theo-doi/viet-hung/")
    assert page.context["form"].initial == {"buildings": [str(lotus.pk)]}
    assert plum.name in page.content.decode()


def test_a_resident_follows_changes_and_leaves(home, lan, ward):
    chosen = {"channels": ["mail", "inbox"], "rhythm": "daily"}
    page = home.post("/theo-doi/viet-hung/", chosen)
    assert page.context["form"].errors.keys() == {"consent"}
    assert home.post("/theo-doi/viet-hung/", {**chosen, "consent": "on"}).url == "/theo-doi/"
    subscription = Subscription.objects.get(subscriber__user=lan)
    assert (subscription.by_mail, subscription.in_inbox, subscription.rhythm) == (True, True, Rhythm.DAILY)

    home.post("/theo-doi/viet-hung/", {"channels": ["inbox"], "rhythm": "at_once"})
    subscription.refresh_from_db()
    assert (subscription.by_mail, subscription.in_inbox) == (False, True)

    home.post("/theo-doi/viet-hung/", {"leave": "1"})
    assert not Subscription.objects.exists()
    assert Subscriber.objects.get().user is None


def test_a_resident_without_an_address_is_offered_the_inbox(client, ward):
    client.force_login(UserFactory(email=None, phone="+84912345678"))
    form = client.get("/theo-doi/viet-hung/").context["form"]
    assert [value for value, _label in form.fields["channels"].choices] == ["inbox"]
    assert client.post("/theo-doi/viet-hung/", {"channels": ["inbox"], "consent": "on"}).status_code == 302


def test_what_was_asked_for_without_an_account_is_the_accounts_once_it_proved_the_address(client, lan, ward, neighbour):
    from allauth.account.models import EmailAddress  # noqa: PLC0415

    subscribe("lan@x.example", neighbour, in_inbox=True)
    assert Subscription.objects.get().in_inbox is False  # an address has none
    address = EmailAddress.objects.create(user=lan, email="lan@x.example", verified=False, primary=True)
    actions.follow(lan, ward, Wishes(), consent_version=CURRENT, at=AT)
    assert Subscriber.objects.count() == 2  # not proved yet
    Subscriber.objects.get(user=lan).delete()
    address.set_verified()
    actions.follow(lan, ward, Wishes(), consent_version=CURRENT, at=AT)
    assert Subscriber.objects.get().user == lan
    assert Subscription.objects.filter(subscriber__user=lan).count() == 2


def test_the_list_asks_the_database_the_same_for_one_and_for_thirty_wards(home, lan, ward, building):
    actions.follow(lan, ward, Wishes(buildings=(building(ward).pk,)), consent_version=CURRENT, at=AT)
    home.get("/theo-doi/")
    with CaptureQueriesContext(connection) as one:
        home.get("/theo-doi/")
    for number in range(30):
        other = WardFactory(
            slug=f"p{number}", name=f"P{number}", code=f"1{number:04}", agency_code=f"H26.005.{number:03}"
        )
        actions.follow(lan, other, Wishes(buildings=(building(other).pk,)), consent_version=CURRENT, at=AT)
    with CaptureQueriesContext(connection) as thirty:
        page = home.get("/theo-doi/")
    assert page.content.decode().count("Sen Hồng") == 31
    assert len(thirty) == len(one)


# --- By the link in a mail -----------------------------------------------------------------------
@pytest.fixture
def token(ward):
    return tokens.for_subscriber(subscribe("an@x.example", ward))


def test_a_scanner_that_opens_every_link_stops_nothing(client, token):
    for address in (f"/theo-doi/ngung/{token}/", f"/theo-doi/thu/{token}/", f"/theo-doi/thu/{token}/viet-hung/"):
        assert (client.get(address).status_code, client.head(address).status_code) == (200, 200)
    assert Subscription.objects.count() == 1


def test_one_click_stops_without_cookies_and_what_is_left_names_nobody(ward, token):
    strict = Client(enforce_csrf_checks=True)
    for _time in range(2):
        answer = strict.post(f"/theo-doi/ngung/{token}/", {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "Đã ngừng gửi thư" in answer.content.decode()) == (200, True)
    gone = Subscriber.objects.get()
    assert (gone.email, gone.user, gone.ended_at, gone.subscriptions.count()) == ("", None, AT, 0)
    assert gone.pseudonym == tokens.pseudonym_of("An@x.example") != ""
    assert "Đã ngừng gửi thư" in strict.get(f"/theo-doi/ngung/{token}/").content.decode()


def test_a_residents_inbox_goes_on_when_mail_stops(client, lan, viet_hung, ward, announce):
    wishes = Wishes(by_mail=True, in_inbox=True, rhythm=Rhythm.DAILY)
    actions.follow(lan, ward, wishes, consent_version=CURRENT, at=AT)
    publish(announce(viet_hung))
    assert Letter.objects.owed().count() == 1  # for the day's mail
    client.post(f"/theo-doi/ngung/{tokens.for_subscriber(Subscriber.objects.get())}/")
    assert Letter.objects.owed().count() == 0
    publish(announce(viet_hung, "Tin khác"))
    assert (addressees(), lan.notifications.count()) == ([], 2)


def test_the_reader_of_a_mail_changes_and_leaves_without_an_account(client, ward, token):
    client.post(f"/theo-doi/thu/{token}/viet-hung/", {"rhythm": "daily"})
    assert Subscription.objects.get().rhythm == Rhythm.DAILY
    client.post(f"/theo-doi/thu/{token}/viet-hung/", {"leave": "1"})
    assert Subscriber.objects.get().ended_at == AT
    assert "không nhận thư nữa" in client.get(f"/theo-doi/thu/{token}/").content.decode()


def test_a_mail_passed_on_opens_nobodys_account(client, lan, ward):
    actions.follow(lan, ward, Wishes(), consent_version=CURRENT, at=AT)
    token = tokens.for_subscriber(Subscriber.objects.get())
    for address in (f"/theo-doi/thu/{token}/", f"/theo-doi/thu/{token}/viet-hung/"):
        answer = client.get(address)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))
    assert "lan@x.example" not in client.get(f"/theo-doi/ngung/{token}/").content.decode()


def test_ones_subscriptions_are_shown_to_nobody_else(client, lan, ward):
    actions.follow(lan, ward, Wishes(), consent_version=CURRENT, at=AT)
    client.force_login(UserFactory())
    assert client.get("/theo-doi/").context["followed"] == []
    assert client.get("/theo-doi/viet-hung/").context["subscription"] is None


# --- How long it is kept -------------------------------------------------------------------------
def test_what_has_been_kept_long_enough_goes(viet_hung, ward, announce):
    SignUp.objects.create(email="cu@x.example", ward=ward, wishes={}, consent=CURRENT, asked_at=AT - timedelta(days=8))
    SignUp.objects.create(email="moi@x.example", ward=ward, wishes={}, consent=CURRENT, asked_at=AT - timedelta(days=6))
    left = subscribe("het@x.example", ward, at=AT - timedelta(days=900))
    actions.stop_mail(left, at=AT - timedelta(days=800))
    stays = subscribe("con@x.example", ward)
    publish(announce(viet_hung))
    actions.forget(at=AT)
    assert [row.email for row in SignUp.objects.order_by("email") if row.asked_at < AT] == ["moi@x.example"]
    assert list(Subscriber.objects.all()) == [stays]
    assert stays.letters.count() == 1
    actions.forget(at=AT + timedelta(days=91))
    assert stays.letters.count() == 0
