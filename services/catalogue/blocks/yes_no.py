"""Yes or no."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.catalogue.definition import FieldSpec

from .base import WHOLE, Kind, Lines

YES, NO = "yes", "no"
LABELS = {YES: _("Có"), NO: _("Không")}


class YesNo(Kind):
    name = "yes_no"
    label = _("Có hoặc không")
    icon = "check"

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        field = forms.ChoiceField(
            choices=list(LABELS.items()),
            widget=forms.RadioSelect,
            error_messages={"required": _("Chọn “Có” hoặc “Không”.")},
            **self._field_options(spec),
        )
        return {WHOLE: field}

    def values(self, spec: FieldSpec) -> tuple[str, ...]:
        return (YES, NO)

    def display(self, spec: FieldSpec, value: str | None) -> Lines:
        return Lines([str(LABELS[value])] if value in LABELS else [])
