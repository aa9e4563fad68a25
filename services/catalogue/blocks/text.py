"""One line of text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from . import house, profile
from .base import WHOLE, Kind, required_message

MAX_LENGTH = 200
AUTOCOMPLETE = {"full_name": "name", "email": "email"}


class Text(Kind):
    name = "text"
    label = _("Chữ, một dòng")
    icon = "title"

    def options(self):
        choices = [(name, profile.NAMES[name]) for name in AUTOCOMPLETE]
        return [
            ("profile", blocks.ChoiceBlock(choices, required=False, label=_("Điền sẵn từ tài khoản"))),
            (
                "max_length",
                blocks.IntegerBlock(
                    required=False, min_value=1, max_value=500, default=MAX_LENGTH, label=_("Số chữ tối đa")
                ),
            ),
            house.option("name", "member_name", "member_flat"),
        ]

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        from_profile = spec.options.get("profile") or ""
        kind = forms.EmailField if from_profile == "email" else forms.CharField
        field = kind(
            max_length=spec.options.get("max_length") or MAX_LENGTH,
            error_messages=required_message(_("Hãy điền câu trả lời.")),
            **self._field_options(spec),
        )
        if from_profile in AUTOCOMPLETE:
            field.widget.attrs["autocomplete"] = AUTOCOMPLETE[from_profile]
        return {WHOLE: field}

    def prefill(self, spec: FieldSpec, user: Any) -> str | None:
        return profile.known(user, spec.options.get("profile") or "")
