"""What a kind of question is: how it is authored, asked, read, stored and printed.

One kind, one file: a subclass of `Kind` and its place in the package's list. The names of its
parts ("ngay_sinh") are Vietnamese, because authors write them in result templates.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from . import house

WHOLE = ""  # the part that is the whole answer, where a question has one control


class Lines(list[str]):
    """An answer in words: a list for whoever shows lines, one sentence for whoever prints text."""

    def __str__(self) -> str:
        return ", ".join(line for line in self if line)


class ConditionBlock(blocks.StructBlock):
    field = blocks.CharBlock(required=False, label=_("Khóa của câu hỏi trước"), help_text=_("Để trống: luôn luôn hỏi."))
    values = blocks.CharBlock(
        required=False,
        label=_("Hỏi khi trả lời là"),
        help_text=_("Mã các lựa chọn, cách nhau bằng dấu phẩy; yes hoặc no."),
    )

    class Meta:
        label = _("Chỉ hỏi khi")
        icon = "arrow-right"
        collapsed = True


class Kind:
    """A kind of question. `name` is what a `FieldSpec` and a data file call it."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    icon: ClassVar[str] = "form"
    compound: ClassVar[bool] = False  # several controls, which belong together under one legend
    repeats: ClassVar[bool] = False  # rows, added and removed
    beforehand: ClassVar[Mapping[str, str]] = {}  # parts filled in for everyone: alone they are no answer

    # --- Authoring -------------------------------------------------------------------------------

    def options(self) -> list[tuple[str, blocks.Block]]:
        """The blocks of this kind's own options."""
        return []

    def block(self, *more: tuple[str, blocks.Block]) -> blocks.StructBlock:
        """What an author fills in to ask a question of this kind; `more` than the kind's own options."""
        common = [
            ("key", blocks.CharBlock(max_length=40, label=_("Khóa"), help_text=_("Chữ thường không dấu: ho_ten"))),
            ("label", blocks.CharBlock(max_length=200, label=_("Câu hỏi"))),
            ("hint", blocks.TextBlock(required=False, rows=2, label=_("Lời hướng dẫn"))),
            ("required", blocks.BooleanBlock(required=False, default=True, label=_("Bắt buộc"))),
        ]
        return blocks.StructBlock(
            [*common, *self.options(), *more, ("when", ConditionBlock(required=False))],
            label=self.label,
            icon=self.icon,
            label_format="{label}",
        )

    def mistakes(self, spec: FieldSpec) -> dict[str, str]:
        """What is wrong with the options an author gave, by the option's name."""
        return {}

    # --- Asking ----------------------------------------------------------------------------------

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        """The controls by part; `WHOLE` for a question with a single one. None for files."""
        raise NotImplementedError

    def to_parts(self, spec: FieldSpec, value: Any) -> dict[str, Any]:
        """A stored answer as initial values of the controls."""
        return {WHOLE: value}

    def from_parts(self, spec: FieldSpec, cleaned: Mapping[str, Any]) -> Any:
        """What the controls cleaned to, as JSON; None when nothing was answered."""
        value = cleaned.get(WHOLE)
        return None if value in (None, "") else value

    def prefill(self, spec: FieldSpec, user: Any) -> Any:
        """What the account already knows, as a stored answer; None when it knows nothing."""
        return None

    def from_building(self, spec: FieldSpec, facts: Mapping[str, Any]) -> Any:
        """What the book of a building already knows (`house`), as a stored answer; None when it knows nothing."""
        return house.known(spec, facts)

    def for_building(self, spec: FieldSpec, value: Any) -> dict[str, Any]:
        """The same fact the other way: what a stored answer says that the book of a building keeps."""
        name = spec.options.get(house.OPTION)
        return {name: value} if name else {}

    # --- Reading ---------------------------------------------------------------------------------

    def values(self, spec: FieldSpec) -> tuple[str, ...]:
        """The answers a condition may name; empty where conditions make no sense."""
        return ()

    def display(self, spec: FieldSpec, value: Any) -> Lines:
        """The answer as people read it."""
        return Lines([] if value in (None, "") else [str(value)])

    def parts(self, spec: FieldSpec) -> dict[str, str | Promise]:
        """What `{key.part}` may name in a result, with a label for authors."""
        return {}

    def part(self, spec: FieldSpec, value: Any, part: str) -> str:
        """The text of `{key.part}`."""
        return ""

    def facts(self, spec: FieldSpec, value: Any) -> dict[str, str]:
        """What the answer says about the person filing, by the names of the profile."""
        name = spec.options.get("profile")
        return {name: str(self.display(spec, value))} if isinstance(name, str) and name else {}

    def is_answered(self, parts: Mapping[str, Any]) -> bool:
        """Whether someone gave an answer, beyond what was filled in beforehand."""
        return any(text not in (None, "", self.beforehand.get(part)) for part, text in parts.items())

    def problems(self, spec: FieldSpec, value: Any) -> list[str]:
        """What is wrong with a stored answer today, by the same rules as when it was typed."""
        if value is None:
            return [str(_("Bạn chưa trả lời câu này."))] if spec.required else []
        rows = len(value) if self.repeats and isinstance(value, list) else 1
        initial = self.to_parts(spec, value)
        found = []
        for part, field in self.form_fields(spec, rows).items():
            try:
                field.clean(initial.get(part))
            except ValidationError as error:
                found += [f"{field.label}: {message}" if part else message for message in error.messages]
        return found

    def _field_options(self, spec: FieldSpec) -> dict[str, Any]:
        return {"label": spec.label, "help_text": spec.hint, "required": spec.required}


def required_message(message: str | Promise) -> dict[str, str | Promise]:
    return {"required": message}
