"""The rows of a list and the cards of the board: a request, how it stands, what it is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import WorkingCalendar

from ..requests import rules
from ..requests.models import BuildingRequest, Urgency
from . import due

URGENT: dict[str, str | Promise] = {Urgency.EMERGENCY: _("Khẩn cấp"), Urgency.URGENT: _("Gấp")}


@dataclass(frozen=True)
class Line:
    request: BuildingRequest
    due: due.Standing
    tone: str  # of its state

    @property
    def category(self) -> str:
        return category_name(self.request)

    @property
    def where(self) -> str:
        return self.request.spot

    @property
    def urgency(self) -> str | Promise:
        """In a word; "" for what is as usual."""
        return URGENT.get(self.request.urgency, "")

    @property
    def urgency_tone(self) -> str:
        return {Urgency.EMERGENCY: "late", Urgency.URGENT: "soon"}.get(Urgency(self.request.urgency), "")

    @property
    def executor(self) -> str:
        row = self.request
        return str(row.contractor or row.executor or "")


def lines_of(requests: Iterable[BuildingRequest], *, calendar: WorkingCalendar, at: datetime) -> list[Line]:
    return [line_of(row, calendar=calendar, at=at) for row in requests]


def line_of(request: BuildingRequest, *, calendar: WorkingCalendar, at: datetime) -> Line:
    return Line(request, due.standing(request, calendar=calendar, at=at), due.TONES[request.state])


def category_name(request: BuildingRequest) -> str:
    """A category that was dropped from the file since keeps its key."""
    known = rules.categories().get(request.category)
    return str(known.name) if known else request.category
