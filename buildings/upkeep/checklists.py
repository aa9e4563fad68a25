"""What a building looks after by itself and how often, read from `data/checklists.toml`, where each has its source."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DATA = Path(__file__).parent / "data" / "checklists.toml"


@dataclass(frozen=True)
class Checklist:
    """One duty: every `days` days each of `items` is looked at. `fire`: what an inspection of fire safety asks for."""

    key: str
    name: str
    icon: str
    days: int
    source: str
    items: tuple[str, ...]
    fire: bool = False

    @property
    def rhythm(self) -> str:
        """How often, as people say it."""
        spoken = {7: _("hằng tuần"), 30: _("hằng tháng"), 90: _("3 tháng một lần"), 182: _("6 tháng một lần")}
        return spoken.get(self.days) or ngettext("mỗi %(n)s ngày", "mỗi %(n)s ngày", self.days) % {"n": self.days}


@cache
def checklists() -> dict[str, Checklist]:
    data = tomllib.loads(DATA.read_text())
    return {key: Checklist(key, **{**facts, "items": tuple(facts["items"])}) for key, facts in data.items()}
