"""What a published version of a procedure says, typed. Plain values: no database, no forms.

A version's JSON is read through these classes; nothing else knows its keys.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import time
from typing import Any

PAPERS = "giay-to"  # the key of the section in which papers are attached


@dataclass(frozen=True)
class Condition:
    """Asked only when another field was answered with one of these values."""

    field: str
    values: tuple[str, ...]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        answer = answers.get(self.field)
        return answer is not None and str(answer) in self.values


@dataclass(frozen=True)
class FieldSpec:
    """One question. `kind` names a block of `blocks/`; `options` are that kind's own."""

    kind: str
    key: str
    label: str
    hint: str = ""
    required: bool = True
    when: Condition | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def asked(self, answers: Mapping[str, Any]) -> bool:
        return self.when is None or self.when.holds(answers)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "FieldSpec":
        when = data.get("when")
        return cls(**{**data, "when": Condition(when["field"], tuple(when["values"])) if when else None})


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    key: str
    title: str
    intro: str = ""
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True)
class StepSpec:
    """A step of the ward's work: who owes it, what is to be done, in how many working minutes."""

    key: str
    name: str
    kind: str  # receive, work, sign, issue, deliver
    position: str
    minutes: int
    task: str = ""


@dataclass(frozen=True)
class Limit:
    """The time limit. same_day (with its cut-off) or a number of working days or working minutes."""

    kind: str  # same_day, working_days, working_minutes
    amount: int = 0
    cutoff: str = "15:00"
    note: str = ""

    @property
    def cutoff_time(self) -> time:
        return time.fromisoformat(self.cutoff)


@dataclass(frozen=True)
class Fee:
    """What it costs by one channel, in đồng."""

    channel: str  # online, counter
    amount: int
    note: str = ""


@dataclass(frozen=True)
class Result:
    """The document handed out: its title, number book and body, with {placeholders}."""

    title: str
    book: str
    suffix: str
    blocks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Definition:
    code: str
    name: str
    level: int
    purpose: str
    decided_by: str
    limit: Limit
    result: Result
    eligibility: str = ""
    presence_reason: str = ""
    declaration: str = ""
    legal_basis: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    papers: tuple[FieldSpec, ...] = ()
    steps: tuple[StepSpec, ...] = ()
    fees: tuple[Fee, ...] = ()

    @property
    def pages(self) -> tuple[Section, ...]:
        """The form's pages in order: the sections, then the papers to attach."""
        if not self.papers:
            return self.sections
        return (*self.sections, Section(PAPERS, "Giấy tờ kèm theo", fields=self.papers))

    def fields(self) -> Iterator[FieldSpec]:
        for page in self.pages:
            yield from page.fields

    def field(self, key: str) -> FieldSpec:
        """The question with this key. Raises KeyError."""
        for spec in self.fields():
            if spec.key == key:
                return spec
        raise KeyError(key)

    def page(self, key: str) -> Section:
        """The page with this key. Raises KeyError."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)

    def fee(self, channel: str) -> Fee:
        return next((fee for fee in self.fees if fee.channel == channel), Fee(channel, 0))

    def to_json(self) -> dict[str, Any]:
        """As plain JSON: what was stored and read back compares equal."""
        return json.loads(json.dumps(asdict(self)))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Definition":
        """The inverse of `to_json`. Raises KeyError or TypeError on what is no definition."""
        values = dict(data)
        return cls(
            **{
                **values,
                "limit": Limit(**values["limit"]),
                "result": Result(**{**values["result"], "blocks": tuple(values["result"].get("blocks", ()))}),
                "legal_basis": tuple(values.get("legal_basis", ())),
                "sections": tuple(_section(section) for section in values.get("sections", ())),
                "papers": tuple(FieldSpec.from_json(spec) for spec in values.get("papers", ())),
                "steps": tuple(StepSpec(**step) for step in values.get("steps", ())),
                "fees": tuple(Fee(**fee) for fee in values.get("fees", ())),
            }
        )


def _section(data: Mapping[str, Any]) -> Section:
    return Section(**{**data, "fields": tuple(FieldSpec.from_json(spec) for spec in data.get("fields", ()))})
