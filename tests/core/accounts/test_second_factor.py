"""Who needs a second factor, and who may do without."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache

from buildings.roles import Position

from .conftest import LOGIN, PASSWORD, give_position, make_user, sign_in_and_confirm, signed_in_as

pytestmark = pytest.mark.django_db


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
