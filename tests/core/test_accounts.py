"""Signing up, signing in, getting back in: by phone and by e-mail."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from buildings.models import Membership, Ward
from buildings.roles import Position
from portal.core.accounts.adapter import vouch_for
from portal.core.accounts.fields import as_e164, as_national
from portal.core.models import MailboxMessage, User
from portal.core.templatetags.people import device

pytestmark = pytest.mark.django_db

SIGNUP, LOGIN, RESET = "/tai-khoan/signup/", "/tai-khoan/login/", "/tai-khoan/password/reset/"
PASSWORD = "hoa-sen-no-1987"


@pytest.fixture(autouse=True)
def mailbox(settings):
    """No EMAIL_URL: everything lands in the mailbox."""
    settings.EMAIL_BACKEND = "portal.core.notifications.mailbox.EmailBackend"


def last_to(recipient: str) -> MailboxMessage:
    return MailboxMessage.objects.filter(to=recipient).first()


def code_sent_to(recipient: str) -> str:
    message = last_to(recipient)
    return re.search(r"\b\d{6}\b", f"{message.subject} {message.body}")[0]


def make_user(**fields) -> User:
    user = User.objects.create_user(password=PASSWORD, **{"full_name": "Nguyễn Thị An", **fields})
    vouch_for(user)
    return user


def sign_up(client, **contact):
    return client.post(SIGNUP, {"full_name": "Trần  Văn Bình", "password1": PASSWORD, **contact})


def sign_in_and_confirm(client, login: str) -> None:
    """Changing what protects an account asks for the password once more."""
    client.post(LOGIN, {"login": login, "password": PASSWORD})
    assert client.get("/tai-khoan/2fa/totp/activate/")["Location"].startswith("/tai-khoan/reauthenticate/")
    client.post("/tai-khoan/reauthenticate/", {"password": PASSWORD})


def signed_in_as(client):
    return client.session.get("_auth_user_id")


# --- Signing up ----------------------------------------------------------------------------------
def test_a_phone_number_alone_opens_an_account_by_the_code_of_the_sms(client):
    response = sign_up(client, phone="0912 345 678")
    assert response["Location"] == "/tai-khoan/phone/verify/"
    assert signed_in_as(client) is None

    response = client.post("/tai-khoan/phone/verify/", {"code": code_sent_to("+84912345678")})

    user = User.objects.get()
    assert response["Location"] == "/tai-khoan/tiep-tuc/"
    assert signed_in_as(client) == str(user.pk)
    assert (user.full_name, user.phone.as_e164, user.phone_verified, user.email) == (
        "Trần Văn Bình",
        "+84912345678",
        True,
        None,
    )


def test_an_email_address_alone_opens_an_account_by_the_code_of_the_letter(client):
    response = sign_up(client, email="Binh@Example.vn")
    assert response["Location"] == "/tai-khoan/confirm-email/"
    client.post("/tai-khoan/confirm-email/", {"code": code_sent_to("binh@example.vn")})
    user = User.objects.get()
    assert signed_in_as(client) == str(user.pk)
    assert (user.email, user.phone) == ("binh@example.vn", None)
    assert EmailAddress.objects.get().verified


def test_both_contacts_are_both_confirmed(client):
    sign_up(client, phone="0912345678", email="binh@example.vn")
    response = client.post("/tai-khoan/phone/verify/", {"code": code_sent_to("+84912345678")})
    assert response["Location"] == "/tai-khoan/confirm-email/"
    assert signed_in_as(client) is None
    client.post("/tai-khoan/confirm-email/", {"code": code_sent_to("binh@example.vn")})
    assert signed_in_as(client) == str(User.objects.get().pk)


def test_an_account_needs_one_contact(client):
    response = sign_up(client)
    assert response.context["form"].errors["phone"] == ["Nhập số điện thoại hoặc thư điện tử, ít nhất một trong hai."]
    assert not User.objects.exists()


def test_two_accounts_without_an_email_address_can_live_side_by_side(client):
    make_user(phone="+84912345671")
    sign_up(client, phone="0912345672")
    assert User.objects.filter(email=None).count() == 2


def test_a_code_may_be_pasted_with_spaces_and_a_wrong_one_opens_nothing(client):
    sign_up(client, phone="0912345678")
    code = code_sent_to("+84912345678")
    wrong = "000000" if code != "000000" else "111111"
    response = client.post("/tai-khoan/phone/verify/", {"code": wrong})
    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert signed_in_as(client) is None
    client.post("/tai-khoan/phone/verify/", {"code": f"{code[:3]} {code[3:]}"})
    assert signed_in_as(client)


def test_three_wrong_codes_end_the_attempt(client):
    sign_up(client, phone="0912345678")
    code = code_sent_to("+84912345678")
    wrong = "000000" if code != "000000" else "111111"
    for _attempt in range(3):
        response = client.post("/tai-khoan/phone/verify/", {"code": wrong})
    assert response.status_code == 302
    client.post("/tai-khoan/phone/verify/", {"code": code})
    assert signed_in_as(client) is None


# --- Nobody learns who has an account ------------------------------------------------------------
def visible(response) -> str:
    """The page without what differs by chance: the CSRF token, and the address just typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"09\d\d ?\d{3} ?\d{3}|\+849\d+|%2B849\d+|[a-z]+(@|%40)example\.vn", "…", text)


