"""Lateness as the managers' desk sees it: the case that holds a request up, and the lists of cases."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models import TextChoices as Choices
from django.utils.translation import gettext_lazy as _

from portal.core.lateness import OPEN_STATES, LatenessState
from portal.core.models import User

from ..models import Building
from ..requests import lateness
from ..requests.models import BuildingRequest, RequestLateness
from ..requests.transitions import is_blocked

L = LatenessState
PEOPLE = (
    "responsible",
    "explained_by",
    "judged_by",
    "drafted_by",
    "signed_by",
    "told_by",
    "overridden_by",
)


class Scope(Choices):
    """The lists of cases."""

    OPEN = "dang-mo", _("Đang mở")
    CLOSED = "da-xong", _("Đã xong")
    OVERRIDDEN = "cho-di-tiep", _("Cho đi tiếp không chờ thư")


def case_of(request: BuildingRequest, *, at: datetime) -> RequestLateness | None:
    """The open case that holds a request up; None while its gate stands open.

    In the minute before the watch has opened it, the case as it will be, not saved.
    """
    if not is_blocked(request, at):
        return None
    case = request.lateness
    if case is None:
        if request.answerable is None or request.next_due_at is None:
            return None
        case = lateness.new_case(request, at=at)
    case.request = request  # the one that was read already, with its people
    return case


def cases(user: User, building: Building, scope: Scope) -> QuerySet[RequestLateness]:
    """A list of the building's cases: what waits longest first, of what is closed the latest."""
    found = RequestLateness.objects.managed_by(user).filter(request__building=building)
    found = found.select_related("request__reporter", *PEOPLE)
    match scope:
        case Scope.OPEN:
            return found.filter(state__in=OPEN_STATES).order_by("opened_at", "pk")
        case Scope.CLOSED:
            return found.exclude(state__in=OPEN_STATES).order_by("-opened_at", "pk")
        case Scope.OVERRIDDEN:
            return found.filter(state=L.OVERRIDDEN).order_by("-opened_at", "pk")


def closed_cases(request: BuildingRequest) -> list[RequestLateness]:
    """Everything that was answered for about a request, oldest first."""
    return list(request.latenesses.filter(~Q(state__in=OPEN_STATES)).select_related(*PEOPLE))


def overrides_this_year(building: Building, *, at: datetime) -> int:
    counted = RequestLateness.objects.filter(request__building=building, state=L.OVERRIDDEN)
    return counted.filter(overridden_at__year=at.year).count()
