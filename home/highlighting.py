"""Marking what was found, in the letters as they were written: `dang ky` marks `Đăng ký`.

Text is folded letter by letter, and each folded letter remembers where it came from; so it does not
matter whether the text writes `ý` as one character or as two.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.core.text import fold

BEFORE, LENGTH = 60, 220  # characters of a snippet: before the first hit, and in all


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
    """Where words of the text begin with one of these (folded) words: in order, not overlapping."""
    folded = _fold(text)
    longest_first = sorted((re.escape(word) for word in words if word), key=len, reverse=True)
    if not longest_first:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})")
    return [_in_writing(text, folded, found) for found in pattern.finditer(folded.text)]


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text, safe to show, with `<mark>` around what was found."""
    return mark_safe("".join(_pieces(text, spans(text, words))))  # noqa: S308 - every piece is escaped


def snippet(text: str, words: Iterable[str]) -> SafeString | None:
    """The words around the first hit, marked; None when nothing in the text fits."""
    words, text = list(words), " ".join(text.split())
    found = spans(text, words)
    if not found:
        return None
    begins = _word_begin(text, max(0, found[0].begins - BEFORE))
    ends = _word_end(text, max(begins + LENGTH, found[0].ends))
    shown = marked(text[begins:ends], words)
    return mark_safe(f"{'… ' if begins else ''}{shown}{' …' if ends < len(text) else ''}")  # noqa: S308 - escaped


def _fold(text: str) -> Folded:
    letters, places = [], []
    for place, character in enumerate(text):
        # A space stays one: `fold` strips it, and words would run together.
        for letter in " " if character.isspace() else fold(character):
            letters.append(letter)
            places.append(place)
    return Folded("".join(letters), places)


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