@pytest.mark.parametrize(
    ("known", "unknown"),
    [({"phone": "0912345671"}, {"phone": "0912345672"}), ({"email": "an@example.vn"}, {"email": "la@example.vn"})],
)
def test_signing_up_shows_the_same_page_whether_or_not_the_contact_is_taken(client, client_b, known, unknown):
    make_user(phone="+84912345671", email="an@example.vn")
    first = client.post(SIGNUP, {"full_name": "A", "password1": PASSWORD, **known}, follow=True)
    second = client_b.post(SIGNUP, {"full_name": "A", "password1": PASSWORD, **unknown}, follow=True)
    assert first.redirect_chain == second.redirect_chain
    assert visible(first) == visible(second)
    assert User.objects.count() == 2
    assert MailboxMessage.objects.count() == 2  # the owner of a taken contact is told


@pytest.fixture
def client_b():
    """Another browser."""
    return Client()


@pytest.mark.parametrize(("known", "unknown"), [("0912345671", "0912345672"), ("an@example.vn", "la@example.vn")])
def test_a_reset_shows_the_same_page_whether_or_not_the_account_exists(client, client_b, known, unknown):
    make_user(phone="+84912345671", email="an@example.vn")
    first = client.post(RESET, {"email": known}, follow=True)
    second = client_b.post(RESET, {"email": unknown}, follow=True)
    assert first.redirect_chain == second.redirect_chain == [("/tai-khoan/password/reset/confirm/", 302)]
    assert visible(first) == visible(second)


def test_a_failed_sign_in_says_the_same_for_every_kind_of_login(client):
    make_user(phone="+84912345671", email="an@example.vn")
    seen = {
        str(client.post(LOGIN, {"login": login, "password": "khong-phai"}).context["form"].non_field_errors())
        for login in ("0912345671", "0912345672", "an@example.vn", "la@example.vn", "ai đó")
    }
    assert len(seen) == 1


def test_signing_up_with_a_taken_contact_takes_the_time_of_a_new_account(client, monkeypatch):
    make_user(phone="+84912345671")
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda user, password: hashed.append(password))
    sign_up(client, phone="0912345671")
    assert hashed == [PASSWORD]


def test_guessing_is_limited_by_address_whatever_a_header_claims(client):
    answers = [
        client.post(
            LOGIN, {"login": f"09123456{number:02}", "password": "sai"}, headers={"X-Forwarded-For": f"10.0.0.{number}"}
        ).status_code
        for number in range(31)
    ]
    assert answers[0] == 200
    assert answers[-1] == 429


# --- Signing in ----------------------------------------------------------------------------------
@pytest.mark.parametrize("login", ["an@example.vn", "AN@example.vn", "0912345678", "0912 345 678", "+84 912 345 678"])
def test_either_contact_signs_in_however_it_is_typed(client, login):
    user = make_user(phone="+84912345678", email="an@example.vn")
    response = client.post(LOGIN, {"login": login, "password": PASSWORD})
    assert response["Location"] == "/tai-khoan/tiep-tuc/"
    assert signed_in_as(client) == str(user.pk)


