"""A person: the facts civil-status papers name people by. The author chooses which are asked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core.forms import SelectName, choices_with_prompt
from portal.core.vietnamese import date_in_words
from services.catalogue.definition import FieldSpec

from . import profile
from .base import Kind, Lines, required_message
from .date import date_field, in_digits
from .ethnic_groups import ETHNIC_GROUPS
from .personal_number import PersonalNumberField

PARTS = {
    "ho_ten": _("Họ, chữ đệm và tên"),
    "ngay_sinh": _("Ngày sinh"),
    "gioi_tinh": _("Giới tính"),
    "dan_toc": _("Dân tộc"),
    "quoc_tich": _("Quốc tịch"),
    "so_dinh_danh": _("Số định danh cá nhân"),
    "noi_cu_tru": _("Nơi cư trú"),
}
PROFILE = {
    "ho_ten": "full_name",
    "ngay_sinh": "birth_date",
    "so_dinh_danh": "personal_number",
    "noi_cu_tru": "address",
}
SEXES = {"nam": _("Nam"), "nu": _("Nữ")}
HOME_NATIONALITY = "Việt Nam"
IN_WORDS = "ngay_sinh_bang_chu"


class OldEnough:
    """Refuses a birth date that makes the person younger than this today."""

    def __init__(self, years: int) -> None:
        self.years = years

    def __call__(self, born: date) -> None:
        today = timezone.localdate()
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if age < self.years:
            raise ValidationError(_("Phải đủ %(years)s tuổi."), code="too_young", params={"years": self.years})


class Person(Kind):
    name = "person"
    label = _("Một người")
    icon = "user"
    compound = True
    beforehand = {"quoc_tich": HOME_NATIONALITY}

    def options(self):
        choices = list(PARTS.items())
        return [
            (
                "parts",
                blocks.MultipleChoiceBlock(
                    choices, default=list(PARTS), widget=forms.CheckboxSelectMultiple, label=_("Hỏi những gì")
                ),
            ),
            (
                "optional_parts",
                blocks.MultipleChoiceBlock(
                    choices, required=False, widget=forms.CheckboxSelectMultiple, label=_("Không bắt buộc")
                ),
            ),
            (
                "min_age",
                blocks.IntegerBlock(
                    required=False,
                    min_value=1,
                    max_value=120,
                    label=_("Tuổi ít nhất"),
                    help_text=_("kết hôn: nam 20, nữ 18"),
                ),
            ),
            ("profile", blocks.BooleanBlock(required=False, label=_("Điền sẵn từ tài khoản: đây là người nộp"))),
            (
                "profile_when",
                blocks.CharBlock(
                    required=False,
                    label=_("Chỉ điền sẵn khi"),
                    help_text=_("khóa=trả lời của một câu ở trang trước, ví dụ vai_tro=ben_nam"),
                ),
            ),
        ]

    def mistakes(self, spec: FieldSpec) -> dict[str, str]:
        if not self._asked(spec):
            return {"parts": str(_("Chọn ít nhất một điều để hỏi."))}
        return {}

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        optional = spec.options.get("optional_parts") or ()
        own = bool(spec.options.get("profile")) and not spec.options.get("profile_when")
        return {
            part: self._field(
                part, own=own, min_age=spec.options.get("min_age"), required=spec.required and part not in optional
            )
            for part in self._asked(spec)
        }

    def _field(self, part: str, *, own: bool, min_age: int | None, required: bool) -> forms.Field:
        common: dict[str, Any] = {"label": PARTS[part], "required": required}
        if part == "ngay_sinh":
            validators = [OldEnough(min_age)] if min_age else []
            return date_field("past", autocomplete="bday" if own else "", validators=validators, **common)
        if part == "gioi_tinh":
            return forms.ChoiceField(
                choices=list(SEXES.items()),
                widget=forms.RadioSelect,
                error_messages=required_message(_("Chọn giới tính.")),
                **common,
            )
        if part == "dan_toc":
            return forms.ChoiceField(
                choices=choices_with_prompt([(name, name) for name in ETHNIC_GROUPS], _("Chọn dân tộc")),
                widget=SelectName,
                error_messages=required_message(_("Chọn dân tộc.")),
                **common,
            )
        if part == "so_dinh_danh":
            return PersonalNumberField(own=own, help_text=_("12 chữ số trên thẻ căn cước"), **common)
        attributes: dict[str, str] = {}
        if own and part in ("ho_ten", "noi_cu_tru"):
            attributes["autocomplete"] = "name" if part == "ho_ten" else "street-address"
        if part == "noi_cu_tru":
            return forms.CharField(
                max_length=300,
                help_text=_("Căn hộ, tòa nhà hoặc số nhà, đường; phường; thành phố"),
                widget=forms.Textarea({"rows": 2, **attributes}),
                error_messages=required_message(_("Hãy điền nơi cư trú.")),
                **common,
            )
        missing = _("Hãy điền họ, chữ đệm và tên.") if part == "ho_ten" else _("Hãy điền quốc tịch.")
        return forms.CharField(
            max_length=120,
            widget=forms.TextInput(attributes),
            error_messages=required_message(missing),
            **common,
        )

    def to_parts(self, spec: FieldSpec, value: Mapping[str, str] | None) -> dict[str, Any]:
        return {part: (value or {}).get(part, self.beforehand.get(part, "")) for part in self._asked(spec)}

    def from_parts(self, spec: FieldSpec, cleaned) -> dict[str, str] | None:
        value = {part: _plain(cleaned.get(part)) for part in self._asked(spec)}
        return value if self.is_answered(value) else None

    def prefill(self, spec: FieldSpec, user: Any) -> dict[str, str] | None:
        if not spec.options.get("profile"):
            return None
        found = {part: profile.known(user, PROFILE[part]) or "" for part in self._asked(spec) if part in PROFILE}
        return found if any(found.values()) else None

    def display(self, spec: FieldSpec, value: Mapping[str, str] | None) -> Lines:
        if not value:
            return Lines()
        lines = [value["ho_ten"]] if value.get("ho_ten") else []
        lines += [
            f"{PARTS[part]}: {self.part(spec, value, part)}"
            for part in self._asked(spec)
            if part != "ho_ten" and value.get(part)
        ]
        return Lines(lines)

    def parts(self, spec: FieldSpec):
        asked = {part: PARTS[part] for part in self._asked(spec)}
        return {**asked, **({IN_WORDS: _("Ngày sinh bằng chữ")} if "ngay_sinh" in asked else {})}

    def part(self, spec: FieldSpec, value: Mapping[str, str] | None, part: str) -> str:
        value = value or {}
        if part == IN_WORDS:
            return date_in_words(date.fromisoformat(value["ngay_sinh"])) if value.get("ngay_sinh") else ""
        text = value.get(part, "")
        if part == "ngay_sinh":
            return in_digits(text)
        return str(SEXES.get(text, text)) if part == "gioi_tinh" else text

    def facts(self, spec: FieldSpec, value: Mapping[str, str]) -> dict[str, str]:
        if not spec.options.get("profile"):
            return {}
        return {name: self.part(spec, value, part) for part, name in PROFILE.items()}

    def _asked(self, spec: FieldSpec) -> list[str]:
        chosen = spec.options.get("parts") or list(PARTS)
        return [part for part in PARTS if part in chosen]


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return value or ""
