"""Phone numbers as people type them, kept as the network dials them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber, to_python
from phonenumber_field.widgets import RegionalPhoneNumberWidget


def as_e164(value: PhoneNumber | str | None) -> str:
    """`0912 345 678` → `+84912345678`; what is no phone number gives ""."""
    number = to_python(value) if value else None
    return number.as_e164 if number and number.is_valid() else ""


def as_national(value: PhoneNumber | str | None) -> str:
    """`+84912345678` → `0912 345 678`, the way it is read aloud at home; foreign numbers stay international."""
    number = to_python(value) if value else None
    if not number or not number.is_valid():
        return str(value or "")
    return number.as_national if number.country_code == 84 else number.as_international


class PhoneField(PhoneNumberField):
    """A phone number of Vietnam, or of anywhere with its +code. Cleans to text in E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Số điện thoại"))
        kwargs.setdefault("widget", RegionalPhoneNumberWidget(region="VN", attrs={"autocomplete": "tel"}))
        kwargs.setdefault(
            "error_messages",
            {"invalid": _("Số điện thoại chưa đúng. Ví dụ: 0912 345 678, hoặc +49 … cho số nước ngoài.")},
        )
        super().__init__(region="VN", **kwargs)

    def clean(self, value: Any) -> str:
        return as_e164(super().clean(value))