def test_mistyped_passwords_of_one_phone_keep_no_other_phone_out(client, settings):
    make_user(phone="+84912345671")
    other = make_user(phone="+84912345672")
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
    for _attempt in range(5):
        client.post(LOGIN, {"login": "0912 345 671", "password": "sai"})
    client.post(LOGIN, {"login": "0912345671", "password": PASSWORD})
    assert signed_in_as(client) is None  # this one waits
    client.post(LOGIN, {"login": "0912345672", "password": PASSWORD})
    assert signed_in_as(client) == str(other.pk)


def test_an_email_that_was_never_confirmed_falls_away_when_the_phone_signs_in(client):
    user = make_user(phone="+84912345678")
    user.email = "nham@example.vn"
    user.save()
    client.post(LOGIN, {"login": "0912345678", "password": PASSWORD})
    user.refresh_from_db()
    assert signed_in_as(client) == str(user.pk)
    assert user.email is None


def test_a_phone_that_was_never_confirmed_falls_away_when_the_email_signs_in(client):
    user = make_user(email="an@example.vn")
    user.phone = "+84912345678"
    user.save()
    client.post(LOGIN, {"login": "an@example.vn", "password": PASSWORD})
    user.refresh_from_db()
    assert signed_in_as(client) == str(user.pk)
    assert user.phone is None


def test_signing_in_leads_an_officer_to_the_desk_and_a_resident_home(client):
    user = make_user(email="an@example.vn")
    client.force_login(user)
    assert client.get("/tai-khoan/tiep-tuc/")["Location"] == "/"
    give_position(user, Position.CLERK)
    assert client.get("/tai-khoan/tiep-tuc/")["Location"] == "/mot-cua/"


# --- Getting back in -----------------------------------------------------------------------------
@pytest.mark.parametrize(("typed", "sent_to"), [("0912 345 678", "+84912345678"), ("an@example.vn", "an@example.vn")])
def test_a_forgotten_password_is_replaced_by_a_code(client, typed, sent_to):
    user = make_user(phone="+84912345678", email="an@example.vn")
    client.post(RESET, {"email": typed})
    response = client.post("/tai-khoan/password/reset/confirm/", {"code": code_sent_to(sent_to)})
    assert response["Location"] == "/tai-khoan/password/reset/complete/"
    response = client.post(
        "/tai-khoan/password/reset/complete/", {"password1": "sen-trang-2026", "password2": "sen-trang-2026"}
    )
    assert response["Location"] == "/tai-khoan/password/reset/done/"
    client.post(LOGIN, {"login": typed, "password": "sen-trang-2026"})
    assert signed_in_as(client) == str(user.pk)


def test_a_reset_of_nonsense_says_what_is_wanted(client):
    response = client.post(RESET, {"email": "abc"})
    assert "0912 345 678" in str(response.context["form"].errors["email"])
    response = client.post(RESET, {"email": "abc@"})
    assert response.context["form"].errors["email"]


def test_someone_who_took_a_number_first_does_not_keep_its_owner_out(client, client_b):
    """A stranger signs up with my number and their address; I reset by SMS and the address is gone."""
    sign_up(client, phone="0912345678", email="la@example.vn")
    cache.clear()
    client_b.post(RESET, {"email": "0912345678"})
    client_b.post("/tai-khoan/password/reset/confirm/", {"code": code_sent_to("+84912345678")})
    client_b.post("/tai-khoan/password/reset/complete/", {"password1": "sen-trang-2026", "password2": "sen-trang-2026"})
    cache.clear()
    client_b.post(LOGIN, {"login": "0912345678", "password": "sen-trang-2026"})
    client_b.post("/tai-khoan/phone/verify/", {"code": code_sent_to("+84912345678")})
    user = User.objects.get()
    assert signed_in_as(client_b) == str(user.pk)
    assert user.email is None


