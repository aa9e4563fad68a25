"""What the answers to a procedure's form come to: what is asked, what is missing, how it reads.

Answers are JSON: field key → value, as each kind stores it. A question whose condition does not
hold is not asked and has no answer, whatever was stored or posted for it. Findings are the
officer's answers, and go by the same rules.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.core.languages import marked

from .blocks import Lines, kind_of
from .blocks.file import File
from .definition import ANSWER, Condition, Definition, FieldSpec, Section
from .lookups import is_replaced

FILE = File.name


class Problem(NamedTuple):
    """Something to mend before a dossier can be sent, and where."""

    page_key: str
    field_key: str
    message: str


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
