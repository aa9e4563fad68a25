"""The rows of the work list: how each stands, and what this officer may do with it from there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.core import workflow
from portal.core.calendar import WorkingCalendar
from portal.core.models import User
from services.dossiers import standing as dossier_standing
from services.dossiers.models import Dossier, Interest
from services.dossiers.transitions import ACCEPT, HAND_ON, TAKE

from .due import Standing, standing, standing_of_wait

TOGETHER = (ACCEPT, HAND_ON)  # moves that need no words, hence made for several at once


@dataclass(frozen=True)
class Line:
    dossier: Dossier
    due: Standing
    tone: str
    moves: frozenset[str]  # of TAKE and TOGETHER, by name
    wait: Standing | None = None  # of a resident for an answer, in the list of those who wait

    @property
    def key(self) -> str:
        """What its tick box says: the dossier, and the step the officer saw it at."""
        step = self.dossier.current_step
        return f"{self.dossier.pk}:{step.turn if step else ''}"

    @property
    def id(self) -> str:
        return str(self.dossier.pk)

    @property
    def may_take(self) -> bool:
        return TAKE.name in self.moves


def lines_of(dossiers: Iterable[Dossier], officer: User, *, calendar: WorkingCalendar, at: datetime) -> list[Line]:
    """One line a dossier. One query besides, whatever their number."""
    rows = list(dossiers)
    barred: dict[object, set[int]] = {}
    for dossier_id, officer_id in Interest.objects.filter(
        dossier__in=[row.pk for row in rows], approved_at=None
    ).values_list("dossier_id", "officer_id"):
        barred.setdefault(dossier_id, set()).add(officer_id)
    lines = []
    for row in rows:
        row.__dict__["excluded_officers"] = frozenset(barred.get(row.pk, ()))  # read for all rows at once
        offered = {move.name for move in workflow.available((TAKE, *TOGETHER), row, officer, at=at)}
        if is_theirs(row, officer):
            offered.discard(TAKE.name)
        lines.append(
            Line(
                row,
                standing(row, calendar=calendar, at=at),
                dossier_standing.tone_of(row),
                frozenset(offered),
                _wait(row, calendar, at),
            )
        )
    return lines


def _wait(row: Dossier, calendar: WorkingCalendar, at: datetime) -> Standing | None:
    # The list of unanswered messages brings these along.
    since, due_at = getattr(row, "waiting_since", None), getattr(row, "answer_due_at", None)
    return standing_of_wait(since, due_at, calendar=calendar, at=at) if since else None


def is_theirs(dossier: Dossier, officer: User) -> bool:
    """The officer has received the current step: there is nothing to take."""
    step = dossier.current_step
    return step is not None and step.assignee_id == officer.pk and step.received_at is not None


def may_take(dossier: Dossier, officer: User, *, at: datetime) -> bool:
    return bool(workflow.available((TAKE,), dossier, officer, at=at)) and not is_theirs(dossier, officer)
