"""A ward's own host: its pages at the root, the same paths below, no other ward's."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from home.models import RootPage, WardPage
from home.tenancy import hosts
from tests.clock import stopped_at
from tests.factories.dossiers import AT, version_of

pytestmark = pytest.mark.django_db

NOW = AT + timedelta(hours=2)

clock = stopped_at(NOW)


@pytest.fixture
def hosted(viet_hung, giang_bien, announce, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "viethung.example"]
    announce(viet_hung, "Tiêm chủng ở Việt Hưng", slug="tiem-chung")
    announce(giang_bien, "Tiêm chủng ở Giang Biên", slug="tiem-chung")
    version_of()
    hosts.give_host(viet_hung.ward, "viethung.example", by=None, at=NOW)
    return lambda path: Client(headers={"host": "viethung.example"}).get(path)


def test_a_wards_own_host_shows_the_ward_at_its_root_and_the_same_paths_below(hosted, viet_hung, settings):
    home = hosted("/").content.decode()
    assert "Phường Việt Hưng" in home
    assert 'href="/viet-hung/thong-bao/tiem-chung/"' in home
    assert f'href="{settings.PUBLIC_URL}/">Chọn phường khác' in home
    assert [
        hosted(path).status_code
        for path in ("/viet-hung/", "/viet-hung/thong-bao/tiem-chung/", "/viet-hung/dich-vu/", "/en/viet-hung/", "/en/")
    ] == [200] * 5
    assert WardPage.objects.get(pk=viet_hung.pk).url == "/viet-hung/"


def test_no_other_wards_content_is_under_it(hosted):
    assert [
        hosted(path).status_code
        for path in (
            "/giang-bien/",
            "/giang-bien/thong-bao/tiem-chung/",
            "/giang-bien/dich-vu/",
            "/thong-bao/tiem-chung/",
        )
    ] == [404] * 4
    found = hosted("/tim-kiem/?q=tiem+chung").content.decode()
    assert ("</mark> ở Việt Hưng" in found, "</mark> ở Giang Biên" in found) == (True, False)
    assert "giang-bien" not in hosted("/chon-phuong/xac-nhan-hon-nhan/").content.decode()


def test_the_portals_own_host_is_as_before(hosted):
    assert Client().get("/giang-bien/").status_code == 200
    assert "Bạn ở phường nào?" in Client().get("/").content.decode()
    assert RootPage.objects.get().url == "/"


def test_an_unknown_host_is_refused(hosted):
    assert Client(headers={"host": "la.example"}).get("/").status_code == 400


@pytest.mark.parametrize("name", ["http://viethung.example", "khong-tra-loi.example", "viethung", "-a.example"])
def test_a_host_that_cannot_be_is_refused(viet_hung, name):
    with pytest.raises(ValidationError):
        hosts.give_host(viet_hung.ward, name, by=None, at=NOW)
