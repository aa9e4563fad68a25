"""Addresses and languages: `/ho-so/` is Vietnamese, `/en/ho-so/` the same place in English.

The language stands in the address alone, so that a page looks the same to everyone who asks for it
and a cache may keep it. Walls and menus compare plain addresses, those without a language; what is
stored or printed is plain too, and gets its reader's language when it is shown.
"""

from django.conf import settings
from django.utils.translation import get_language

DEFAULT = settings.LANGUAGE_CODE
PREFIXES = {code: f"/{code}" for code, _name in settings.LANGUAGES if code != DEFAULT}


def language_of(path: str) -> str:
    """The language an address asks for."""
    return next((code for code, prefix in PREFIXES.items() if f"{path}/".startswith(f"{prefix}/")), DEFAULT)


def plain(path: str) -> str:
    """The address without its language: `/en/ho-so/` → `/ho-so/`. Takes one language off, not two."""
    return path.removeprefix(PREFIXES.get(language_of(path), "")) or "/"


def in_language(path: str, language: str | None) -> str:
    """The same place in another language; None or an unknown one means Vietnamese."""
    return PREFIXES.get(language or DEFAULT, "") + plain(path)


def here(path: str) -> str:
    """A plain address in the language of the page being made."""
    return in_language(path, get_language())


def lasting(path: str) -> str:
    """The whole address for papers and messages: plain, whatever language was spoken when it was made."""
    return settings.PUBLIC_URL + plain(path)
