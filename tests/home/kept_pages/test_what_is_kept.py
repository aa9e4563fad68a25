"""What is kept of a public page, and under which address."""

import gzip

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from .conftest import HOME, LIST, is_kept, show, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/",
        HOME,
        "/en/viet-hung/",
        LIST,
        f"{LIST}?loai=phong-chay",
        f"{LIST}rss/",
        f"{LIST}tin-cu/",
        "/viet-hung/dich-vu/",
    ],
)
def test_the_second_visitor_asks_the_database_nothing(wards, address):
    first = Client().get(address)
    with CaptureQueriesContext(connection) as captured:
        second = Client().get(address)
    assert len(captured) == 0
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)


@pytest.mark.parametrize("address", ["/", HOME, LIST, f"{LIST}tin-cu/", "/viet-hung/dich-vu/"])
def test_a_public_page_sets_no_cookie_and_says_how_long_it_may_be_kept(wards, address):
    response = Client().get(address)
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=30"
    assert response["Vary"] == "Cookie, Accept-Encoding"
    assert response["ETag"].startswith('W/"')


@pytest.mark.parametrize("address", ["/tim-kiem/", "/tra-cuu/", "/xac-thuc/", "/tai-khoan/login/", "/khong-co/"])
def test_what_does_not_call_itself_public_is_asked_for_anew(wards, address):
    response = Client().get(address)
    assert "public" not in response["Cache-Control"]
    assert {"private", "no-cache"} <= set(response["Cache-Control"].split(", "))
    assert not hasattr(response, "public_subject")


def test_whoever_has_the_page_already_is_told_so(wards):
    tag = Client().get(HOME)["ETag"]
    for _kept in (True, False):
        response = Client().get(HOME, headers={"if-none-match": tag})
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=30"
        caches["pages"].clear()


def test_the_page_comes_zipped_to_whoever_takes_it(wards):

    plain = Client().get(HOME)
    zipped = Client().get(HOME, headers={"accept-encoding": "gzip, br"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert int(zipped["Content-Length"]) == len(zipped.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain.headers


def test_a_head_is_answered_from_what_is_kept_and_keeps_nothing(wards):
    head = Client().head(HOME)
    assert not is_kept(HOME)
    with CaptureQueriesContext(connection) as captured:
        again = Client().head(HOME)
    assert len(captured) == 0
    assert again.content == b""
    assert again["ETag"] == head["ETag"]
    assert Client().get(HOME).content


def test_hosts_and_languages_are_kept_apart(wards, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Page.objects.filter(slug="viet-hung").update(title="Một")
    assert "http://a.example/viet-hung/" in text(HOME, headers={"host": "a.example"})
    assert "http://b.example/viet-hung/" in text(HOME, headers={"host": "b.example"})
    assert '<html lang="en">' in text("/en/viet-hung/")
    assert '<html lang="vi">' in text(HOME)


def test_a_host_that_is_not_ours_is_refused_before_and_after(wards, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    show(HOME)
    assert Client().get(HOME, headers={"host": "evil.test"}).status_code == 400
    assert "evil.test" not in text(HOME, headers={"x-forwarded-host": "evil.test", "forwarded": "host=evil.test"})
    assert "evil.test" not in text(HOME)


@pytest.mark.parametrize(
    "query",
    [
        "q=1",
        "trang=1&trang=2",
        "trang=%3Cscript%3E",
        "TRANG=1",
        "loai=",
        "x",
        "_=17",
        "loai=a%0Ab",
        f"trang={'1' * 41}",
    ],
)
def test_an_address_with_what_we_do_not_know_is_answered_afresh_and_not_kept(wards, query):
    show(f"{LIST}?{query}")
    assert not is_kept(f"{LIST}?{query}")
    assert Client().get(f"{LIST}?{query}")["Cache-Control"] == "public, max-age=0, s-maxage=30"


def test_known_parameters_are_kept_whatever_their_order_and_apart(wards, announce, settled):
    show(f"{LIST}?loai=phong-chay&trang=1")
    assert is_kept(f"{LIST}?trang=1&loai=phong-chay")
    assert not is_kept(f"{LIST}?loai=phong-chay&trang=2")
    assert not is_kept(LIST)


def test_what_others_hang_on_a_link_neither_misses_nor_enters_the_kept_page(wards):
    show(f"{HOME}?fbclid=A-SECRET")
    assert not is_kept(HOME)
    assert is_kept(f"{HOME}?fbclid=B&utm_source=zalo")
    assert "A-SECRET" not in text(f"{HOME}?fbclid=B")
