"""State machines: a table of legal moves and the one function that writes a `state`."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import Promise

from . import audit
from .models import AuditEvent, User


@dataclass(frozen=True)
class Transition:
    """A legal move. `may(user, obj)` says whether this person may make it on this object now."""

    name: str
    sources: Collection[str]
    target: str | None  # None: the move leaves the state as it is
    may: Callable[[User | None, Any], bool]
    label: str | Promise = ""
    public: bool = True  # the person concerned sees it in their timeline
    needs_reason: bool = False
    needs: Callable[[Any], bool] = field(default=lambda obj: True)  # what must hold besides the state
    gate: Callable[[Any, datetime], bool] = field(default=lambda obj, at: False)  # what holds it up at this moment

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", frozenset(self.sources))

    def is_open(self, obj: Any) -> bool:
        return obj.state in self.sources and self.needs(obj)


class IllegalMove(Exception):
    """The object is no longer where the move starts. Carries who moved it last, and when."""

    def __init__(self, obj: models.Model, transition: Transition, last: AuditEvent | None) -> None:
        super().__init__(f"{transition.name}: not from {obj.state}")  # type: ignore[attr-defined]
        self.obj, self.transition, self.last = obj, transition, last


class Blocked(IllegalMove):
    """The move is legal, but the gate in front of it is shut: something else has to happen first."""


def available(table: Iterable[Transition], obj: Any, user: User, *, at: datetime) -> list[Transition]:
    """The moves a screen may offer; the server asks the same three questions again in `apply`."""
    return [move for move in table if move.is_open(obj) and move.may(user, obj) and not move.gate(obj, at)]


def lock(obj: models.Model) -> Any:
    """The object's row, fresh and locked until the caller's transaction ends."""
    return obj._meta.model._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)


def check(locked: Any, transition: Transition, *, by: User | None, at: datetime) -> None:
    """Whether the move may be made, before anything is written for it. Raises what `apply` raises."""
    if not transition.is_open(locked):
        raise IllegalMove(locked, transition, audit.history_of(locked).last())
    if not transition.may(by, locked):
        raise PermissionDenied(transition.name)
    if transition.gate(locked, at):
        raise Blocked(locked, transition, audit.history_of(locked).last())


def apply(
    locked: Any,
    transition: Transition,
    *,
    by: User | None,
    at: datetime,
    set: dict[str, Any] | None = None,
    **data: Any,
) -> AuditEvent:
    """Make a move on a locked object: check the source, the permission, the gate; save; record.

    Runs inside the caller's transaction, on an object from `lock()`. `set` holds fields written
    with the state, `data` goes into the record.

    Raises IllegalMove (409) when somebody was quicker, PermissionDenied (403) when it is not theirs,
    Blocked (409) when a gate is shut.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a move is made inside a transaction, on a locked row")
    check(locked, transition, by=by, at=at)
    source = locked.state
    target = transition.target or source
    changes = {**(set or {}), "state": target}
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(changes))
    return audit.record(
        locked, transition.name, by=by, at=at, public=transition.public, source=source, target=target, **data
    )
