"""The time limits of the conversation, read from `data/rules.toml`, where each has its source."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from portal.core.calendar import load_calendar
from services.dossiers.models import ENDED_STATES, Dossier

_DATA = Path(__file__).parent / "data" / "rules.toml"


@dataclass(frozen=True)
class Rules:
    complaint_days: int  # working days within which a complaint is answered
    open_days: int  # days after its end in which a dossier's conversation goes on


def load(path: Path = _DATA) -> Rules:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Rules(complaint_days=data["complaint"]["answer_working_days"], open_days=data["ended"]["open_days"])


RULES = load()


def complaint_due(dossier: Dossier, at: datetime) -> datetime:
    """When a complaint made now must have been answered; the day it is made is not counted."""
    return load_calendar(dossier.ward).end_of_nth_working_day(at, RULES.complaint_days)


def complaint_reminder(dossier: Dossier, at: datetime) -> datetime:
    """One working day ahead of that."""
    return load_calendar(dossier.ward).end_of_nth_working_day(at, max(RULES.complaint_days - 1, 1))


def closes_at(dossier: Dossier) -> datetime | None:
    """When the conversation about an ended dossier closes; None while the dossier goes on."""
    if dossier.state not in ENDED_STATES:
        return None
    return (dossier.delivered_at or dossier.changed_at) + timedelta(days=RULES.open_days)


def is_open(dossier: Dossier, *, at: datetime) -> bool:
    """Whether the two sides may still write: in every state of a sent dossier, blocked or not."""
    closes = closes_at(dossier)
    return not dossier.is_draft and (closes is None or at < closes)
