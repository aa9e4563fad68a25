"""What a building looks after by itself and how often, read from `data/checklists.toml`, where each has its source."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.languages import Said, marked

DATA = Path(__file__).parent / "data" / "checklists.toml"


@dataclass(frozen=True)
class Checklist:
    """One duty: every `days` days each of `items` is looked at. `fire`: what an inspection of fire safety asks for."""

    key: str
    name: Said
    icon: str
    days: int
    source: str
    items: tuple[Said, ...]
    fire: bool = False

    @property
    def rhythm(self) -> str:
        """How often, as people say it."""
        spoken = {7: _("hằng tuần"), 30: _("hằng tháng"), 90: _("3 tháng một lần"), 182: _("6 tháng một lần")}
        return spoken.get(self.days) or ngettext("mỗi %(n)s ngày", "mỗi %(n)s ngày", self.days) % {"n": self.days}


@cache
def checklists() -> dict[str, Checklist]:
    data = tomllib.loads(DATA.read_text())
    return {key: _checklist(key, facts) for key, facts in data.items()}


def said_now(words: str) -> Any:
    """Words a check keeps as they were then, for the screen: in English where a list still says them, else marked."""
    return _known().get(words) or marked(words)


@cache
def _known() -> dict[str, Said]:
    return {said.vi: said for checklist in checklists().values() for said in (checklist.name, *checklist.items)}


def _checklist(key: str, facts: dict[str, Any]) -> Checklist:
    items = tuple(Said(vi, en) for vi, en in zip(facts["items"], facts["items_en"], strict=True))
    return Checklist(
        key, Said.read(facts, "name"), facts["icon"], facts["days"], facts["source"], items, facts.get("fire", False)
    )