# --- Changing contacts ---------------------------------------------------------------------------
def test_a_new_phone_counts_once_its_code_came_back(client):
    user = make_user(phone="+84912345678")
    sign_in_and_confirm(client, "0912345678")
    response = client.post("/tai-khoan/phone/change/", {"phone": "0987654321"})
    assert response["Location"] == "/tai-khoan/phone/verify/"
    user.refresh_from_db()
    assert user.phone.as_e164 == "+84912345678"
    client.post("/tai-khoan/phone/verify/", {"code": code_sent_to("+84987654321")})
    user.refresh_from_db()
    assert (user.phone.as_e164, user.phone_verified) == ("+84987654321", True)


def test_a_new_email_counts_once_its_code_came_back(client):
    user = make_user(email="cu@example.vn")
    sign_in_and_confirm(client, "cu@example.vn")
    client.post("/tai-khoan/email/", {"email": "moi@example.vn", "action_add": "1"})
    user.refresh_from_db()
    assert user.email == "cu@example.vn"
    phone = "Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36"
    client.post("/tai-khoan/confirm-email/", {"code": code_sent_to("moi@example.vn")}, headers={"User-Agent": phone})
    user.refresh_from_db()
    assert user.email == "moi@example.vn"
    told = last_to("cu@example.vn").body  # the old address is told what, when and from where
    assert "từ cu@example.vn sang moi@example.vn" in told
    assert "từ địa chỉ mạng 127.0.0.1, bằng Chrome, Android" in told


# --- Second factor -------------------------------------------------------------------------------
def give_position(user: User, position: str) -> Membership:
    ward, _made = Ward.objects.get_or_create(
        slug="viet-hung",
        defaults={
            "name": "Việt Hưng",
            "code": "00127",
            "agency_code": "H26.004.127",
            "address": "Số 1 phố Vũ Xuân Thiều",
            "phone": "+842438730000",
            "email": "viethung@example.vn",
        },
    )
    return Membership.objects.create(user=user, position=position, ward=ward, began_at=timezone.now())


@pytest.mark.parametrize("position", [Position.CLERK, Position.LEADER, Position.WARD_EDITOR, Position.INSPECTOR])
def test_officers_and_editors_set_up_a_second_factor_before_anything_else(client, settings, position):
    settings.SECOND_FACTOR_REQUIRED = True
    officer = make_user(email="can-bo@example.vn")
    give_position(officer, position)
    client.force_login(officer)
    assert client.get("/thong-bao-cua-toi/")["Location"] == "/tai-khoan/2fa/totp/activate/"
    assert client.post("/thong-bao-cua-toi/da-doc/")["Location"] == "/tai-khoan/2fa/totp/activate/"
    assert client.get("/tai-khoan/ho-so/").status_code == 200


@pytest.mark.parametrize("position", [Position.BUILDING_MANAGER, None])
def test_residents_and_building_managers_may_do_without(client, settings, position):
    settings.SECOND_FACTOR_REQUIRED = True
    user = make_user(email="an@example.vn")
    if position:
        give_position(user, position)
    client.force_login(user)
    assert client.get("/thong-bao-cua-toi/").status_code == 200


