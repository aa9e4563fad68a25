"""A page that is somebody's is kept for nobody."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from portal.core import page_cache

from .conftest import HOME, LIST, is_kept, queries, show, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", HOME, LIST, f"{LIST}tin-cu/", "/viet-hung/dich-vu/"])
def test_a_signed_in_person_gets_their_own_page_and_nobody_else_does(wards, address):
    anne, bob = signed_in("CANARY-ANNE"), signed_in("CANARY-BOB")
    own = anne.get(address)
    assert "CANARY-ANNE" in own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    assert "ETag" not in own
    assert "CANARY" not in text(address)
    assert "CANARY" not in text(address)
    for odd in (
        {"vary": "*"},
        {"cache-control": "only-if-cached"},
        {"cookie": "sessionid"},
        {"cookie": "a=b; sessionid="},
    ):
        assert "CANARY" not in text(address, headers=odd)
    bobs = bob.get(address).content.decode()
    assert "CANARY-BOB" in bobs
    assert "CANARY-ANNE" not in bobs
    assert "CANARY-ANNE" in anne.get(address).content.decode()


@pytest.mark.parametrize(
    "cookie", ["sessionid=never-seen", "messages=forged", "x=1; sessionid=y", "sessionid=a; sessionid=b"]
)
def test_whoever_carries_a_session_or_a_message_is_answered_afresh(wards, cookie):
    show(HOME)
    client = Client(headers={"cookie": cookie})
    assert queries(HOME, client) > 0
    response = client.get(HOME)
    assert "public" not in response["Cache-Control"]
    assert "ETag" not in response


def test_a_session_of_nobody_is_kept_by_nobody(wards):
    assert Client(headers={"cookie": "sessionid=never-seen"}).get(HOME)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("cookie", ["_ga=GA1.1", "_", "django_language=en", "SESSIONID=x", "csrftoken=abc"])
def test_a_cookie_that_is_not_ours_changes_nothing(wards, cookie):
    expected = text(HOME)
    assert is_kept(HOME, headers={"cookie": cookie})
    assert text(HOME, headers={"cookie": cookie}) == expected


def test_a_visitor_with_a_csrf_cookie_leaves_no_page_behind(wards):
    show_with_token = Client(headers={"cookie": f"csrftoken={'a' * 32}"})
    show_with_token.get(HOME)
    assert not is_kept(HOME)


def test_credentials_in_a_header_are_answered_afresh(wards):
    show(HOME)
    assert not is_kept(HOME, headers={"authorization": "Basic eDp5"})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda request, response: response.set_cookie("x", "1"),
        lambda request, response: request.META.update(CSRF_COOKIE="made for a form on the page"),
        lambda request, response: setattr(request, "_csp_nonce", "abc"),
        lambda request, response: setattr(request, "_messages", ["Đã gửi hồ sơ"]),
        lambda request, response: response.__setitem__("Cache-Control", "private"),
        lambda request, response: response.__setitem__("Cache-Control", "no-store"),
        lambda request, response: response.__setitem__("Vary", "Accept-Language"),
        lambda request, response: response.__setitem__("Vary", "*"),
        lambda request, response: setattr(response, "status_code", 404),
        lambda request, response: delattr(response, "public_subject"),
    ],
)
def test_a_page_that_is_somebodys_is_not_kept_even_if_it_calls_itself_public(settled, spoil):
    made = []

    def view(request):
        made.append(request)
        response = page_cache.keep(HttpResponse(f"for {len(made)}"), page_cache.FRONT)
        if spoil:
            spoil(request, response)
        return response

    settled()
    ask = page_cache.kept_pages(view)
    for number in (1, 2):
        response = ask(RequestFactory().get("/"))
        assert response.content == f"for {number}".encode()
        assert "public" not in response.get("Cache-Control", "")
        assert "ETag" not in response
    spoil = None
    for _again in range(2):
        assert ask(RequestFactory().get("/")).content == b"for 3"
