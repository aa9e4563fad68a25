"""Words of one language on a page of another say which they are (WCAG 3.1.2).

What people and authorities wrote stays as they wrote it: names, addresses, procedures, answers, papers.
On an English page it stands marked, so that a screen reader says it in Vietnamese.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


def around() -> str:
    """The language of the page being made."""
    return (get_language() or settings.LANGUAGE_CODE).split("-")[0]


@dataclass(frozen=True)
class Said:
    """One text of a data file in both languages; as a string it is in the page's. Papers and rows take `vi`."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if around() == "en" else self.vi

    def __bool__(self) -> bool:
        return bool(self.vi)

    @classmethod
    def read(cls, data: Mapping[str, Any], name: str) -> "Said":
        """The text of `name` with the English of `name_en`, both or neither; raises ValueError for one alone."""
        vi, en = data.get(name, ""), data.get(f"{name}_en", "")
        if bool(vi) != bool(en):
            raise ValueError(f"{name}: {vi or en!r} is in one language alone")
        return cls(vi, en)


def marked(words: Any, language: str = "vi") -> Any:
    """The words inside an element that names their language, where the page is in another; lists line by line."""
    if not words or language == around():
        return words
    if isinstance(words, Iterable) and not isinstance(words, str):
        return [marked(line, language) for line in words]
    return format_html('<span lang="{}">{}</span>', language, words)


def named(code: str) -> Any:
    """A language by its own name, which is in that language."""
    return marked(dict(settings.LANGUAGES).get(code, code), code)


def sentence(template: str, **words: Any) -> SafeString:
    """A translated sentence ("%(ward)s …") with words in it that may be marked.

    Then it is one element: a flexible box (a button, a crumb) would lose the spaces between its parts.
    """
    said = {name: conditional_escape(word) for name, word in words.items()}
    whole = mark_safe(conditional_escape(template) % said)  # noqa: S308 - every part is escaped above
    return format_html("<span>{}</span>", whole) if around() != "vi" else whole
