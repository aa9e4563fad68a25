"""An address down to its ward: house, ward, province (two tiers since 1/7/2025)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from . import house, profile
from .base import Kind, Lines, required_message

PARTS = {
    "chi_tiet": _("Số nhà, đường phố, hoặc căn hộ và tòa nhà"),
    "phuong": _("Phường, xã"),
    "tinh": _("Tỉnh, thành phố"),
}
AUTOCOMPLETE = {"chi_tiet": "street-address", "phuong": "address-level2", "tinh": "address-level1"}
HOME_PROVINCE = "Hà Nội"


class Address(Kind):
    name = "address"
    label = _("Địa chỉ")
    icon = "home"
    compound = True
    beforehand = {"tinh": HOME_PROVINCE}

    def options(self):
        return [
            (
                "profile",
                blocks.ChoiceBlock(
                    [("address", profile.NAMES["address"])], required=False, label=_("Điền sẵn từ tài khoản")
                ),
            ),
            (
                "detail",
                blocks.BooleanBlock(required=False, default=True, label=_("Hỏi cả số nhà (bỏ: chỉ phường và tỉnh)")),
            ),
            house.option("address"),
        ]

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        own = bool(spec.options.get("profile"))
        missing = {
            "chi_tiet": _("Hãy điền số nhà và đường phố, hoặc căn hộ và tòa nhà."),
            "phuong": _("Hãy điền phường hoặc xã."),
            "tinh": _("Hãy điền tỉnh hoặc thành phố."),
        }
        return {
            part: forms.CharField(
                label=PARTS[part],
                max_length=200,
                required=spec.required,
                error_messages=required_message(missing[part]),
                widget=forms.TextInput({"autocomplete": AUTOCOMPLETE[part]} if own else {}),
            )
            for part in self._asked(spec)
        }

    def to_parts(self, spec: FieldSpec, value: Mapping[str, str] | None) -> dict[str, Any]:
        return {part: (value or {}).get(part, self.beforehand.get(part, "")) for part in self._asked(spec)}

    def from_parts(self, spec: FieldSpec, cleaned) -> dict[str, str] | None:
        value = {part: cleaned.get(part) or "" for part in self._asked(spec)}
        return value if self.is_answered(value) else None

    def prefill(self, spec: FieldSpec, user: Any) -> dict[str, str] | None:
        text = profile.known(user, spec.options.get("profile") or "")
        if not text:
            return None
        found = profile.split_address(text)
        return {**found, "tinh": found["tinh"] or HOME_PROVINCE}

    def from_building(self, spec: FieldSpec, facts: Mapping[str, Any]) -> dict[str, str] | None:
        text = house.known(spec, facts)
        return {**(found := profile.split_address(text)), "tinh": found["tinh"] or HOME_PROVINCE} if text else None

    def display(self, spec: FieldSpec, value: Mapping[str, str] | None) -> Lines:
        if not value:
            return Lines()
        pieces = [value.get("chi_tiet", ""), _with_tier(value.get("phuong", "")), value.get("tinh", "")]
        return Lines([", ".join(piece for piece in pieces if piece)])

    def parts(self, spec: FieldSpec):
        return {part: PARTS[part] for part in self._asked(spec)}

    def part(self, spec: FieldSpec, value: Mapping[str, str] | None, part: str) -> str:
        return (value or {}).get(part, "")

    def _asked(self, spec: FieldSpec) -> list[str]:
        return [part for part in PARTS if part != "chi_tiet" or spec.options.get("detail", True)]


def _with_tier(ward: str) -> str:
    """ "Việt Hưng" → "phường Việt Hưng"; who wrote xã, phường or thị trấn is taken at their word."""
    if not ward or ward.lower().startswith(("phường ", "xã ", "thị trấn ", "đặc khu ")):
        return ward
    return f"phường {ward}"
