"""Signing in and getting back in."""

import pytest
from django.core.cache import cache

from buildings.roles import Position
from portal.core.models import User

from .conftest import LOGIN, PASSWORD, RESET, code_sent_to, give_position, make_user, sign_up, signed_in_as

pytestmark = pytest.mark.django_db


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
