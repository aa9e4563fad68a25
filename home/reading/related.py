"""What else somebody who reads an announcement may want: services that are spoken of, other news of its kind."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..kinds import Kind
from .highlighting import words_of

if TYPE_CHECKING:
    from ..models import AnnouncementPage

MOST = 3
# Every announcement asks for "giấy tờ" or follows a "văn bản": that is no word of the services which certify them.
SAY_LITTLE = frozenset({("giay", "to"), ("van", "ban")})


class Named(Protocol):
    name: str


N = TypeVar("N", bound=Named)


def spoken_of(text: str, services: Sequence[N]) -> list[N]:
    """Services whose names share a word with the text, those that share most first; at most `MOST`.

    A Vietnamese word is mostly two syllables, so pairs are compared: `khai sinh`, `kết hôn`. A pair that
    stands in every third name or more, such as `đăng ký`, says nothing of a service.
    """
    pairs = {id(service): _pairs(service.name) for service in services}
    frequent = Counter(pair for own in pairs.values() for pair in own)
    telling = {pair for pair, names in frequent.items() if names == 1 or names * 3 < len(services)}
    said = _pairs(text) & telling - SAY_LITTLE
    shared = [(len(pairs[id(service)] & said), service) for service in services]
    found = sorted((each for each in shared if each[0]), key=lambda each: -each[0])
    return [service for _number, service in found[:MOST]]


def of_the_same_kind(page: "AnnouncementPage") -> "list[AnnouncementPage]":
    """The newest others of its kind in its ward."""
    others = type(page).objects.of(page.ward).live().filter(kind=page.kind).exclude(pk=page.pk)
    found = list(others.newest_first().defer("body", "body_en")[:MOST]) if page.kind in Kind.values else []
    for other in found:
        other.ward = page.ward
    return found


def _pairs(text: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for clause in re.split(r"[^\w\s]", text):
        words = [word for part in clause.split() for word in words_of(part)]
        found.update(zip(words, words[1:], strict=False))
    return found
