"""An amount in whole đồng."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core.vietnamese import amount_in_words, grouped, in_dong
from services.catalogue.definition import FieldSpec

from .base import WHOLE, Kind, Lines


class DongField(forms.IntegerField):
    """Takes an amount as people write it: 1500000, 1.500.000, 1 500 000 đ."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = re.sub(r"\s*(?:đồng|đ|vnđ|vnd)\s*$", "", value.strip(), flags=re.IGNORECASE)
            if re.fullmatch(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*", value):
                value = re.sub(r"[., ]", "", value)
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return grouped(value) if isinstance(value, int) else value


class Money(Kind):
    name = "money"
    label = _("Số tiền (đồng)")
    icon = "order"

    def options(self):
        return [
            ("minimum", blocks.IntegerBlock(required=False, default=0, min_value=0, label=_("Ít nhất"))),
            ("maximum", blocks.IntegerBlock(required=False, min_value=0, label=_("Nhiều nhất"))),
        ]

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        field = DongField(
            min_value=spec.options.get("minimum") or 0,
            max_value=spec.options.get("maximum"),
            widget=forms.TextInput({"inputmode": "numeric", "class": "input-12"}),
            error_messages={
                "required": _("Hãy điền số tiền."),
                "invalid": _("Điền số tiền bằng chữ số, ví dụ 1.500.000."),
                "min_value": _("Số tiền từ %(limit_value)s đồng trở lên."),
                "max_value": _("Số tiền không quá %(limit_value)s đồng."),
            },
            **self._field_options(spec),
        )
        return {WHOLE: field}

    def display(self, spec: FieldSpec, value: int | None) -> Lines:
        return Lines([in_dong(value)] if value is not None else [])

    def parts(self, spec: FieldSpec):
        return {"bang_chu": _("bằng chữ")}

    def part(self, spec: FieldSpec, value: int | None, part: str) -> str:
        return amount_in_words(value) if value is not None else ""
