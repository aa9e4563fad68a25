"""Signing up, signing in, getting back in: by phone and by e-mail."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from buildings.models import Membership, Ward
from portal.core.models import MailboxMessage, User
from tests.factories.people import vouch_for

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


@pytest.fixture
def client_b():
    """Another browser."""
    return Client()


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
