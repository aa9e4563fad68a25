"""A phone number. Stored as +84…, shown as people dial it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from . import profile
from .base import WHOLE, Kind, Lines


class Phone(Kind):
    name = "phone"
    label = _("Số điện thoại")
    icon = "mobile-alt"

    def options(self):
        choices = [("phone", profile.NAMES["phone"])]
        return [("profile", blocks.ChoiceBlock(choices, required=False, label=_("Điền sẵn từ tài khoản")))]

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        field = PhoneNumberField(
            region="VN",
            widget=forms.TextInput(
                {"type": "tel", "class": "input-12", **({"autocomplete": "tel"} if spec.options.get("profile") else {})}
            ),
            error_messages={
                "required": _("Hãy điền số điện thoại."),
                "invalid": _("Số điện thoại chưa đúng. Ví dụ đúng: 0912 345 678."),
            },
            **self._field_options(spec),
        )
        return {WHOLE: field}

    def to_parts(self, spec: FieldSpec, value: str | None) -> dict[str, Any]:
        return {WHOLE: _as_dialled(value)}

    def from_parts(self, spec: FieldSpec, cleaned) -> str | None:
        number = cleaned.get(WHOLE)
        return number.as_e164 if number else None

    def prefill(self, spec: FieldSpec, user: Any) -> str | None:
        return profile.known(user, spec.options.get("profile") or "")

    def display(self, spec: FieldSpec, value: str | None) -> Lines:
        return Lines([_as_dialled(value)] if value else [])


def _as_dialled(value: str | None) -> str:
    number = PhoneNumber.from_string(value, region="VN") if value else None
    return number.as_national if number and number.is_valid() else value or ""
