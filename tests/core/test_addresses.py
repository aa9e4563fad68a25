"""One language an address: `/en/` before it is English, nothing before it Vietnamese."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, override

from buildings.roles import Position
from home.editing.editors import settle
from home.tenancy.opening import WardRefused, open_ward
from portal.core import notifications, outbox
from portal.core.addresses import in_language, language_of, lasting, plain
from portal.core.models import MailboxMessage, Notification
from tests.factories.buildings import WardFactory, officer
from tests.factories.dossiers import AT
from tests.factories.people import UserFactory
from tests.home.conftest import ward_page


@pytest.mark.parametrize(
    ("path", "language", "without"),
    [
        ("/", "vi", "/"),
        ("/en/", "en", "/"),
        ("/en", "en", "/"),
        ("/en/viet-hung/?trang=2", "en", "/viet-hung/?trang=2"),
        ("/en/en/", "en", "/en/"),
        ("/english/", "vi", "/english/"),
        ("/en-gb/", "vi", "/en-gb/"),
        ("/vi/", "vi", "/vi/"),
        ("//en/", "vi", "//en/"),
        ("/EN/", "vi", "/EN/"),
    ],
)
def test_what_an_address_says_of_its_language(path, language, without):
    assert (language_of(path), plain(path)) == (language, without)


def test_an_address_moves_between_the_languages_and_keeps_its_query():
    assert in_language("/tim-kiem/?q=a&trang=2", "en") == "/en/tim-kiem/?q=a&trang=2"
    assert in_language("/en/tim-kiem/?q=a&trang=2", "vi") == "/tim-kiem/?q=a&trang=2"
    assert in_language("/en/", "en") == "/en/"
    assert in_language("/en/", None) == "/"


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def ward(self):
        self.page = ward_page("viet-hung")

    @pytest.mark.parametrize(("address", "language"), [("/viet-hung/", "vi"), ("/en/viet-hung/", "en")])
    def test_a_page_speaks_the_language_of_its_address_and_no_other(self, client, address, language):
        client.cookies["django_language"] = "en" if language == "vi" else "vi"
        response = client.get(address, headers={"accept-language": "en" if language == "vi" else "vi"})
        assert f'<html lang="{language}">' in response.content.decode()
        assert response["Content-Language"] == language
        assert "Accept-Language" not in response.get("Vary", "")
        assert get_language() == "vi"

    def test_the_switch_is_a_link_to_the_same_place_and_asks_for_no_cookie(self, client):
        response = client.get("/viet-hung/thong-bao/?loai=phong-chay")
        assert (
            '<a class="language-switch" href="/en/viet-hung/thong-bao/?loai=phong-chay" lang="en" hreflang="en">'
            in response.content.decode()
        )
        assert not response.cookies
        back = client.get("/en/viet-hung/thong-bao/?loai=phong-chay").content.decode()
        assert 'href="/viet-hung/thong-bao/?loai=phong-chay" lang="vi" hreflang="vi"' in back

    def test_search_engines_are_told_where_each_language_stands(self, client):
        page = client.get("/en/viet-hung/", headers={"x-forwarded-host": "evil.test"}).content.decode()
        assert '<link rel="canonical" href="http://testserver/en/viet-hung/">' in page
        assert '<link rel="alternate" hreflang="vi" href="http://testserver/viet-hung/">' in page
        assert '<link rel="alternate" hreflang="en" href="http://testserver/en/viet-hung/">' in page
        assert '<link rel="alternate" hreflang="x-default" href="http://testserver/viet-hung/">' in page

    def test_every_link_of_an_english_page_leads_to_english_pages(self, client):
        page = client.get("/en/viet-hung/").content.decode()
        body = page[page.index("<body>") :]
        links = {part.split('"')[0] for part in body.split('href="')[1:]}
        assert {link for link in links if link.startswith("/") and not link.startswith("/en/")} == {"/viet-hung/"}

    def test_an_address_without_its_slash_keeps_its_language(self, client):
        assert client.get("/en")["Location"] == "/en/"
        assert client.get("/en/viet-hung")["Location"] == "/en/viet-hung/"

    def test_no_ward_takes_the_address_of_a_language(self):
        for code in ("en", "vi"):
            with pytest.raises(WardRefused):
                open_ward(slug=code, by=None, at=AT)


# --- Walls ---------------------------------------------------------------------------------------
ADMIN = "/bien-tap/"


@pytest.mark.django_db
def test_the_second_factor_is_asked_for_in_either_language(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(officer(Position.LEADER, WardFactory()))
    assert client.get("/mot-cua/")["Location"] == "/tai-khoan/2fa/totp/activate/"
    assert client.get("/en/mot-cua/")["Location"] == "/en/tai-khoan/2fa/totp/activate/"
    # Where it is set up is free, in both; what only looks like it is not.
    assert client.get("/en/tai-khoan/2fa/").status_code == client.get("/tai-khoan/2fa/").status_code == 200
    assert client.get("/en/en/tai-khoan/2fa/").status_code == 302
    assert client.get("/EN/tai-khoan/2fa/").status_code == 302


@pytest.mark.django_db
def test_the_editors_admin_has_one_address_and_speaks_its_users_language():
    page = ward_page("viet-hung")
    editor = officer(Position.WARD_EDITOR, page.ward)
    settle(editor)
    client = Client()
    client.force_login(editor)
    with override("en"):
        assert reverse("wagtailadmin_home") == ADMIN
    assert client.get(f"/en{ADMIN}").status_code == 404
    assert '<html lang="vi"' in client.get(ADMIN).content.decode()
    type(editor).objects.filter(pk=editor.pk).update(preferred_language="en")
    assert '<html lang="en"' in client.get(ADMIN).content.decode()
    assert get_language() == "vi"


@pytest.mark.django_db
def test_pages_of_a_signed_in_person_are_kept_by_no_cache_in_english_either(client):
    client.force_login(UserFactory())
    assert client.get("/en/tai-khoan/ho-so/")["Cache-Control"] == "private, no-store"


# --- What is stored and printed ------------------------------------------------------------------
@pytest.mark.django_db
def test_a_notice_is_kept_plain_and_opened_in_the_language_of_its_reader(client, settings):
    settings.EMAIL_BACKEND = "portal.core.notifications.mailbox.EmailBackend"
    reader = UserFactory(email="an@example.vn", preferred_language="en")
    with override("en"):  # whoever caused it spoke English too
        notifications.notify(reader, kind="x", key="1", title="Title", body="Body", url=reverse("dossiers:list"), at=AT)
    notice = Notification.objects.get()
    assert notice.url == "/ho-so/"
    outbox.run_all(at=AT)
    assert f"{settings.PUBLIC_URL}/en/ho-so/" in MailboxMessage.objects.get().body
    client.force_login(reader)
    assert client.post(f"/en/thong-bao-cua-toi/{notice.pk}/mo/")["Location"] == "/en/ho-so/"
    assert client.post(f"/thong-bao-cua-toi/{notice.pk}/mo/")["Location"] == "/ho-so/"


def test_what_is_printed_names_no_language(settings):
    with override("en"):
        assert lasting(reverse("dossiers:lookup")) == f"{settings.PUBLIC_URL}/tra-cuu/"
