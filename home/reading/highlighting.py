"""Marking what was found, in the letters as they were written: `dang ky` marks `Đăng ký`.

Text is folded letter by letter, and each folded letter remembers where it came from; so it does not
matter whether the text writes `ý` as one character or as two.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.core.text import fold

BEFORE, LENGTH = 60, 220  # characters of a snippet: before the first hit, and in all
MOST_SPANS = 100  # compared with each other; a long text full of hits is as good at its beginning


class Span(NamedTuple):
    begins: int
    ends: int


class Folded(NamedTuple):
    text: str
    places: list[int]  # of each folded letter, in the text as it was written


def words_of(query: str) -> list[str]:
    """What is looked for: folded words, each once."""
    return list(dict.fromkeys(re.findall(r"\w+", fold(query))))


def spans(text: str, words: Iterable[str]) -> list[Span]:
    """Where these (folded) words stand in the text: in order, not overlapping.

    A word that stands there whole is not looked for in the beginnings of others: `cu` is `cư`, not `của`.
    """
    folded = _fold(text)
    longest_first = sorted((word for word in words if word), key=len, reverse=True)
    if not longest_first:
        return []
    whole = set(re.findall(r"\w+", folded.text))
    sought = "|".join(rf"{re.escape(word)}\b" if word in whole else re.escape(word) for word in longest_first)
    pattern = re.compile(rf"(?<!\w)(?:{sought})")
    return [_in_writing(text, folded, found) for found in pattern.finditer(folded.text)]


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text, safe to show, with `<mark>` around what was found."""
    return mark_safe("".join(_pieces(text, spans(text, words))))  # noqa: S308 - every piece is escaped


def held_in(text: str, words: Iterable[str]) -> int:
    """How many of these words the text holds."""
    return len({fold(text[begins:ends]) for begins, ends in spans(text, words)})


def snippet(text: str, words: Iterable[str]) -> SafeString | None:
    """The part of the text that holds most of the words, marked; None when nothing in the text fits."""
    text = " ".join(text.split())
    found = spans(text, words)
    if not found:
        return None
    first = max(found[:MOST_SPANS], key=lambda span: len(_beside(text, found, span)))  # the earliest of the best
    begins = _word_begin(text, max(0, first.begins - BEFORE))
    ends = _word_end(text, max(begins + LENGTH, first.ends))
    within = [
        Span(one.begins - begins, one.ends - begins) for one in found if begins <= one.begins and one.ends <= ends
    ]
    shown = "".join(_pieces(text[begins:ends], within))
    return mark_safe(f"{'… ' if begins else ''}{shown}{' …' if ends < len(text) else ''}")  # noqa: S308 - escaped


def _fold(text: str) -> Folded:
    letters, places = [], []
    for place, character in enumerate(text):
        for letter in _letters(character):
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), places)


@lru_cache(maxsize=1000)  # more than an announcement's alphabet
def _letters(character: str) -> str:
    # A space stays one: `fold` strips it, and words would run together.
    return " " if character.isspace() else fold(character)


def _beside(text: str, found: list[Span], span: Span) -> set[str]:
    """The words a snippet would hold that begins with this one."""
    ends = span.begins + LENGTH - BEFORE
    return {fold(text[one.begins : one.ends]) for one in found if span.begins <= one.begins and one.ends <= ends}


def _in_writing(text: str, folded: Folded, found: re.Match) -> Span:
    """From the first letter to the last one with the marks that follow it, which fold to nothing."""
    ends = folded.places[found.end()] if found.end() < len(folded.places) else len(text)
    last = folded.places[found.end() - 1] + 1
    return Span(folded.places[found.start()], max(last, ends))


def _pieces(text: str, found: list[Span]) -> Iterator[str]:
    done = 0
    for span in found:
        yield escape(text[done : span.begins])
        yield f"<mark>{escape(text[span.begins : span.ends])}</mark>"
        done = span.ends
    yield escape(text[done:])


def _word_begin(text: str, place: int) -> int:
    return 0 if place == 0 else text.find(" ", place) + 1 or place


def _word_end(text: str, place: int) -> int:
    space = text.find(" ", place) if place < len(text) else -1
    return len(text) if space == -1 else space
