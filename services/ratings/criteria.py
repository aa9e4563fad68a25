"""What is asked, read from `data/criteria.toml`, where each criterion has its source."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from portal.core.languages import Said

from .models import Event

_DATA = Path(__file__).parent / "data" / "criteria.toml"

OVERALL = "overall"


@dataclass(frozen=True)
class Criterion:
    key: str
    label: Said  # as the resident is asked
    short: Said  # as a table says it
    events: frozenset[str]
    source: str


def load(path: Path = _DATA) -> dict[str, Criterion]:
    """Every criterion by its key, in the order in which they are asked."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["criterion"]
    return {
        row["key"]: Criterion(
            row["key"],
            Said.read(row, "label"),
            Said.read(row, "short"),
            frozenset(Event(event) for event in row["events"]),
            row["source"],
        )
        for row in rows
    }


CRITERIA = load()


def asked_at(event: str) -> list[Criterion]:
    """What is asked at an event besides the overall score."""
    return [row for row in CRITERIA.values() if event in row.events and row.key != OVERALL]
