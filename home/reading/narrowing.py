"""A list of announcements, narrowed by kind, building and month.

What is asked stands in the address: `?loai=cat-dien-nuoc&toa-nha=sen-hong&thang=2026-11`. A value
nobody knows narrows nothing. Each choice says how many it would leave with the other choices kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from buildings.models import Building
from portal.core.calendar import VIETNAM
from portal.core.forms import SelectName

from ..kinds import Kind

if TYPE_CHECKING:
    from ..models.announcements import AnnouncementQuerySet


@dataclass(frozen=True, order=True)
class Month:
    """A month in Vietnam; in an address `2026-11`."""

    year: int
    number: int

    @classmethod
    def named(cls, name: str) -> "Month | None":
        year, dash, number = name.partition("-")
        if not (dash and name.isascii() and len(year) == 4 and len(number) == 2 and (year + number).isdigit()):
            return None
        return cls(int(year), int(number)) if int(year) > 1 and 1 <= int(number) <= 12 else None

    @property
    def name(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def __str__(self) -> str:
        return _("Tháng %(number)d năm %(year)d") % {"number": self.number, "year": self.year}

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=VIETNAM)

    @property
    def ends(self) -> datetime:
        """The first instant that is not of it any more; the last month of all time ends with its last day."""
        if self == Month(9999, 12):
            return datetime.max.replace(tzinfo=VIETNAM)
        return Month(self.year + self.number // 12, self.number % 12 + 1).begins


@dataclass
class Narrowed:
    """Published announcements of a ward, as far as the address narrows them."""

    announcements: "AnnouncementQuerySet"
    buildings: list[Building]
    asked: Mapping[str, str]

    @cached_property
    def kind(self) -> Kind | None:
        named = self.asked.get("loai", "")
        return Kind(named) if named in Kind.values else None

    @cached_property
    def building(self) -> Building | None:
        named = self.asked.get("toa-nha", "")
        return next((building for building in self.buildings if building.slug == named), None)

    @cached_property
    def month(self) -> Month | None:
        return Month.named(self.asked.get("thang", ""))

    def __bool__(self) -> bool:
        return bool(self.kind or self.building or self.month)

    @cached_property
    def of_building(self) -> "AnnouncementQuerySet":
        return self.announcements.for_building(self.building) if self.building else self.announcements

    @property
    def found(self) -> "AnnouncementQuerySet":
        found = self.of_building.filter(kind=self.kind) if self.kind else self.of_building
        if self.month:
            found = found.filter(first_published_at__gte=self.month.begins, first_published_at__lt=self.month.ends)
        return found

    @cached_property
    def _numbers(self) -> dict[tuple[str, Month], int]:
        """How many of each kind in each month, asked once for all choices."""
        by_month = self.of_building.annotate(month=TruncMonth("first_published_at", tzinfo=VIETNAM))
        rows = by_month.exclude(first_published_at=None).order_by().values_list("kind", "month").annotate(Count("pk"))
        return {(kind, Month(month.year, month.month)): number for kind, month, number in rows}

    def form(self) -> "NarrowingForm":
        """The choices, this one's chosen."""
        return NarrowingForm(self)

    @property
    def kinds(self) -> list[tuple[Kind, int]]:
        """Every kind there is in the chosen month, and the chosen one."""
        return [
            (kind, number) for kind in Kind if (number := self._count(kind=kind, month=self.month)) or kind == self.kind
        ]

    @property
    def months(self) -> list[tuple[Month, int]]:
        """Every month with an announcement of the chosen kind, and the chosen one; the newest first."""
        there = {month for _kind, month in self._numbers} | ({self.month} if self.month else set())
        counted = [(month, self._count(kind=self.kind, month=month)) for month in sorted(there, reverse=True)]
        return [(month, number) for month, number in counted if number or month == self.month]

    def _count(self, *, kind: Kind | None, month: Month | None) -> int:
        return sum(
            number
            for (of_kind, of_month), number in self._numbers.items()
            if kind in (None, of_kind) and month in (None, of_month)
        )


class NarrowingForm(forms.Form):
    """The choices as an ordinary form sent by GET. It checks nothing: what is not known narrows nothing."""

    def __init__(self, narrowed: Narrowed) -> None:
        chosen = {
            "loai": narrowed.kind.value if narrowed.kind else "",
            "toa-nha": narrowed.building.slug if narrowed.building else "",
            "thang": narrowed.month.name if narrowed.month else "",
        }
        super().__init__(initial=chosen, auto_id="loc-%s")
        kinds = [(kind.value, f"{kind.label} ({number})") for kind, number in narrowed.kinds]
        buildings = [(building.slug, building.name) for building in narrowed.buildings]
        months = [(month.name, f"{month} ({number})") for month, number in narrowed.months]
        for name, label, every, choices in (
            ("loai", _("Loại"), _("Mọi loại"), kinds),
            ("toa-nha", _("Liên quan đến tòa nhà"), _("Mọi tòa nhà"), buildings),
            ("thang", _("Đăng trong tháng"), _("Mọi tháng"), months),
        ):
            if len(choices) > 1 or chosen[name]:
                widget = SelectName if name == "toa-nha" else forms.Select
                self.fields[name] = forms.ChoiceField(
                    label=label, required=False, choices=[("", every), *choices], widget=widget
                )
