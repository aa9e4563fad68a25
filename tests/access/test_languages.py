"""On an English page whatever is Vietnamese says so (WCAG 3.1.2): a screen reader changes its voice for it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils.translation import override

from home.models import AnnouncementIndexPage, AnnouncementPage, WardPage
from tests.access.rows import MATRIX
from tests.access.world import client_of
from tests.factories.buildings import WardFactory
from tests.factories.catalogue import SMALL, published

pytestmark = pytest.mark.django_db

VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
SPOKEN = ("alt", "aria-label", "placeholder", "title")  # attributes that are read aloud
BORROWED = re.compile(r"\b(đồng|khiếu nại|QĐ-UBND)\b")  # English has no other word
# The title of a window has one language; a proper name in it may stand. What is typed may be in whatever one types.
SILENT = ("script", "style", "title", "svg", "textarea")
EMPTY = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr")


class Listener(HTMLParser):
    """Collects what would be read with an English voice and is Vietnamese."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.misread: list[str] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def hear(self, words: str, language: str) -> None:
        if language != "vi" and VIETNAMESE.search(BORROWED.sub("", words)):
            self.misread.append(" ".join(words.split()))

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        language = said.get("lang") or self.language
        for name in SPOKEN if tag != "link" else ():
            self.hear(said.get(name) or "", language)
        if tag not in EMPTY:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(tag in SILENT for tag, _language in self.open):
            self.hear(data, self.language)


def misread(response) -> list[str]:
    listener = Listener()
    listener.feed(response.content.decode())
    return listener.misread


def is_page(response) -> bool:
    return response.status_code == 200 and response.headers["Content-Type"].startswith("text/html")


def english_addresses(world, person: str) -> dict[str, str]:
    """Every page the matrix opens to this person, and the editors' pages."""
    with override("en"):
        named = {
            name: reverse(name, kwargs=kwargs(world))
            for name, (kwargs, expected) in MATRIX.items()
            if expected[person] == 200
        }
        pages = [page for model in (WardPage, AnnouncementIndexPage, AnnouncementPage) for page in model.objects.live()]
        frames = {name: reverse(name) for name in ("account_login", "account_signup", "account_reset_password")}
    found = {"found": f"{named['home:search']}?q=ket+hon", "not found": f"{named['home:search']}?q=zzz"}
    return {**named, **frames, **found, "front": "/en/", **{page.url_path: f"/en{page.url}" for page in pages}}


@pytest.mark.parametrize("person", ["visitor", "owner", "flat_owner", "building_head"])
def test_what_is_vietnamese_on_an_english_page_says_so(world, person):
    client = client_of(world.people[person])
    heard, wrong = 0, {}
    for name, address in english_addresses(world, person).items():
        response = client.get(address)
        if is_page(response):
            heard += 1
            if found := misread(response):
                wrong[name] = found

    assert wrong == {}
    assert heard > 15


def test_the_notes_of_a_procedure_say_so_too(client):
    limit = replace(SMALL.limit, note="Không tính ngày nghỉ.")
    fees = tuple(replace(fee, note="Mức tham khảo.") for fee in SMALL.fees)
    legal = replace(limit, kind="working_days", amount=3)
    procedure = published(replace(SMALL, limit=limit, legal_limit=legal, fees=fees))
    page = client.get(f"/en{procedure.address_in(WardFactory())}")

    assert page.content.decode().count('<span lang="vi">Không tính ngày nghỉ.</span>') == 2
    assert '<span lang="vi">Mức tham khảo.</span>' in page.content.decode()
    assert misread(page) == []


def test_a_listener_hears_what_is_not_marked():
    """So that the walk above proves something."""
    listener = Listener()
    listener.feed(
        '<html lang="en"><p>Việt Hưng<br><b lang="vi">Sen Hồng <i>Đức</i></b> ward</p><img alt="Ảnh"><p>plain</p>'
    )

    assert listener.misread == ["Việt Hưng", "Ảnh"]
