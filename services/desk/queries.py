"""What the desk asks of the database. Each list has an index in `Dossier.Meta`; each starts from the user."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models import TextChoices as Choices
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from portal.core.calendar import VIETNAM
from portal.core.counting import AT_MOST, all_capped, capped, capped_page
from portal.core.models import User
from portal.core.text import fold
from portal.core.words import HasWords
from services.catalogue.models import Procedure
from services.conversation.queries import longest_waiting_first, unanswered
from services.dossiers.corrections import waiting_for
from services.dossiers.models import ENDED_STATES, Dossier, DossierQuerySet

A_PAGE = 25
WHOLE_CODE = re.compile(r"[A-Z0-9.]+-\d{6}-\d{4,}")  # H26.004.127-261123-0007
OWNERS_AT_MOST = 200  # people whose phone number ends in the same digits

# What a row of the list shows; a version's definition is long and stays where it is.
ROW = (
    "code",
    "state",
    "applicant_name",
    "ward_id",
    "owner_id",
    "submitted_at",
    "due_at",
    "rescheduled_to",
    "next_due_at",
    "changed_at",
    "lateness__state",
    "lateness__reason",
    "lateness__due_at",
    "lateness__told_at",
    "lateness__overridden_at",
    "version__agency",
    "version__procedure__name",
    "current_step__name",
    "current_step__kind",
    "current_step__position",
    "current_step__started_at",
    "current_step__received_at",
    "current_step__assignee__full_name",
    "current_step__assignee__email",
)


class Scope(Choices):
    """The lists of the desk."""

    MINE = "toi", _("Việc của tôi")
    WARD = "phuong", _("Việc của phường")
    LATE = "qua-han", _("Quá hạn")
    UNANSWERED = "tin-nhan", _("Tin nhắn chờ trả lời")
    ENDED = "xong", _("Đã kết thúc")


@dataclass(frozen=True)
class Wanted:
    """How the list was narrowed. A search goes through everything the ward was ever sent."""

    scope: Scope = Scope.MINE
    words: str = ""
    state: str = ""
    kind: str = ""
    procedure: Procedure | None = None
    due_on: date | None = None
    in_part: bool = False  # the words may be parts of words

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.state or self.kind or self.procedure or self.due_on)


def work(user: User, ward: Ward, wanted: Wanted, *, at: datetime) -> DossierQuerySet:
    """The dossiers of a list, in the order in which they are to be done; of a search, the newest first."""
    dossiers = Dossier.objects.at_desk_of(user).filter(ward=ward)
    if not wanted.words:
        dossiers = _of(wanted.scope, dossiers, user, ward, at)
    if wanted.state:
        dossiers = dossiers.filter(state=wanted.state)
    if wanted.kind:
        # A current step is never finished; said here, so that the index of the open ones serves.
        dossiers = dossiers.filter(current_step__kind=wanted.kind, current_step__finished_at=None)
    if wanted.procedure:
        dossiers = dossiers.filter(version__in=wanted.procedure.versions.values("pk"))
    if wanted.due_on:
        begin = datetime.combine(wanted.due_on, time(), VIETNAM)
        dossiers = dossiers.filter(next_due_at__gte=begin, next_due_at__lt=begin + timedelta(days=1))
    if wanted.words:
        said = said_as(wanted.words, in_part=wanted.in_part)
        return dossiers.filter(said, submitted_at__isnull=False).order_by("-submitted_at", "pk")
    if wanted.scope == Scope.ENDED:
        return dossiers.order_by("-changed_at", "pk")
    if wanted.scope == Scope.UNANSWERED:
        return longest_waiting_first(dossiers)
    if wanted.scope == Scope.MINE:
        # The same moment as the dossier's, read where the index of what a person owes keeps it.
        return dossiers.order_by(F("current_step__due_at").asc(nulls_last=True), "submitted_at", "pk")
    return dossiers.by_due_time()


def page_of(dossiers: DossierQuerySet, number: object, *, count: int | None = None) -> Page:
    """One page of rows; `count` when it is known already, so that nothing is counted twice."""
    total = capped(dossiers) if count is None else count
    return capped_page(_rows(dossiers), number, size=A_PAGE, count=total)


def page_of_search(user: User, ward: Ward, wanted: Wanted, number: object, *, at: datetime) -> tuple[Page, int]:
    """One page of what a search finds, and how many it found, capped.

    The index of a million names is asked once: for the keys, which are counted and cut into pages here.
    """
    found = work(user, ward, wanted, at=at)
    keys = list(found.values_list("pk", flat=True)[: AT_MOST + 1])
    if not keys:
        # No name has all these words whole: it may be the beginning of one that was typed.
        found = work(user, ward, replace(wanted, in_part=True), at=at)
        keys = list(found.values_list("pk", flat=True)[: AT_MOST + 1])
    page = Paginator(keys[:AT_MOST], A_PAGE).get_page(number)
    rows = _rows(Dossier.objects.at_desk_of(user)).in_bulk(list(page.object_list))
    page.object_list = [rows[key] for key in page.object_list if key in rows]
    return page, len(keys)


def _rows(dossiers: DossierQuerySet) -> DossierQuerySet:
    return dossiers.select_related("version__procedure", "current_step__assignee", "lateness").only(*ROW)


CORRECTIONS = "dinh-chinh"


def counts(user: User, ward: Ward, *, at: datetime) -> dict[str, int]:
    """How many wait in each list, as many as the list shows; `AT_MOST + 1` stands for more.

    What has ended is not counted: it only grows. Beside the lists, under CORRECTIONS: those that wait for the user.
    """
    dossiers = Dossier.objects.at_desk_of(user).filter(ward=ward)
    lists: dict[str, QuerySet] = {
        scope: _of(scope, dossiers, user, ward, at) for scope in Scope if scope != Scope.ENDED
    }
    lists[CORRECTIONS] = waiting_for(user, ward)
    return all_capped(lists, beside=Ward.objects.filter(pk=ward.pk))


def said_as(words: str, *, in_part: bool = False) -> Q:
    """By code or a part of it, by the words of a name without diacritics, in any order, or by the end of the
    owner's phone number. With `in_part` a word may be a part of one of the name's.

    Each is asked only of words that can be one, so that the index that serves it is used.
    """
    typed = "".join(words.split()).upper()
    if WHOLE_CODE.fullmatch(typed):
        return Q(code=typed)
    folded = fold(words).split()[:8]
    has_digits, has_letters = bool(re.search(r"\d", words)), any(any(c.isalpha() for c in word) for word in folded)
    found = Q(pk__in=[])
    if has_digits:
        found |= Q(code__contains=typed)
    if has_letters:
        found |= _parts_of_name(folded) if in_part else Q(HasWords("folded_name", folded))
    digits = re.sub(r"\D", "", words)
    if len(digits) >= 6 and not re.search(r"[^\d\s.+()-]", words):
        found |= Q(owner__in=_owners(digits))
    return found


def named_or_numbered(found: DossierQuerySet, words: str) -> DossierQuerySet:
    """Narrowed by `said_as`: by parts of words where no name has them whole."""
    whole = found.filter(said_as(words))
    return whole if whole.order_by().exists() else found.filter(said_as(words, in_part=True))


def _parts_of_name(folded: list[str]) -> Q:
    by_name = Q()
    for word in folded:
        by_name &= _in_name(word)
    return by_name


def _in_name(word: str) -> Q:
    """A part of a name; of one or two letters its beginning, because no index finds so little in the middle."""
    if len(word) > 2:
        return Q(folded_name__contains=word)
    return Q(folded_name__startswith=word) | Q(folded_name__contains=f" {word}")


def _owners(digits: str) -> list[int]:
    """Who can be reached at a number that ends so. Stored as +84…; people say 0912 345 678 or its last digits."""
    ending = re.sub(r"^(84|0)", "", digits)
    return list(User.objects.filter(phone__endswith=ending).values_list("pk", flat=True)[:OWNERS_AT_MOST])


def _of(scope: Scope, dossiers: DossierQuerySet, user: User, ward: Ward, at: datetime) -> DossierQuerySet:
    match scope:
        case Scope.MINE:
            return dossiers.waiting_for(user)
        case Scope.WARD:
            return dossiers.open()
        case Scope.LATE:
            return dossiers.open().filter(next_due_at__lt=at)
        case Scope.UNANSWERED:
            return unanswered(user, ward)
        case Scope.ENDED:
            return dossiers.filter(state__in=ENDED_STATES)
