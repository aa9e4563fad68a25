"""Searching announcements and services without diacritics: `dang ky khai sinh` finds `Đăng ký khai sinh`.

The index holds folded text and the query is folded too, because neither database does it: đ is a
letter of its own, and Vietnamese has no dictionary there.
"""

import re

from buildings.models import Ward
from portal.core.text import fold
from services.catalogue.models import Procedure

from .models import AnnouncementPage

LONGEST_QUERY = 100


def announcements(query: str, ward: Ward | None = None):
    """Search results, the best first; of one ward or of all. Words may be half typed."""
    found = AnnouncementPage.objects.live().select_related("ward")
    words = _words(query)
    if not words:
        return found.none()
    return (found.of(ward) if ward else found).autocomplete(words, operator="and")


def procedures(query: str, ward: Ward | None = None) -> list[Procedure]:
    """Every published service that fits; a catalogue is short. A service of one ward needs that ward."""
    offered = Procedure.objects.offered_in(ward) if ward else Procedure.objects.published()
    words = _words(query)
    return list(offered.matching(words).only("slug", "name", "purpose", "level")) if words else []


def _words(query: str) -> str:
    """Letters and digits alone: SQLite's full-text search stumbles over a lone quotation mark."""
    return " ".join(re.findall(r"\w+", fold(query[:LONGEST_QUERY])))
