"""What the desk asks of the database. Each list has an index in `Dossier.Meta`; each starts from the user."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.db.models import TextChoices as Choices
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from portal.core.models import User
from portal.core.text import fold
from services.catalogue.models import Procedure
from services.dossiers.models import ENDED_STATES, Dossier, DossierQuerySet

A_PAGE = 25

# What a row of the list shows; a version's definition is long and stays where it is.
ROW = (
    "code",
    "state",
    "applicant_name",
    "submitted_at",
    "due_at",
    "next_due_at",
    "changed_at",
    "version__procedure__name",
    "current_step__name",
    "current_step__kind",
    "current_step__position",
    "current_step__assignee__full_name",
    "current_step__assignee__email",
)


class Scope(Choices):
    """The four lists of the desk."""

    MINE = "toi", _("Việc của tôi")
    WARD = "phuong", _("Việc của phường")
    LATE = "qua-han", _("Quá hạn")
    ENDED = "xong", _("Đã kết thúc")


@dataclass(frozen=True)
class Wanted:
    """How the list was narrowed. A search goes through everything the ward was ever sent."""

    scope: Scope = Scope.MINE
    words: str = ""
    state: str = ""
    kind: str = ""
    procedure: Procedure | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.state or self.kind or self.procedure)


def work(user: User, ward: Ward, wanted: Wanted, *, at: datetime) -> DossierQuerySet:
    """The dossiers of a list, in the order in which they are to be done."""
    dossiers = Dossier.objects.at_desk_of(user).filter(ward=ward)
    dossiers = dossiers.filter(said_as(wanted.words)) if wanted.words else _of(wanted.scope, dossiers, user, at)
    if wanted.state:
        dossiers = dossiers.filter(state=wanted.state)
    if wanted.kind:
        dossiers = dossiers.filter(current_step__kind=wanted.kind)
    if wanted.procedure:
        dossiers = dossiers.filter(version__procedure=wanted.procedure)
    if wanted.scope == Scope.ENDED and not wanted.words:
        return dossiers.order_by("-changed_at", "pk")
    return dossiers.by_due_time()


def page_of(dossiers: DossierQuerySet, number: object, *, count: int | None = None) -> Page:
    """One page of rows; `count` when it is known already, so that nothing is counted twice."""
    rows = dossiers.select_related("version__procedure", "current_step__assignee").only(*ROW)
    paginator = Paginator(rows, A_PAGE)
    if count is not None:
        paginator.count = count
    return paginator.get_page(number)


def counts(user: User, ward: Ward, *, at: datetime) -> dict[Scope, int]:
    """How many wait in each list, as many as the list shows. What has ended is not counted: it only grows."""
    dossiers = Dossier.objects.at_desk_of(user).filter(ward=ward)
    return {scope: _of(scope, dossiers, user, at).count() for scope in (Scope.MINE, Scope.WARD, Scope.LATE)}


def said_as(words: str) -> Q:
    """By code or a part of it, by name without diacritics, or by the end of the owner's phone number."""
    folded = fold(words).split()
    by_name = Q()
    for word in folded[:8]:
        by_name &= Q(folded_name__contains=word)
    found = Q(code__icontains="".join(words.split()))
    if folded:
        found |= by_name
    digits = re.sub(r"\D", "", words)
    if len(digits) >= 6 and not re.search(r"[^\d\s.+()-]", words):
        # Stored as +84…; people say 0912 345 678 or its last digits.
        found |= Q(owner__phone__endswith=re.sub(r"^(84|0)", "", digits))
    return found


def _of(scope: Scope, dossiers: DossierQuerySet, user: User, at: datetime) -> DossierQuerySet:
    match scope:
        case Scope.MINE:
            return dossiers.waiting_for(user)
        case Scope.WARD:
            return dossiers.open()
        case Scope.LATE:
            return dossiers.open().filter(next_due_at__lt=at)
        case Scope.ENDED:
            return dossiers.filter(state__in=ENDED_STATES)
