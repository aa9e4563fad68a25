"""The form of a published procedure, one page at a time, and what its answers come to.

Answers are JSON: field key → value, as each kind stores it. A question whose condition does not
hold is not asked and has no answer, whatever was stored or posted for it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.core.languages import around, marked, sentence

from .blocks import KINDS, Kind, Lines, kind_of
from .blocks.file import File
from .definition import ANSWER, Condition, Definition, FieldSpec, Section
from .lookups import is_replaced

FILE = File.name


class Problem(NamedTuple):
    """Something to mend before a dossier can be sent, and where."""

    page_key: str
    field_key: str
    message: str


# --- What the answers come to --------------------------------------------------------------------


def asked_answers(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the questions that are asked; what an earlier choice has made moot is left out."""
    found: dict[str, Any] = {}
    for spec in definition.fields():
        value = answers.get(spec.key)
        if value is not None and spec.asked(found):
            found[spec.key] = value
    return found


def asked_findings(definition: Definition, answers: Mapping[str, Any], findings: Mapping[str, Any]) -> dict[str, Any]:
    """The officer's findings that are asked for; they may depend on the answers and on one another."""
    known, found = asked_answers(definition, answers), {}
    for spec in definition.findings:
        value = findings.get(spec.key)
        if value is not None and spec.asked(known):
            known[spec.key] = found[spec.key] = value
    return found


def findings_in_words(
    definition: Definition, answers: Mapping[str, Any], findings: Mapping[str, Any]
) -> list[tuple[FieldSpec, Lines]]:
    """Every finding asked for, with what was found in words; empty where nothing was yet."""
    found = asked_findings(definition, answers, findings)
    known = {**asked_answers(definition, answers), **found}
    return [
        (spec, kind_of(spec).display(spec, found.get(spec.key))) for spec in definition.findings if spec.asked(known)
    ]


def missing_findings(definition: Definition, answers: Mapping[str, Any], findings: Mapping[str, Any]) -> list[Problem]:
    """What stands in the way of the result: findings nobody wrote down, or that are wrong by today's rules."""
    found = asked_findings(definition, answers, findings)
    known = {**asked_answers(definition, answers), **found}
    return [
        Problem("", spec.key, f"“{spec.label}”: {message}")
        for spec in definition.findings
        if spec.asked(known)
        for message in kind_of(spec).problems(spec, found.get(spec.key))
    ]


def summary(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[Section, list[tuple[FieldSpec, Lines]]]]:
    """Every question asked, page by page, with its answer in words; papers are not among them.

    An answer is `Lines`: a list of lines that prints as one sentence; empty when there is none.
    """
    found = asked_answers(definition, answers)
    pages = []
    for section in definition.sections:
        rows = [
            (spec, kind_of(spec).display(spec, found.get(spec.key)))
            for spec in section.fields
            if spec.kind != FILE and spec.asked(found)
        ]
        if rows:
            pages.append((section, rows))
    return pages


def problems(definition: Definition, answers: Mapping[str, Any], attached_keys: Collection[str]) -> list[Problem]:
    """What stands in the way of sending, in the order of the form. `attached_keys` have a file."""
    found = asked_answers(definition, answers)
    result = []
    for page in definition.pages:
        for spec in page.fields:
            if not spec.asked(found):
                continue
            if spec.kind == FILE:
                missing = spec.required and spec.key not in attached_keys and not is_replaced(spec, answers)
                messages = [_("Bạn chưa tải lên giấy tờ này.")] if missing else []
            else:
                messages = kind_of(spec).problems(spec, found.get(spec.key))
            label = marked(spec.label)
            result += [Problem(page.key, spec.key, format_html("“{}”: {}", label, message)) for message in messages]
    return result


def file_fields(section: Section, answers: Mapping[str, Any]) -> list[FieldSpec]:
    """The papers this page asks for, as answered so far."""
    return [spec for spec in section.fields if spec.kind == FILE and spec.asked(answers)]


def from_building(definition: Definition, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that the book of a building already has (`blocks.house`)."""
    answers = {}
    for spec in definition.fields():
        if spec.kind != FILE and (value := kind_of(spec).from_building(spec, facts)) is not None:
            answers[spec.key] = value
    return answers


def for_building(
    definition: Definition, answers: Mapping[str, Any], findings: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The same facts the other way: what form and findings say of them. What the officers found stands in place of
    the answer they compared it with."""
    said, found = asked_answers(definition, answers), findings or {}
    said |= {
        spec.options[ANSWER]: found[spec.key]
        for spec in definition.findings
        if spec.options.get(ANSWER) in said and found.get(spec.key) is not None
    }
    facts: dict[str, Any] = {}
    for spec in definition.fields():
        if spec.kind != FILE and said.get(spec.key) is not None:
            facts |= kind_of(spec).for_building(spec, said[spec.key])
    return facts


def applicant(definition: Definition, answers: Mapping[str, Any]) -> dict[str, str]:
    """What the form says about the person filing: full_name, personal_number, address, … as far as asked."""
    found = asked_answers(definition, answers)
    facts: dict[str, str] = {}
    for spec in definition.fields():
        if spec.key in found and prefills(spec, found):
            facts = {**kind_of(spec).facts(spec, found[spec.key]), **facts}
    return {name: text for name, text in facts.items() if text}


def applicant_name(definition: Definition, answers: Mapping[str, Any]) -> str:
    return applicant(definition, answers).get("full_name", "")


def prefills(spec: FieldSpec, answers: Mapping[str, Any]) -> bool:
    """Whether this question is about the person filing, as answered so far ("vai_tro=ben_nam")."""
    field, _equals, value = str(spec.options.get("profile_when") or "").partition("=")
    return not field or Condition(field.strip(), (value.strip(),)).holds(answers)


# --- One page ------------------------------------------------------------------------------------


def section_form(
    section: Section,
    *,
    definition: Definition,
    answers: Mapping[str, Any],
    user: Any,
    data: QueryDict | Mapping[str, Any] | None = None,
) -> "SectionForm":
    """One page as a Django form. `answers` are the dossier's so far; without `data` it is filled
    from them and from what the account knows. Papers are not in it: see `file_fields`.
    """
    return SectionForm(section, definition, answers, user, data)


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
    """One page of a procedure's form.

    `questions` in order for the template, `answers()` as JSON once it is bound. Unknown names in
    the data are never looked at. A press of a group's add or remove button rearranges the rows:
    the form is then not valid, has no errors, and shows all that was typed.
    """

    template_name = "catalogue/section_form.html"
    use_required_attribute = False  # errors are told in words, and a hidden question must not stop the form

    def __init__(self, section: Section, definition: Definition, answers: Mapping[str, Any], user: Any, data) -> None:
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
