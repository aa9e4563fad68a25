"""What people change about themselves, and how it is shown."""

import pytest

from portal.core.accounts.fields import as_e164, as_national
from portal.core.templatetags.people import device

from .conftest import LOGIN, PASSWORD, SIGNUP, code_sent_to, last_to, make_user, sign_in_and_confirm, sign_up

pytestmark = pytest.mark.django_db


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
