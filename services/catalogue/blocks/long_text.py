"""Several lines of text."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from .base import WHOLE, Kind, Lines, required_message

MAX_LENGTH = 2000


class LongText(Kind):
    name = "long_text"
    label = _("Chữ, nhiều dòng")
    icon = "pilcrow"

    def options(self):
        return [
            (
                "max_length",
                blocks.IntegerBlock(
                    required=False, min_value=1, max_value=10_000, default=MAX_LENGTH, label=_("Số chữ tối đa")
                ),
            )
        ]

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        field = forms.CharField(
            max_length=spec.options.get("max_length") or MAX_LENGTH,
            widget=forms.Textarea({"rows": 4}),
            error_messages=required_message(_("Hãy điền câu trả lời.")),
            **self._field_options(spec),
        )
        return {WHOLE: field}

    def display(self, spec: FieldSpec, value: str | None) -> Lines:
        return Lines((value or "").splitlines())
