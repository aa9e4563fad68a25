"""The form of a published procedure, one page at a time; its answers are kept as `answers` reads them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.core.languages import around, marked, sentence

from .answers import FILE, asked_answers, prefills
from .blocks import KINDS, Kind, kind_of
from .definition import Condition, Definition, FieldSpec, Section


@dataclass
class Question:
    """One question on the page: its controls, and on what it depends on the same page."""

    form: "SectionForm"
    spec: FieldSpec
    kind: Kind
    names: list[str]
    rows: int = 1

    @property
    def when(self) -> Condition | None:
        """The condition the page itself decides; others were decided before."""
        condition = self.spec.when
        return condition if condition and condition.field in self.form.page_keys else None

    @property
    def condition_in_words(self) -> str:
        """Said to those whose browser does not hide the question by itself."""
        if self.when is None:
            return ""
        other = self.form.definition.field(self.when.field)
        labels = " / ".join(str(KINDS[other.kind].display(other, value)) for value in self.when.values)
        rule = _("Chỉ trả lời nếu bạn chọn “%(choice)s” ở câu “%(question)s”.")
        return sentence(rule, choice=marked(labels), question=marked(other.label))

    def controls(self) -> Iterator[BoundField]:
        return (self.form[name] for name in self.names)

    def row_controls(self) -> list[list[BoundField]]:
        """The controls of a repeated group, row by row."""
        rows: list[list[BoundField]] = [[] for _row in range(self.rows)]
        for name in self.names:
            row = int(name.removeprefix(f"{self.spec.key}-").partition("-")[0])
            rows[row].append(self.form[name])
        return rows

    @property
    def count_name(self) -> str:
        return f"{self.spec.key}-count"

    @property
    def add_name(self) -> str:
        return f"{self.spec.key}-add"

    @property
    def remove_name(self) -> str:
        return f"{self.spec.key}-remove"

    @property
    def row_label(self) -> str:
        return self.spec.options.get("row_label") or self.spec.label

    @property
    def can_add(self) -> bool:
        return self.kind.repeats and self.rows < self.kind.most(self.spec)

    @property
    def can_remove(self) -> bool:
        return self.kind.repeats and self.rows > max(self.kind.least(self.spec), 1)


class SectionForm(forms.Form):
    """One page of a procedure's form. `answers` are the dossier's so far; without `data` it is filled from them and
    from what the account of `user` knows. Papers are not in it: see `answers.file_fields`.

    `questions` in order for the template, `answers()` as JSON once it is bound. Unknown names in
    the data are never looked at. A press of a group's add or remove button rearranges the rows:
    the form is then not valid, has no errors, and shows all that was typed.
    """

    template_name = "catalogue/section_form.html"
    use_required_attribute = False  # errors are told in words, and a hidden question must not stop the form

    def __init__(
        self,
        section: Section,
        *,
        definition: Definition,
        answers: Mapping[str, Any],
        user: Any,
        data: QueryDict | Mapping[str, Any] | None = None,
    ) -> None:
        self.section, self.definition = section, definition
        self.page_keys = {spec.key for spec in section.fields}
        self.earlier = {
            key: value for key, value in asked_answers(definition, answers).items() if key not in self.page_keys
        }
        self.rearranged = False
        for spec in section.fields:
            if data is not None and spec.kind in KINDS and KINDS[spec.kind].repeats:
                data = self._rearrange(spec, data)
        super().__init__(data)
        self.questions: list[Question] = []
        for spec in section.fields:
            if spec.kind != FILE and self._may_be_asked(spec):
                self.questions.append(self._add_question(spec, answers, user))
        if self.rearranged:
            self._errors, self.cleaned_data = ErrorDict(), {}

    def is_valid(self) -> bool:
        return not self.rearranged and super().is_valid()

    def answers(self) -> dict[str, Any]:
        """Every question of the page with its answer, None where it has none or is not asked.

        Of a form with errors: what is right of it.
        """
        if not self.is_bound:
            return {}
        self.errors  # noqa: B018 - cleans the data
        found: dict[str, Any] = dict.fromkeys(spec.key for spec in self.section.fields if spec.kind != FILE)
        return {**found, **getattr(self, "_found", {})}

    # --- Building --------------------------------------------------------------------------------

    def _may_be_asked(self, spec: FieldSpec) -> bool:
        """What this page cannot decide has been decided before."""
        return spec.when is None or spec.when.field in self.page_keys or spec.when.holds(self.earlier)

    def _add_question(self, spec: FieldSpec, answers: Mapping[str, Any], user: Any) -> Question:
        kind = kind_of(spec)
        value = answers.get(spec.key)
        cleared = spec.key in answers and not spec.required  # left empty on purpose
        if value is None and not cleared and prefills(spec, self.earlier):
            value = kind.prefill(spec, user)
        rows = self._rows(spec, kind, value) if kind.repeats else 1
        initial = kind.to_parts(spec, value)
        names = []
        for part, field in kind.form_fields(spec, rows).items():
            name = f"{spec.key}-{part}" if part else spec.key
            field.initial = initial.get(part)
            _mark_words_of_authors(field)
            self.fields[name] = field
            names.append(name)
        return Question(self, spec, kind, names, rows)

    def _rows(self, spec: FieldSpec, kind: Any, value: Any) -> int:
        shown = _count(self.data.get(f"{spec.key}-count")) if self.is_bound else len(value or ())
        return max(1, kind.least(spec), min(shown, kind.most(spec)))

    def _rearrange(self, spec: FieldSpec, data: Any) -> Any:
        """The data with one row more or less when a group's button was pressed."""
        count = _count(data.get(f"{spec.key}-count"))
        if f"{spec.key}-add" in data:
            self.rearranged = True
            return _copy(data, {f"{spec.key}-count": str(count + 1)})
        if f"{spec.key}-remove" not in data:
            return data
        self.rearranged = True
        gone = _count(data.get(f"{spec.key}-remove"))
        row_name = re.compile(rf"^{re.escape(spec.key)}-(\d{{1,3}})-(.+)$")
        kept = QueryDict(mutable=True)
        for name, values in _copy(data, {}).lists():
            match = row_name.match(name)
            if match and int(match[1]) == gone:
                continue
            row = int(match[1]) if match else 0
            kept.setlist(f"{spec.key}-{row - 1}-{match[2]}" if match and row > gone else name, values)
        kept[f"{spec.key}-count"] = str(max(count - 1, 0))
        return kept

    # --- Cleaning --------------------------------------------------------------------------------

    def full_clean(self) -> None:
        # Whether these must be answered is known only when the rest of the page is.
        self._insisted_later = [name for name in self._undecided() if self.fields[name].required]
        for name in self._insisted_later:
            self.fields[name].required = False
        try:
            super().full_clean()
        finally:
            for name in self._insisted_later:
                self.fields[name].required = True

    def _undecided(self) -> Iterator[str]:
        for question in self.questions:
            if question.when:
                yield from question.names
            elif question.kind.repeats:
                yield from self._empty_rows(question)

    def _empty_rows(self, question: Question) -> Iterator[str]:
        """Controls of the rows left empty beyond those the group needs: such rows are simply dropped."""
        for row, controls in enumerate(question.row_controls()):
            typed = {control.name.rpartition("-")[2]: _typed(control) for control in controls}
            if row >= question.kind.least(question.spec) and not question.kind.is_answered(typed):
                yield from (control.name for control in controls)

    def clean(self) -> dict[str, Any]:
        found = dict(self.earlier)
        self._found: dict[str, Any] = {}
        for question in self.questions:
            if not question.spec.asked(found):
                for name in question.names:
                    self._errors.pop(name, None)
                continue
            if question.when:
                self._insist(question)
            if any(name in self._errors for name in question.names):
                continue
            stem = f"{question.spec.key}-"
            parts = {
                (name.removeprefix(stem) if name != question.spec.key else ""): self.cleaned_data.get(name)
                for name in question.names
            }
            value = question.kind.from_parts(question.spec, parts)
            if value is not None:
                found[question.spec.key] = self._found[question.spec.key] = value
        return self.cleaned_data

    def _insist(self, question: Question) -> None:
        for name in question.names:
            empty = name not in self._errors and self.cleaned_data.get(name) in (None, "")
            if empty and name in self._insisted_later:
                self.add_error(name, self.fields[name].error_messages["required"])


def _typed(control: BoundField) -> str:
    """What was typed into a control, or into any of its parts."""
    typed = control.data
    return "".join(str(text or "") for text in (typed if isinstance(typed, list | tuple) else [typed]))


def _mark_words_of_authors(field: forms.Field) -> None:
    """Authors' words are plain text in Vietnamese; what the portal asks of itself is lazy and translated."""
    if around() == "vi":
        return
    if type(field.label) is str:
        field.label = marked(field.label)
    if type(field.help_text) is str:
        field.help_text = marked(field.help_text)
    # An option of a select holds no element: `SelectName`.
    if isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.RadioSelect):
        field.choices = [(value, marked(label) if type(label) is str else label) for value, label in field.choices]


def _count(text: Any) -> int:
    """A number of rows as posted; what is none counts as nought."""
    text = str(text or "")
    return int(text) if text.isdecimal() and len(text) <= 3 else 0


def _copy(data: Any, changes: Mapping[str, str]) -> QueryDict:
    copied = QueryDict(mutable=True)
    for name in data:
        copied.setlist(name, data.getlist(name) if hasattr(data, "getlist") else [data[name]])
    for name, value in changes.items():
        copied[name] = value
    return copied
