"""Paging by what the last row was, not by how many came before it: the last page costs what the first does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

BETWEEN = "~"
SENSIBLE_YEARS = range(1970, 2200)  # a moment outside of them cannot be turned into every time zone


@dataclass(frozen=True)
class Slice:
    """One page, the latest row first, with the cursors of its neighbours; "" where there is none."""

    rows: list[Any] = field(default_factory=list)
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True)
class Keyset:
    """A unique order of a model's rows by not more than two fields, which an index serves."""

    fields: tuple[str, ...]

    def page(self, entries: models.QuerySet, *, size: int, before: str = "", after: str = "") -> Slice:
        """The latest rows, or those just before or after a cursor. A cursor that is none is passed over."""
        upwards = self._parse(entries.model, after)
        downwards = None if upwards else self._parse(entries.model, before)
        if upwards:
            rows = list(entries.filter(self._beyond(upwards, "gt")).order_by(*self.fields)[: size + 1])
            more = len(rows) > size
            rows = rows[:size][::-1]
            return Slice(rows, self.cursor(rows[-1]) if rows else "", self.cursor(rows[0]) if more else "")
        if downwards:
            entries = entries.filter(self._beyond(downwards, "lt"))
        rows = list(entries.order_by(*(f"-{name}" for name in self.fields))[: size + 1])
        more = len(rows) > size
        rows = rows[:size]
        is_first = not downwards or not rows
        return Slice(rows, self.cursor(rows[-1]) if more else "", "" if is_first else self.cursor(rows[0]))

    def following(self, entries: models.QuerySet, *, size: int, after: str = "") -> list[Any]:
        """The first rows in order; with a cursor, the first after it."""
        key = self._parse(entries.model, after)
        if key:
            entries = entries.filter(self._beyond(key, "gt"))
        return list(entries.order_by(*self.fields)[:size])

    def chunks(self, entries: models.QuerySet, *, size: int) -> Iterator[list[Any]]:
        """All rows in order, `size` at a time: one query a chunk, one chunk in memory."""
        rows = self.following(entries, size=size)
        while rows:
            yield rows
            if len(rows) < size:
                return
            rows = self.following(entries, size=size, after=self.cursor(rows[-1]))

    def cursor(self, row: Any) -> str:
        """Where a row stands, as an address can hold it."""
        values = (getattr(row, name) for name in self.fields)
        return BETWEEN.join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)

    def _beyond(self, key: list[Any], side: str) -> Q:
        first, value = self.fields[0], key[0]
        if len(self.fields) == 1:
            return Q(**{f"{first}__{side}": value})
        second = self.fields[1]
        # The first condition bounds the index, the second one settles those of the same moment.
        return Q(**{f"{first}__{side}e": value}) & (
            Q(**{f"{first}__{side}": value}) | Q(**{f"{second}__{side}": key[1]})
        )

    def _parse(self, model: type[models.Model], cursor: str) -> list[Any] | None:
        parts = cursor.split(BETWEEN)
        if len(parts) != len(self.fields):
            return None
        try:
            key = [_field(model, name).to_python(part) for name, part in zip(self.fields, parts, strict=True)]
        except (ValidationError, ValueError):
            return None
        moments = [value for value in key if isinstance(value, datetime)]
        if any(value.tzinfo is None or value.year not in SENSIBLE_YEARS for value in moments):
            return None
        return key


def _field(model: type[models.Model], name: str) -> models.Field:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of {model._meta.label}")
    return field
