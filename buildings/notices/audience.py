"""For whom a notice is: a whole building or some of its floors, in words and as people."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.core.models import User

from ..models import Apartment, Residency

if TYPE_CHECKING:
    from .models import Notice

_DASH = re.compile(r"\s*[-–]\s*")
_PART = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?")


def read_floors(text: str, *, known: Iterable[int]) -> list[int]:
    """`3, 5-7` → [3, 5, 6, 7]; nothing → [], the whole building. Raises ValidationError, which says what is wrong.

    `known` are the floors on which somebody can live.
    """
    known, found = set(known), set[int]()
    for part in re.split(r"[,;\s]+", _DASH.sub("-", text)):
        if not part:
            continue
        match = _PART.fullmatch(part)
        if not match:
            raise ValidationError(_("Không đọc được “%(part)s”. Viết số tầng như: 3, 5-7.") % {"part": part[:20]})
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValidationError(
                _("Từ tầng %(first)s đến tầng %(last)s: tầng sau thấp hơn tầng trước.") % {"first": first, "last": last}
            )
        found.update(range(first, last + 1))
    if missing := sorted(found - known):
        raise ValidationError(
            _("Không có căn hộ nào ở tầng %(floors)s.") % {"floors": in_spans(missing)},
        )
    return sorted(found)


def in_spans(floors: Sequence[int]) -> str:
    """[3, 5, 6, 7] → `3, 5–7`."""
    spans = []
    for _gap, group in groupby(enumerate(sorted(floors)), lambda pair: pair[1] - pair[0]):
        span = [floor for _index, floor in group]
        spans.append(str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}")
    return ", ".join(spans)


def kept(numbers: Iterable[int]) -> str:
    """[3, 5] → `,3,5,`, as a notice keeps floors and keys of blocks."""
    found = ",".join(map(str, sorted(numbers)))
    return f",{found}," if found else ""


def numbers(kept: str) -> list[int]:
    return [int(number) for number in kept.split(",") if number]


def in_words(blocks: Sequence[str], floors: Sequence[int]) -> str:
    """`Khối A, B, tầng 3–5`; `Cả tòa nhà`."""
    words = {"blocks": ", ".join(blocks), "floors": in_spans(floors)}
    if blocks and floors:
        return _("Khối %(blocks)s, tầng %(floors)s") % words
    if blocks:
        return _("Khối %(blocks)s") % words
    return _("Tầng %(floors)s") % words if floors else _("Cả tòa nhà")


def flats(notice: "Notice") -> models.QuerySet[Apartment]:
    """The flats a notice concerns."""
    found = Apartment.objects.filter(building=notice.building_id)
    if notice.on_blocks:
        found = found.filter(block__in=numbers(notice.on_blocks))
    return found.filter(floor__in=notice.floors) if notice.on_floors else found


def homes(notice: "Notice") -> models.QuerySet[Residency]:
    """Who lives in these flats today, as confirmed; of a notice for owners, the owners."""
    found = Residency.objects.confirmed().filter(apartment__in=flats(notice), user__is_active=True)
    return found.filter(role=Residency.Role.OWNER) if notice.spec.owners_only else found


def people(notice: "Notice") -> models.QuerySet[User]:
    """Those people, each once, in the order of their keys."""
    return User.objects.filter(pk__in=homes(notice).values("user_id")).order_by("pk")
