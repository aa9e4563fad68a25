"""What the managers' desk asks of the database. Each list is one range of an index of `BuildingRequest`.

A count is made by the very query of its list, so that the two cannot disagree.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.paginator import Page
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models import TextChoices as Choices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import VIETNAM
from portal.core.counting import all_capped, capped, capped_page
from portal.core.models import User
from portal.core.text import fold
from portal.core.words import HasWords

from ..models import Building, SharedPlace
from ..requests.actions import code_of
from ..requests.models import BuildingRequest, RequestState

A_PAGE = 25
A_COLUMN = 8  # cards of a column of the board
NUMBER = re.compile(r"[0-9]{1,6}")
WHOLE_CODE = re.compile(r"YC[A-Z0-9]*-\d+-\d+")  # YC1-26-0007
WORDS = 8  # of a search; more say no more

# What a row of a list shows; what was done about it is long and stays where it is.
ROW = (
    "code",
    "state",
    "category",
    "urgency",
    "what",
    "where",
    "private",
    "building_id",
    "reporter_id",
    "sent_at",
    "due_at",
    "next_due_at",
    "planned_for",
    "waiting_for",
    "back_on",
    "done_at",
    "reopened",
    "lateness_id",
    "apartment__number",
    "apartment__floor",
    "place__name",
    "answerable__full_name",
    "answerable__email",
    "executor__full_name",
    "executor__email",
    "contractor__name",
)


class Scope(Choices):
    """The lists of the desk, in the order in which they are looked at."""

    LATE = "qua-han", _("Quá hạn")
    TODAY = "hom-nay", _("Đến hạn hôm nay")
    NEW = "moi", _("Mới gửi")
    WORKING = "dang-xu-ly", _("Đang xử lý")
    STANDING = "dang-cho", _("Chờ cư dân hoặc phường")
    DONE = "cho-xac-nhan", _("Chờ cư dân xác nhận")
    ENDED = "da-xong", _("Đã kết thúc")
    ALL = "tat-ca", _("Tất cả")


COUNTED = tuple(scope for scope in Scope if scope not in (Scope.ENDED, Scope.ALL))  # what has ended only grows
AT_A_GLANCE = (Scope.LATE, Scope.TODAY, Scope.NEW, Scope.DONE)


@dataclass(frozen=True)
class Wanted:
    """How the list was narrowed. A search goes through everything the building was ever asked."""

    scope: Scope = Scope.WORKING
    words: str = ""
    state: str = ""
    category: str = ""
    urgency: str = ""
    place: SharedPlace | None = None
    floor: int | None = None
    executor: str = ""  # a person's key, or one of WHO

    @property
    def is_narrowed(self) -> bool:
        floor_asked = self.floor is not None
        return bool(
            self.words or self.state or self.category or self.urgency or self.place or floor_asked or self.executor
        )


NOBODY, BY_CONTRACTOR = "chua-giao", "nha-thau"


def requests_of(user: User, building: Building) -> QuerySet[BuildingRequest]:
    return BuildingRequest.objects.managed_by(user).filter(building=building)


def work(user: User, building: Building, wanted: Wanted, *, at: datetime) -> QuerySet[BuildingRequest]:
    """The requests of a list, in the order in which they are to be done; of a search, the newest first."""
    found = requests_of(user, building)
    if not wanted.words:
        found = _of(wanted.scope, found, at)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.urgency:
        found = found.filter(urgency=wanted.urgency)
    if wanted.place:
        found = found.filter(place=wanted.place)
    if wanted.floor is not None:
        found = found.filter(Q(apartment__floor=wanted.floor) | Q(place__floor=wanted.floor))
    if wanted.executor == NOBODY:
        found = found.filter(executor=None, contractor=None)
    elif wanted.executor == BY_CONTRACTOR:
        found = found.exclude(contractor=None)
    elif wanted.executor:
        found = found.filter(executor=wanted.executor)
    if wanted.words:
        return found.filter(said_as(wanted.words, building, at=at)).order_by("-sent_at", "pk")
    match wanted.scope:
        case Scope.LATE | Scope.TODAY | Scope.WORKING:
            return found.order_by("next_due_at", "pk")
        case Scope.NEW | Scope.STANDING | Scope.DONE:
            return found.order_by("sent_at", "pk")
        case Scope.ENDED:
            return found.order_by("-ended_at", "pk")
        case _:
            return found.order_by("-sent_at", "pk")


def said_as(words: str, building: Building, *, at: datetime) -> Q:
    """By its code as people copy it or the number in it, which is what they say aloud, of this year or the last; or
    by the words of what was said, without diacritics, in any order."""
    typed = "".join(words.split()).upper()
    if WHOLE_CODE.fullmatch(typed):
        return Q(code=typed)
    said = Q(HasWords("folded", fold(words).split()[:WORDS]))
    if NUMBER.fullmatch(typed):
        year = timezone.localtime(at).year
        said |= Q(code__in=[code_of(building, each, int(typed)) for each in (year, year - 1)])
    return said


def page_of(found: QuerySet[BuildingRequest], number: object, *, count: int | None = None) -> tuple[Page, int]:
    """One page of rows, and how many the list holds, capped; `count` when it is known already."""
    total = capped(found) if count is None else count
    return capped_page(rows_of(found), number, size=A_PAGE, count=total), total


def rows_of(found: QuerySet[BuildingRequest]) -> QuerySet[BuildingRequest]:
    people = ("apartment", "place", "answerable", "executor", "contractor")
    others = BuildingRequest.objects.filter(joined_to=OuterRef("pk"))
    return found.select_related(*people).only(*ROW).annotate(has_joined=Exists(others))


def counts(user: User, building: Building, scopes: tuple[Scope, ...] = COUNTED, *, at: datetime) -> dict[Scope, int]:
    """How many each list shows; `AT_MOST + 1` stands for more."""
    found = requests_of(user, building)
    lists = {scope: _of(scope, found, at) for scope in scopes}
    return all_capped(lists, beside=Building.objects.filter(pk=building.pk))


# The columns of the board: a state each, or what the managers need not tell apart.
@dataclass(frozen=True)
class Column:
    states: tuple[str, ...]
    label: object
    cards: list
    count: int

    @property
    def key(self) -> str:
        return self.states[0]


S = RequestState
COLUMNS: tuple[tuple[tuple[str, ...], object], ...] = (
    ((S.NEW,), S.NEW.label),
    ((S.ACCEPTED,), S.ACCEPTED.label),
    ((S.PLANNED,), S.PLANNED.label),
    ((S.WAITING,), S.WAITING.label),
    ((S.WITH_WARD,), S.WITH_WARD.label),
    ((S.DONE,), _("Chờ cư dân xác nhận")),
)


def board(user: User, building: Building, *, at: datetime) -> list[Column]:
    """What is open, a column a state: what is due first on top, the first few of each."""
    found = requests_of(user, building)
    columns = []
    for states, label in COLUMNS:
        of_column = found.filter(state__in=states)
        cards = list(rows_of(of_column).order_by(F("next_due_at").asc(nulls_last=True), "sent_at", "pk")[:A_COLUMN])
        columns.append(Column(states, label, cards, capped(of_column)))
    return columns


def _of(scope: Scope, found: QuerySet[BuildingRequest], at: datetime) -> QuerySet[BuildingRequest]:
    # `next_due_at` is empty while the managers owe nothing.
    match scope:
        case Scope.LATE:
            return found.filter(next_due_at__lt=at)
        case Scope.TODAY:
            return found.filter(next_due_at__gte=at, next_due_at__lt=_midnight_after(at))
        case Scope.NEW:
            return found.filter(state=S.NEW)
        case Scope.WORKING:
            return found.filter(next_due_at__isnull=False)
        case Scope.STANDING:
            return found.filter(state__in=[S.WAITING, S.WITH_WARD], next_due_at=None)
        case Scope.DONE:
            return found.filter(state=S.DONE)
        case Scope.ENDED:
            return found.filter(ended_at__isnull=False)
        case Scope.ALL:
            return found


def _midnight_after(at: datetime) -> datetime:
    tomorrow = at.astimezone(VIETNAM).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), VIETNAM)


def counts_of_all(user: User, *, at: datetime) -> dict[int, dict[str, int]]:
    """What is late, due today and new in each of the person's buildings, in one query, by the building's key."""
    late, today = Q(next_due_at__lt=at), Q(next_due_at__gte=at, next_due_at__lt=_midnight_after(at))
    owed = BuildingRequest.objects.managed_by(user).filter(Q(next_due_at__isnull=False) | Q(state=S.NEW))
    rows = (
        owed.order_by()
        .values("building")
        .annotate(
            late=Count("pk", filter=late), today=Count("pk", filter=today), new=Count("pk", filter=Q(state=S.NEW))
        )
    )
    return {row.pop("building"): row for row in rows}
