"""Searching announcements and services without diacritics: `dang ky khai sinh` finds `Đăng ký khai sinh`.

The index holds folded text and the query is folded too, because neither database does it: đ is a
letter of its own, and Vietnamese has no dictionary there. What is found is marked in the letters as
they were written (`home.reading.highlighting`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from wagtail.blocks import StreamValue

from buildings.models import Ward
from portal.core.text import fold
from services.catalogue.models import Procedure

from ..kinds import Kind
from ..models import AnnouncementPage, AnnouncementQuerySet
from .highlighting import held_in, marked, snippet, words_of

LONGEST_QUERY = 100
MOST = 200  # what is found beyond that is not listed: more words narrow it down
NAMESAKES = 20  # announcements of one title that are sure to lead


@dataclass(frozen=True)
class Hit:
    """An announcement as the list of results shows it."""

    page: AnnouncementPage
    title: SafeString
    text: SafeString
    lang: str  # of the text


@dataclass(frozen=True)
class ProcedureHit:
    procedure: Procedure
    name: SafeString
    purpose: SafeString


def announcements(query: str, ward: Ward | None = None, kind: Kind | None = None) -> list[AnnouncementPage]:
    """The best first: this very title, then those that begin with it, hold it, or are about it; of these the newest.

    At most `MOST`, read as far as they are sorted and counted by. The last word may be half typed.
    """
    words = words_of(query[:LONGEST_QUERY])
    if not words:
        return []
    pages = AnnouncementPage.objects.live().order_by("-first_published_at", "-id").only("title", "title_en", "kind")
    if ward:
        pages = pages.of(ward)
    if kind:
        pages = pages.filter(kind=kind)
    # Not ranked: among thousands that takes longer than people wait.
    newest = pages.autocomplete(" ".join(words), operator="and", order_by_relevance=False)[:MOST]
    found = {page.pk: page for page in [*_namesakes(pages, query), *newest]}
    return sorted(found.values(), key=lambda page: _nearness(page, words))[:MOST]  # stable: the newest stay first


def kinds_among(pages: Iterable[AnnouncementPage]) -> list[tuple[Kind, int]]:
    """How many there are of each kind, in the order of the kinds."""
    numbers = Counter(page.kind for page in pages)
    return [(kind, numbers[kind]) for kind in Kind if kind in numbers]


def shown(pages: Iterable[AnnouncementPage], query: str) -> list[Hit]:
    """These with their hits marked, in this order. What they say is read for all of them at once."""
    words = words_of(query[:LONGEST_QUERY])
    whole = AnnouncementPage.objects.select_related("ward").in_bulk([page.pk for page in pages])
    return [_hit(whole[page.pk], words) for page in pages if page.pk in whole]


def procedures(query: str, ward: Ward | None = None) -> list[ProcedureHit]:
    """Every published service that fits; a catalogue is short. A service of one ward needs that ward."""
    words = words_of(query[:LONGEST_QUERY])
    if not words:
        return []
    offered = Procedure.objects.offered_in(ward) if ward else Procedure.objects.published()
    found = list(offered.matching(" ".join(words)).only("slug", "name", "purpose", "level"))
    found.sort(key=lambda procedure: _nearness_of(procedure.name, words))
    return [ProcedureHit(each, marked(each.name, words), marked(each.purpose, words)) for each in found]


def _namesakes(pages: AnnouncementQuerySet, query: str) -> Iterator[AnnouncementPage]:
    """Those of this very title. An address is made of the title, so they are found however many others there are."""
    slug = slugify(fold(query[:LONGEST_QUERY]))
    for page in pages.filter(Q(slug=slug) | Q(slug__startswith=f"{slug}-"))[:NAMESAKES] if slug else ():
        if words_of(page.title) == words_of(query):
            yield page


def _nearness(page: AnnouncementPage, words: list[str]) -> int:
    return min(_nearness_of(title, words) for title in (page.title, page.title_en) if title)


def _nearness_of(title: str, words: list[str]) -> int:
    """0 for this very title; 1 begins so; 2 says so; 3 has all the words; 4 has not."""
    asked, there = " ".join(words), " ".join(words_of(title))
    if there == asked:
        return 0
    if there.startswith(asked):
        return 1
    if f" {asked}" in there:
        return 2
    return 3 if all(f" {word}" in f" {there}" for word in words) else 4


def _hit(page: AnnouncementPage, words: list[str]) -> Hit:
    here = page.lang_of_content
    other = "vi" if here == "en" else "en"
    texts = [*_texts(page, here), *_texts(page, other)]
    lang, text = max(texts, key=lambda each: held_in(each[1], words))  # the first of the best
    if found := snippet(text, words):
        return Hit(page, marked(page.title_shown, words), found, lang)
    return Hit(page, marked(page.title_shown, words), marked(page.summary_shown, ()), here)


def _texts(page: AnnouncementPage, lang: str) -> Iterator[tuple[str, str]]:
    end = "_en" if lang == "en" else ""
    yield lang, getattr(page, f"summary{end}")
    yield lang, " · ".join(_plain(getattr(page, f"body{end}")))


def _plain(body: StreamValue) -> list[str]:
    """The words of a body as people read them."""
    pieces = body.stream_block.get_searchable_content(body)
    plain = (unescape(strip_tags(str(text).replace("<", " <"))).strip() for text in pieces)
    return [text for text in plain if text]
