"""A group of questions asked as often as needed: children, earlier homes, members of a household."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from . import house
from .base import WHOLE, Kind, Lines

MOST_ROWS = 20
ROW_PART = re.compile(r"^(?P<row>\d+)-(?P<part>.+)$")


class Group(Kind):
    """Answers are rows, each a mapping of inner key to inner answer. Inner questions have no conditions."""

    name = "group"
    label = _("Nhóm lặp lại")
    icon = "copy"
    compound = True
    repeats = True

    def __init__(self, inner: Sequence[Kind]) -> None:
        self.inner = {kind.name: kind for kind in inner}
        self.beforehand = {part: text for kind in inner for part, text in kind.beforehand.items()}

    def options(self):
        questions = blocks.StreamBlock(
            [(name, kind.block()) for name, kind in self.inner.items()], min_num=1, label=_("Các câu hỏi trong nhóm")
        )
        return [
            ("fields", questions),
            ("minimum", blocks.IntegerBlock(default=1, min_value=0, max_value=MOST_ROWS, label=_("Ít nhất"))),
            ("maximum", blocks.IntegerBlock(default=5, min_value=1, max_value=MOST_ROWS, label=_("Nhiều nhất"))),
            ("row_label", blocks.CharBlock(max_length=60, label=_("Tên một dòng"), help_text=_("Nơi cư trú"))),
        ]

    def mistakes(self, spec: FieldSpec) -> dict[str, str]:
        if self.least(spec) > self.most(spec):
            return {"maximum": str(_("Số nhiều nhất nhỏ hơn số ít nhất."))}
        return {} if self.inner_specs(spec) else {"fields": str(_("Nhóm cần ít nhất một câu hỏi."))}

    def inner_specs(self, spec: FieldSpec) -> list[FieldSpec]:
        return [FieldSpec.from_json(inner) for inner in spec.options.get("fields", ())]

    def least(self, spec: FieldSpec) -> int:
        return spec.options.get("minimum", 1) if spec.required else 0

    def most(self, spec: FieldSpec) -> int:
        return min(spec.options.get("maximum") or MOST_ROWS, MOST_ROWS)

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        found = {}
        for row in range(rows):
            for inner in self.inner_specs(spec):
                for part, field in self.inner[inner.kind].form_fields(inner).items():
                    found[f"{row}-{inner.key}" + (f"-{part}" if part else "")] = field
        return found

    def to_parts(self, spec: FieldSpec, value: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
        initial = {}
        for row, answers in enumerate(value or [{}]):
            for inner in self.inner_specs(spec):
                for part, text in self.inner[inner.kind].to_parts(inner, answers.get(inner.key)).items():
                    initial[f"{row}-{inner.key}" + (f"-{part}" if part else "")] = text
        return initial

    def from_parts(self, spec: FieldSpec, cleaned) -> list[dict[str, Any]] | None:
        rows = 1 + max((int(match["row"]) for name in cleaned if (match := ROW_PART.match(name))), default=-1)
        found = []
        for row in range(rows):
            answers = {}
            for inner in self.inner_specs(spec):
                stem = f"{row}-{inner.key}"
                parts = {
                    (name[len(stem) + 1 :] if name != stem else WHOLE): value
                    for name, value in cleaned.items()
                    if name == stem or name.startswith(f"{stem}-")
                }
                answers[inner.key] = self.inner[inner.kind].from_parts(inner, parts)
            if any(value is not None for value in answers.values()):
                found.append(answers)
        return found or None

    def from_building(self, spec: FieldSpec, facts: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        """A row for each member of the board, where a question inside asks for one of its facts."""
        inside = self.inner_specs(spec)
        if not any(inner.options.get(house.OPTION) for inner in inside):
            return None
        rows = [
            {inner.key: self.inner[inner.kind].from_building(inner, member) for inner in inside}
            for member in facts.get(house.MEMBERS, ())
        ]
        return rows[: self.most(spec)] or None

    def for_building(self, spec: FieldSpec, value: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        inside = [inner for inner in self.inner_specs(spec) if inner.options.get(house.OPTION)]
        rows = [
            {
                name: fact
                for inner in inside
                if answers.get(inner.key) is not None
                for name, fact in self.inner[inner.kind].for_building(inner, answers[inner.key]).items()
            }
            for answers in value
        ]
        return {house.MEMBERS: rows} if inside else {}

    def display(self, spec: FieldSpec, value: Sequence[Mapping[str, Any]] | None) -> Lines:
        return Lines("; ".join(self._row(spec, answers)) for answers in value or ())

    def problems(self, spec: FieldSpec, value: Any) -> list[str]:
        found = super().problems(spec, value)
        if not found and value is not None and not self.least(spec) <= len(value) <= self.most(spec):
            return [
                str(_("Cần từ %(least)s đến %(most)s dòng.") % {"least": self.least(spec), "most": self.most(spec)})
            ]
        return found

    def _row(self, spec: FieldSpec, answers: Mapping[str, Any]) -> list[str]:
        shown = []
        for inner in self.inner_specs(spec):
            text = str(self.inner[inner.kind].display(inner, answers.get(inner.key)))
            if text:
                shown.append(f"{inner.label}: {text}")
        return shown
