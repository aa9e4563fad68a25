"""What a register is: whose rows, in which order, under which heads. The list and the file read the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from buildings.models import Ward
from portal.core.calendar import VIETNAM
from portal.core.models import User
from services.dossiers.rules import in_force

from .keyset import Keyset
from .models import Export

# A date without a time is printed as a date; nothing as nothing.
Cell = str | int | date | datetime | None
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Column:
    """A column as the form prints it, hence always in Vietnamese."""

    label: str
    width: int  # in characters of a spreadsheet; its share of the page's width in print
    centred: bool = False


@dataclass(frozen=True)
class Head:
    """What stands above the rows of a printed register."""

    title: str
    subtitle: str
    ward: Ward
    day: date
    form: str = ""  # the number of the prescribed form
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Register:
    what: Export.What
    title: str
    form: str  # what it is called in a rule set; "" where no form is prescribed
    columns: tuple[Column, ...]
    keyset: Keyset
    filters: Callable[[Any], Any]  # the address's parameters → a form that gives `wanted` and `query`
    entries: Callable[..., QuerySet]  # (user, ward, wanted, at=) → what this user may see of it
    rows: Callable[[Sequence[Any], Ward], list[Row]]  # a chunk of entries → what the columns say of each
    subject: Callable[[Any], str]  # an entry → the stream of the dossier it tells of
    subtitle: Callable[[Any, Ward], str]  # (wanted, ward) → which part of the register this is

    def entries_for(self, user: User, ward: Ward, query: dict[str, str], *, at: datetime) -> QuerySet:
        return self.entries(user, ward, self.filters(query).wanted, at=at)

    def head(self, ward: Ward, query: dict[str, str], *, at: datetime) -> Head:
        subtitle = self.subtitle(self.filters(query).wanted, ward)
        return Head(self.title, subtitle, ward, at.astimezone(VIETNAM).date(), self.form_number(at), self.columns)

    def form_number(self, at: datetime) -> str:
        """Mẫu số 07, under the rules in force at that moment."""
        return in_force(at).form(self.form).number if self.form else ""
