"""One of several answers."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core.forms import SelectName, choices_with_prompt
from services.catalogue.definition import FieldSpec

from . import house
from .base import WHOLE, Kind, Lines

MOST_RADIOS = 7  # more than these are quicker found in a list that opens
VALUE = re.compile(r"^[a-z0-9][a-z0-9_]*$")


class OptionBlock(blocks.StructBlock):
    value = blocks.CharBlock(max_length=40, label=_("Mã"), help_text=_("Chữ thường không dấu: chua_ket_hon"))
    label = blocks.CharBlock(max_length=200, label=_("Lời ghi bên cạnh"))

    class Meta:
        label = _("Lựa chọn")
        label_format = "{label}"


class Choice(Kind):
    name = "choice"
    label = _("Chọn một")
    icon = "list-ul"

    def options(self):
        return [
            ("choices", blocks.ListBlock(OptionBlock(), min_num=2, label=_("Các lựa chọn"))),
            house.option("scope", "member_role"),
        ]

    def mistakes(self, spec: FieldSpec) -> dict[str, str]:
        values = self.values(spec)
        if len(values) < 2:
            return {"choices": str(_("Cần ít nhất hai lựa chọn."))}
        if len(set(values)) < len(values):
            return {"choices": str(_("Mỗi lựa chọn cần một mã riêng."))}
        wrong = [value for value in values if not VALUE.match(value)]
        if wrong:
            return {"choices": str(_("Mã chỉ gồm chữ thường không dấu, chữ số và gạch dưới: %s") % ", ".join(wrong))}
        return {}

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        choices = list(self._labels(spec).items())
        few = len(choices) <= MOST_RADIOS
        field = forms.ChoiceField(
            choices=choices if few else choices_with_prompt(choices),
            widget=forms.RadioSelect if few else SelectName,
            error_messages={
                "required": _("Chọn một câu trả lời."),
                "invalid_choice": _("Chọn một câu trong danh sách."),
            },
            **self._field_options(spec),
        )
        return {WHOLE: field}

    def from_building(self, spec: FieldSpec, facts: Mapping[str, Any]) -> str | None:
        """The choice whose words are the book's."""
        words = house.known(spec, facts)
        return next((value for value, label in self._labels(spec).items() if label == words), None)

    def for_building(self, spec: FieldSpec, value: str) -> dict[str, Any]:
        return super().for_building(spec, self._labels(spec).get(value, value))

    def values(self, spec: FieldSpec) -> tuple[str, ...]:
        return tuple(option["value"] for option in spec.options.get("choices", ()))

    def display(self, spec: FieldSpec, value: str | None) -> Lines:
        return Lines([self._labels(spec).get(value, value)] if value else [])

    def _labels(self, spec: FieldSpec) -> dict[str, str]:
        return {option["value"]: option["label"] for option in spec.options.get("choices", ())}
