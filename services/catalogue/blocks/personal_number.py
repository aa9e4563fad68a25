"""The twelve digits that identify a person (số định danh cá nhân; Luật Căn cước 2023, art. 12)."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from . import profile
from .base import WHOLE, Kind


class PersonalNumberField(forms.CharField):
    """Twelve digits, typed with or without spaces. Whose they are is the officer's to check."""

    default_error_messages = {
        "required": _("Hãy điền số định danh cá nhân."),
        "invalid": _("Số định danh có đúng 12 chữ số, in trên mặt trước thẻ căn cước."),
    }

    def __init__(self, *, own: bool = False, **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.widget.attrs |= {"inputmode": "numeric", "class": "input-12", "autocomplete": "on" if own else "off"}

    def clean(self, value: Any) -> str:
        number = re.sub(r"[\s.\-]", "", super().clean(value))
        if number and not re.fullmatch(r"[0-9]{12}", number):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class PersonalNumber(Kind):
    name = "personal_number"
    label = _("Số định danh cá nhân")
    icon = "user"

    def options(self):
        choices = [("personal_number", profile.NAMES["personal_number"])]
        return [("profile", blocks.ChoiceBlock(choices, required=False, label=_("Điền sẵn từ tài khoản")))]

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        return {WHOLE: PersonalNumberField(own=bool(spec.options.get("profile")), **self._field_options(spec))}

    def prefill(self, spec: FieldSpec, user: Any) -> str | None:
        return profile.known(user, spec.options.get("profile") or "")
