"""Rule sets: the forms, limits, number suffixes and words a dossier is handled under.

The law changed under the pilot (QĐ 09/2015, then NĐ 61/2018, then NĐ 118/2025) and will again. A rule
set is one data file in `rulesets/`, never edited once dossiers were accepted under it; a dossier pins
the one in force at its acceptance and keeps it. Limits are in working minutes or working days.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from portal.core.calendar import VIETNAM

FOLDER = Path(__file__).parent / "rulesets"


@dataclass(frozen=True)
class Form:
    """One form of the set. `number` is its number in the circular; "" where none is prescribed."""

    title: str
    suffix: str  # after the number of the slip: PBS-BPTNTKQ
    number: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # sentences that differ from set to set


@dataclass(frozen=True)
class RuleSet:
    key: str
    name: str
    basis: tuple[str, ...]
    effective_from: date
    effective_to: date | None
    forms: Mapping[str, Form]
    intake_alert_minutes: int  # the officer is alerted when a sent dossier has waited this long
    intake_minutes: int  # the desk accepts, asks or refuses within this time
    supplements_at_desk: int  # how often the desk may ask on its own
    supplement_silence_days: int  # working days without an answer, then it is closed; 0: never by itself
    supplement_warning_days: tuple[int, ...]
    visit_silence_days: int  # working days in which an invited person does not come, then it is closed; 0: never
    visit_warning_days: tuple[int, ...]
    visit_desk_days: tuple[int, ...]  # on which the desk is asked to call them, or to stop
    draft_grace_days: int  # in which a draft may be sent under a version that was only reworded
    transfer_cutoff: str  # what is accepted later is handed on the next working day
    transfer_minutes: int  # of that next working day
    confirmation_days: int  # for the filled e-form the citizen confirms; silence is agreement
    reschedules: int  # how often a new date may be promised
    forecast_minutes: int  # how long ahead of its due time an unfinished dossier raises the alarm
    early_minutes: int  # finished this long before it is due counts as "trước hạn"
    families: Mapping[str, Mapping[str, Form]] = field(default_factory=dict)  # forms of their own: the police's

    def form(self, kind: str, family: str = "") -> Form:
        """The form of a slip, in the family of the procedure. Raises KeyError for a slip this set does not know."""
        return self.families.get(family, {}).get(kind) or self.forms[kind]

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@cache
def rule_sets() -> dict[str, RuleSet]:
    """Every rule set by its key, oldest first."""
    found = [_read(path) for path in FOLDER.glob("*.toml")]
    return {rules.key: rules for rules in sorted(found, key=lambda rules: rules.effective_from)}


def rule_set(key: str) -> RuleSet:
    """Raises KeyError."""
    return rule_sets()[key]


def in_force(at: datetime) -> RuleSet:
    """The rule set in force at a moment; before the first one, the first."""
    day = at.astimezone(VIETNAM).date()
    return next((rules for rules in rule_sets().values() if rules.holds_on(day)), next(iter(rule_sets().values())))


def _read(path: Path) -> RuleSet:
    data: dict[str, Any] = tomllib.loads(path.read_text())
    forms = _forms(data.pop("forms"))
    families = {family: _forms(own) for family, own in data.pop("families", {}).items()}
    limits = data.pop("limits")
    days = ("supplement_warning_days", "visit_warning_days", "visit_desk_days")
    limits |= {name: tuple(limits[name]) for name in days}
    return RuleSet(
        key=path.stem,
        forms=forms,
        families=families,
        basis=tuple(data.pop("basis")),
        effective_to=data.pop("effective_to", None),
        **limits,
        **data,
    )


def _forms(data: Mapping[str, Any]) -> dict[str, Form]:
    return {kind: Form(**form) for kind, form in data.items()}
