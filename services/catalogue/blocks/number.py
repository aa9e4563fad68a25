"""A whole number: copies, people, square metres."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from . import house
from .base import WHOLE, Kind, Lines


class Number(Kind):
    name = "number"
    label = _("Số")
    icon = "order"

    def options(self):
        return [
            ("minimum", blocks.IntegerBlock(required=False, label=_("Nhỏ nhất"))),
            ("maximum", blocks.IntegerBlock(required=False, label=_("Lớn nhất"))),
            ("unit", blocks.CharBlock(required=False, max_length=30, label=_("Đơn vị"), help_text=_("bản, người, m²"))),
            ("default", blocks.IntegerBlock(required=False, label=_("Điền sẵn"))),
            house.option("flats"),
        ]

    def mistakes(self, spec: FieldSpec) -> dict[str, str]:
        low, high = spec.options.get("minimum"), spec.options.get("maximum")
        if low is not None and high is not None and low > high:
            return {"maximum": str(_("Số lớn nhất nhỏ hơn số nhỏ nhất."))}
        return {}

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        # A text control with a numeric keyboard: a number control changes under the mouse wheel.
        field = forms.IntegerField(
            min_value=spec.options.get("minimum"),
            max_value=spec.options.get("maximum"),
            widget=forms.TextInput({"inputmode": "numeric", "class": "input-4"}),
            error_messages={
                "required": _("Hãy điền một số."),
                "invalid": _("Chỉ điền chữ số, ví dụ 2."),
                "min_value": _("Điền số từ %(limit_value)s trở lên."),
                "max_value": _("Điền số không quá %(limit_value)s."),
            },
            **self._field_options(spec),
        )
        return {WHOLE: field}

    def prefill(self, spec: FieldSpec, user: Any) -> int | None:
        return spec.options.get("default")

    def display(self, spec: FieldSpec, value: int | None) -> Lines:
        if value is None:
            return Lines()
        return Lines([f"{value} {spec.options.get('unit') or ''}".strip()])
