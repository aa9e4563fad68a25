"""A building's board (Ban quản trị): elected by the owners, recognised by the ward, three years in office.

Mandatory from twenty flats of several owners. When its three years are over and no other is recognised, the
ward's committee does its work (domain.md §5): the building is told half a year, a month before, and then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from portal.core import audit, workflow
from portal.core.models import User

from ..models import Apartment, BoardMember, BoardTerm, Building
from ..models.bodies import BOARD_FROM_FLATS, BOARD_YEARS, months_after
from . import notifications

W = BoardTerm.Warned
AHEAD = {W.SIX_MONTHS: 6, W.ONE_MONTH: 1, W.ENDED: 0}  # months before the last day


@dataclass(frozen=True)
class Member:
    name: str
    role: str
    apartment: Apartment | None = None


@dataclass(frozen=True)
class Board:
    """How a building stands with its board today."""

    term: BoardTerm | None  # recognised, perhaps over
    elected: BoardTerm | None  # waiting for the ward's recognition
    flats: int
    is_mandatory: bool
    is_over: bool  # the ward's committee does the board's work
    warning: int  # BoardTerm.Warned

    @property
    def is_missing(self) -> bool:
        return self.is_mandatory and self.term is None


def board_of(building: Building, *, on: date) -> Board:
    terms = list(building.board_terms.filter(ended_on=None).prefetch_related("members__apartment"))
    term = next((term for term in terms if term.decided_on), None)
    elected = next((term for term in terms if not term.decided_on), None)
    flats = building.apartments.count()
    return Board(
        term=term,
        elected=elected,
        flats=flats,
        is_mandatory=building.several_owners and flats >= BOARD_FROM_FLATS,
        is_over=bool(term and term.is_over(on)),
        warning=warning_of(term, on) if term else W.NOT_YET,
    )


def warning_of(term: BoardTerm, on: date) -> int:
    """How near its end a term is."""
    if term.until is None:
        return W.NOT_YET
    if term.until < on:
        return W.ENDED
    due = [step for step, months in AHEAD.items() if months and months_after(term.until, -months) <= on]
    return max(due, default=W.NOT_YET)


def elect(
    building: Building, members: Iterable[Member], *, elected_on: date, by: User | None, at: datetime
) -> BoardTerm:
    """The owners' meeting has elected a board. In place of one elected before that the ward has not recognised."""
    with transaction.atomic():
        workflow.lock(building)
        for earlier in building.board_terms.elected():
            earlier.delete()
        term = BoardTerm.objects.create(building=building, elected_on=elected_on)
        BoardMember.objects.bulk_create(
            BoardMember(term=term, name=member.name, role=member.role, apartment=member.apartment) for member in members
        )
        audit.record(building, "elect_board", by=by, at=at, elected_on=elected_on, members=term.members.count())
    return term


def recognise(term: BoardTerm, *, decision: str, decided_on: date, by: User | None, at: datetime) -> BoardTerm:
    """The ward has recognised the elected board: three years begin, the board before it ends. Twice is once."""
    with transaction.atomic():
        building = workflow.lock(term.building)
        locked = workflow.lock(term)
        if locked.decided_on:
            return locked
        for before in building.board_terms.standing():
            before.ended_on = decided_on
            before.save(update_fields=["ended_on"])
        locked.decision, locked.decided_on = decision, decided_on
        locked.until = months_after(decided_on, 12 * BOARD_YEARS)
        locked.save(update_fields=["decision", "decided_on", "until"])
        audit.record(building, "recognise_board", by=by, at=at, decision=decision, decided_on=decided_on)
    return locked


def decide(
    building: Building,
    members: Sequence[Member],
    *,
    elected_on: date,
    decision: str,
    decided_on: date,
    token: str,
    at: datetime,
) -> BoardTerm | None:
    """The ward issued its decision on the portal: the board it names is in office, and its people are told.

    `token`: of the page on which anybody checks the decision. Twice is once, and what the managers had written down
    by hand already only gets its document. None where the book has a later decision, or a later election.
    """
    with transaction.atomic():
        locked = workflow.lock(building)
        standing = locked.board_terms.standing().first()
        if standing and (standing.decision_token == token or _is_of(standing, decision, decided_on)):
            if standing.decision_token != token:
                standing.decision_token = token
                standing.save(update_fields=["decision_token"])
            return standing
        if standing and standing.decided_on and standing.decided_on > decided_on:
            return None
        if locked.board_terms.elected().filter(elected_on__gt=elected_on).exists():
            return None
        elected = elect(locked, members, elected_on=elected_on, by=None, at=at)
        term = recognise(elected, decision=decision, decided_on=decided_on, by=None, at=at)
        term.decision_token = token
        term.save(update_fields=["decision_token"])
        notifications.board_recognised(term, at=at)
    return term


def _is_of(term: BoardTerm, decision: str, decided_on: date) -> bool:
    """By its number, which is one of its year."""
    return term.decision == decision and term.decided_on is not None and term.decided_on.year == decided_on.year


def decision_replaced(building: Building, *, old: str, token: str, decision: str, at: datetime) -> BoardTerm | None:
    """The ward put a mistake in its decision right by another document: its number and page from now on. The term
    goes on as it was counted. None where the book does not have the `old` one."""
    with transaction.atomic():
        locked = workflow.lock(building)
        term = locked.board_terms.filter(decision_token=old).first()
        if term is None:
            return None
        term.decision, term.decision_token = decision, token
        term.save(update_fields=["decision", "decision_token"])
        audit.record(locked, "board_decision_replaced", by=None, at=at, decision=decision)
        notifications.board_decision_replaced(term, at=at)
    return term


def watch(*, at: datetime) -> int:
    """Tell those whose board nears its end, each step once. Called by beat; late or twice is no harm."""
    today, told = timezone.localdate(at), 0
    soon = BoardTerm.objects.standing().filter(until__lte=months_after(today, AHEAD[W.SIX_MONTHS] + 1))
    for pk in list(soon.exclude(warned=W.ENDED).values_list("pk", flat=True)):
        with transaction.atomic():
            term = workflow.lock(BoardTerm(pk=pk))
            step = warning_of(term, today)
            if step <= term.warned or term.ended_on:
                continue
            BoardTerm.objects.filter(pk=pk).update(warned=step)
            notifications.board_ends(term, step, at=at)
            told += 1
    return told
