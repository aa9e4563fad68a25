"""The document a procedure hands out: its blocks with the answers in place of {placeholders}.

There is no template language: a placeholder is a name from a whitelist in braces, replaced once.
What people typed is never looked at for placeholders, so nothing typed can reach anything.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .answers import FILE, asked_answers, asked_findings
from .blocks import Lines, kind_of
from .definition import Condition, Definition, Result

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")

# What the dossier itself knows; `services.dossiers.slips` gives the values.
SYSTEM: dict[str, str | Promise] = {
    "ward": _("tên phường"),
    "agency": _("tên cơ quan cấp"),
    "code": _("mã hồ sơ"),
    "applicant": _("tên người nộp"),
    "date": _("ngày cấp, dạng 05/02/2026"),
}


@dataclass(frozen=True)
class Values:
    """What placeholders stand for in one dossier, and the answers conditions are held against."""

    texts: Mapping[str, str]
    answers: Mapping[str, Any]


def placeholders(definition: Definition) -> dict[str, str]:
    """Every placeholder a result may use, with its label: the system's, the form's keys, the findings', their parts."""
    found = {name: str(label) for name, label in SYSTEM.items()}
    for spec in (*definition.fields(), *definition.findings):
        if spec.kind == FILE:
            continue
        found[spec.key] = spec.label
        for part, label in kind_of(spec).parts(spec).items():
            found[f"{spec.key}.{part}"] = f"{spec.label}: {label}"
    return found


def unknown_in(text: str, allowed: Mapping[str, str]) -> list[str]:
    """What stands in braces without being a placeholder, as written; stray braces too."""
    unknown = [match[0] for match in PLACEHOLDER.finditer(text) if match[1] not in allowed]
    rest = PLACEHOLDER.sub("", text)
    strays = re.findall(r"\{[^{}]*\}", rest)
    if not strays and re.search(r"[{}]", rest):
        strays = ["{" if "{" in rest else "}"]
    return unknown + strays


def values(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    system: Mapping[str, str],
    findings: Mapping[str, Any] | None = None,
) -> Values:
    """The text of every placeholder for these answers and findings. What is not asked or answered is empty."""
    found = {**asked_answers(definition, answers), **asked_findings(definition, answers, findings or {})}
    texts = {name: str(system.get(name, "")) for name in SYSTEM}
    for spec in (*definition.fields(), *definition.findings):
        if spec.kind == FILE:
            continue
        kind, value = kind_of(spec), found.get(spec.key)
        texts[spec.key] = _rows(kind.display(spec, value)) if kind.repeats else str(kind.display(spec, value))
        for part in kind.parts(spec):
            texts[f"{spec.key}.{part}"] = kind.part(spec, value, part)
    return Values(texts, found)


def _rows(lines: Lines) -> str:
    """The rows of a repeated group, numbered, one below the other."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def fill(text: str, texts: Mapping[str, str]) -> str:
    """The text with each placeholder replaced, once. One that is not known is left out."""
    return PLACEHOLDER.sub(lambda match: texts.get(match[1], ""), text)


def render_blocks(result: Result, values: Values) -> list[dict[str, Any]]:
    """The blocks whose condition holds, as plain text for a template to lay out:

    {"type": "paragraph" | "heading", "text"}, {"type": "row", "label", "text"},
    {"type": "columns", "columns": [{"title", "rows": [{"label", "text"}]}]}.

    Each line of a paragraph is a paragraph of its own, indented as NĐ 30/2020 has it.
    """
    filled = (_filled(block, values.texts) for block in result.blocks if _holds(block, values.answers))
    return [single for block in filled for single in _by_line(block)]


def texts_of(block: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a block that may hold placeholders, with the path to it."""
    for name in ("text", "label", "value"):
        if block.get(name):
            yield (name,), block[name]
    for i, column in enumerate(block.get("columns", ())):
        yield ("columns", i, "title"), column.get("title", "")
        for j, row in enumerate(column["rows"]):
            yield ("columns", i, "rows", j, "label"), row["label"]
            yield ("columns", i, "rows", j, "value"), row["value"]


def condition_of(block: Mapping[str, Any]) -> Condition | None:
    when = block.get("when")
    return Condition(when["field"], tuple(when["values"])) if when else None


def _holds(block: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    condition = condition_of(block)
    return condition is None or condition.holds(answers)


def _filled(block: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    if block["type"] == "columns":
        columns = [
            {"title": fill(column.get("title", ""), texts), "rows": [_row(row, texts) for row in column["rows"]]}
            for column in block["columns"]
        ]
        return {"type": "columns", "columns": columns}
    if block["type"] == "row":
        return {"type": "row", **_row(block, texts)}
    return {"type": block["type"], "text": fill(block["text"], texts)}


def _by_line(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["type"] != "paragraph":
        return [block]
    return [{**block, "text": line} for line in block["text"].strip().splitlines()]


def _row(row: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    return {"label": fill(row["label"], texts), "text": fill(row["value"], texts)}
