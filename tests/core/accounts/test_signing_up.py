"""Signing up by a code, and that nobody learns who has an account."""

import re

import pytest
from allauth.account.models import EmailAddress

from portal.core.models import MailboxMessage, User

from .conftest import LOGIN, PASSWORD, RESET, SIGNUP, code_sent_to, make_user, sign_up, signed_in_as

pytestmark = pytest.mark.django_db


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
