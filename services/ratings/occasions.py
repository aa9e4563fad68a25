"""What can be rated: a pure function of what happened to a dossier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.dossiers import transitions as moves

from .models import Event

# The move of the desk that each event is.
EVENTS: dict[str, Event] = {
    moves.ACCEPT.name: Event.RECEIPT,
    moves.REQUEST_SUPPLEMENT.name: Event.SUPPLEMENT,
    moves.APPROVE_SUPPLEMENT.name: Event.SUPPLEMENT,
    moves.REFUSE.name: Event.REFUSAL,
    moves.DELIVER.name: Event.DELIVERY,
}


class Fact(Protocol):
    """One line of a dossier's record, as far as it matters here."""

    action: str
    at: datetime
    actor_id: int | None


@dataclass(frozen=True)
class Occasion:
    """An event that happened: when, and by whom."""

    event: Event
    at: datetime
    officer_id: int | None


def occasions(history: Iterable[Fact]) -> dict[Event, Occasion]:
    """The events of a record in the order they first happened; of one that happened twice, the last time."""
    found: dict[Event, Occasion] = {}
    for fact in history:
        if event := EVENTS.get(fact.action):
            found[event] = Occasion(event, fact.at, fact.actor_id)
    return found