def test_an_officer_with_a_second_factor_signs_in_by_its_code(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    officer = make_user(email="can-bo@example.vn")
    give_position(officer, Position.CLERK)
    sign_in_and_confirm(client, "can-bo@example.vn")
    page = client.get("/tai-khoan/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/tai-khoan/2fa/totp/activate/", {"code": current_code(secret)})
    assert client.get("/thong-bao-cua-toi/").status_code == 200
    assert secret not in str(Authenticator.objects.get(type="totp").data)

    client.post("/tai-khoan/logout/")
    cache.clear()  # a code counts once; this one is needed again within its half minute
    response = client.post(LOGIN, {"login": "can-bo@example.vn", "password": PASSWORD})
    assert response["Location"] == "/tai-khoan/2fa/authenticate/"
    assert signed_in_as(client) is None
    client.post("/tai-khoan/2fa/authenticate/", {"code": current_code(secret)})
    assert signed_in_as(client) == str(officer.pk)


def current_code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


# --- Language ------------------------------------------------------------------------------------
def test_a_person_chooses_the_language_of_their_messages_and_of_the_page_after_sign_in(client):
    user = make_user(email="an@example.vn")
    client.force_login(user)
    edit = "/tai-khoan/ho-so/sua/"
    client.post(edit, {"full_name": "Nguyễn Thị An", "preferred_language": "en"})
    user.refresh_from_db()
    assert user.preferred_language == "en"
    client.post(edit, {"full_name": "Nguyễn Thị An", "preferred_language": "xx"})
    user.refresh_from_db()
    assert user.preferred_language == "en"
    client.logout()
    response = client.post(LOGIN, {"login": "an@example.vn", "password": PASSWORD}, follow=True)
    assert [address for address, _status in response.redirect_chain] == ["/tai-khoan/tiep-tuc/", "/en/"]


def test_who_was_on_the_way_somewhere_gets_there_in_the_language_of_the_way(client):
    make_user(email="an@example.vn")
    at_the_door = client.get("/en/tai-khoan/ho-so/")
    assert at_the_door["Location"] == "/en/tai-khoan/login/?next=/en/tai-khoan/ho-so/"
    signed_in = client.post(
        "/en/tai-khoan/login/",
        {"login": "an@example.vn", "password": PASSWORD, "next": "/en/tai-khoan/ho-so/"},
    )
    assert signed_in["Location"] == "/en/tai-khoan/ho-so/"


# --- Small print ---------------------------------------------------------------------------------
def test_pages_of_a_signed_in_person_are_kept_by_no_cache(client):
    client.force_login(make_user(email="an@example.vn"))
    assert client.get("/tai-khoan/ho-so/")["Cache-Control"] == "private, no-store"
    assert client.get("/ho-so-khong-co/").get("Cache-Control", "") == "private, no-store"


@pytest.mark.parametrize(
    ("user_agent", "shown"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/120.0 Chrome/114.0 Safari/537.36",
            "Cốc Cốc, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8", "curl/8"),
    ],
)
def test_a_person_recognises_their_own_device(user_agent, shown):
    assert device(user_agent) == shown


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("0912345678", "+84912345678", "0912 345 678"),
        ("84912345678", "+84912345678", "0912 345 678"),
        ("+49 30 901820", "+4930901820", "+49 30 901820"),
        ("12", "", "12"),
        ("", "", ""),
    ],
)
def test_phone_numbers(typed, kept, shown):
    assert (as_e164(typed), as_national(typed)) == (kept, shown)


def test_a_profile_takes_twelve_digits_and_shows_four(client):
    user = make_user(email="an@example.vn")
    client.force_login(user)
    profile = {
        "full_name": "Nguyễn Thị An",
        "birth_date_day": "27",
        "birth_date_month": "3",
        "birth_date_year": "1985",
        "preferred_language": "vi",
    }
    response = client.post("/tai-khoan/ho-so/sua/", {**profile, "personal_number": "00108512345"})
    assert response.context["form"].errors["personal_number"] == ["Số định danh cá nhân có đúng 12 chữ số."]
    response = client.post("/tai-khoan/ho-so/sua/", {**profile, "personal_number": "000 085 000 123"}, follow=True)
    user.refresh_from_db()
    assert (user.personal_number, user.birth_date.isoformat()) == ("000085000123", "1985-03-27")
    assert "000085000123" not in response.content.decode()
    assert "••••••••0123" in response.content.decode()


def test_codes_can_be_pasted_and_fields_say_what_they_hold(client):
    login = client.get(LOGIN).content.decode()
    assert 'autocomplete="username"' in login
    assert 'autocomplete="current-password"' in login
    signup = client.get(SIGNUP).content.decode()
    for expected in (
        'autocomplete="name"',
        'autocomplete="tel"',
        'autocomplete="email"',
        'autocomplete="new-password"',
    ):
        assert expected in signup
    sign_up(client, phone="0912345678")
    code_page = client.get("/tai-khoan/phone/verify/").content.decode()
    assert 'autocomplete="one-time-code"' in code_page
    assert 'inputmode="numeric"' in code_page
    assert "onpaste" not in code_page
