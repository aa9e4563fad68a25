"""A date. People read and type day, month, year; ISO text is stored."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core.forms import DateField
from portal.core.vietnamese import date_in_words, official_date
from services.catalogue.definition import FieldSpec

from . import house, profile
from .base import WHOLE, Kind, Lines

EARLIEST = date(1900, 1, 1)
RANGES = [("any", _("Ngày nào cũng được")), ("past", _("Không sau hôm nay")), ("future", _("Từ hôm nay trở đi"))]


def date_field(within: str = "any", **options: Any) -> DateField:
    today = timezone.localdate()
    bounds = {
        "past": {"earliest": EARLIEST, "latest": today},
        "future": {"earliest": today},
        "any": {"earliest": EARLIEST},
    }
    return DateField(**bounds[within], **options)


def in_digits(value: str | None) -> str:
    """ISO text as dd/mm/yyyy."""
    return f"{date.fromisoformat(value):%d/%m/%Y}" if value else ""


class Date(Kind):
    name = "date"
    label = _("Ngày")
    icon = "date"

    def options(self):
        return [
            ("range", blocks.ChoiceBlock(RANGES, default="any", label=_("Khoảng ngày"))),
            (
                "profile",
                blocks.ChoiceBlock(
                    [("birth_date", profile.NAMES["birth_date"])], required=False, label=_("Điền sẵn từ tài khoản")
                ),
            ),
            house.option("elected_on"),
        ]

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        own_birthday = spec.options.get("profile") == "birth_date"
        field = date_field(
            spec.options.get("range") or "any",
            autocomplete="bday" if own_birthday else "",
            **self._field_options(spec),
        )
        return {WHOLE: field}

    def from_parts(self, spec: FieldSpec, cleaned) -> str | None:
        value = cleaned.get(WHOLE)
        return value.isoformat() if value else None

    def prefill(self, spec: FieldSpec, user: Any) -> str | None:
        return profile.known(user, spec.options.get("profile") or "")

    def display(self, spec: FieldSpec, value: str | None) -> Lines:
        return Lines([in_digits(value)] if value else [])

    def parts(self, spec: FieldSpec):
        return {"bang_chu": _("bằng chữ"), "van_ban": _("ngày … tháng … năm …")}

    def part(self, spec: FieldSpec, value: str | None, part: str) -> str:
        if not value:
            return ""
        write = {"bang_chu": date_in_words, "van_ban": official_date}[part]
        return write(date.fromisoformat(value))
