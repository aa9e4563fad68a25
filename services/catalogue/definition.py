"""What a published version of a procedure says, typed. Plain values: no database, no forms.

A version's JSON is read through these classes; nothing else knows its keys.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, time
from typing import Any

ANSWER = "answer"  # option of a finding: the question whose answer stands there beforehand
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
    """A step of the ward's work: who owes it, what is to be done, in how many working minutes.

    `assign` says how the named person is chosen among the holders of the position: "only" (there is
    one), "load" (round robin, the least loaded first) or "by_hand" (whoever hands over chooses).
    """

    key: str
    name: str
    kind: str  # receive, work, sign, issue, deliver
    position: str
    minutes: int
    task: str = ""
    assign: str = "load"


@dataclass(frozen=True)
class Limit:
    """The time limit. same_day (with its cut-off) or a number of working days, of days (days off
    counted) or of working minutes."""

    kind: str  # same_day, working_days, days, working_minutes
    amount: int = 0
    cutoff: str = "15:00"
    note: str = ""

    @property
    def cutoff_time(self) -> time:
        return time.fromisoformat(self.cutoff)


@dataclass(frozen=True)
class LimitDecision:
    """The decision by which the agency commits itself to another limit than before (domain row 36)."""

    number: str
    dated: str  # ISO
    reason: str = ""

    @property
    def day(self) -> date:
        return date.fromisoformat(self.dated)


@dataclass(frozen=True)
class Visit:
    """The one visit a level-3 procedure asks for: what the resident comes for, and for how many minutes."""

    purpose: str
    minutes: int = 30


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
    """A procedure in full.

    `limit` is what the agency commits itself to and what every due time comes from; `legal_limit` is
    what the law allows, where that is longer; `limit_after_verification` what it allows once another
    agency has to be asked. `transfer_cutoff` ("15:00") overrides the rule set's
    hour up to which an accepted dossier is handed on the same day. `confirm_draft`: the officer sends
    the filled civil-status form back and the resident has one working day to object. `slip_family`
    names the set of slips: the one-stop desk's or the police's (CT04, CT05, CT06). `agency` decides and
    signs (`buildings.agencies`). `findings` are what the officer, not the resident, has to say for the result:
    asked for when the examination ends, they may depend on the answers.
    """

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
    legal_limit: Limit | None = None
    limit_after_verification: Limit | None = None
    limit_decision: LimitDecision | None = None
    transfer_cutoff: str = ""
    visit: Visit | None = None
    confirm_draft: bool = False
    slip_family: str = "mot_cua"
    agency: str = "committee"
    findings: tuple[FieldSpec, ...] = ()

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
        """The question with this key, the officer's included. Raises KeyError."""
        for spec in (*self.fields(), *self.findings):
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
        """The inverse of `to_json`; what was stored before a part existed reads with its default.

        Raises KeyError or TypeError on what is no definition.
        """
        values = dict(data)
        return cls(
            **{
                **values,
                "limit": Limit(**values["limit"]),
                "legal_limit": Limit(**values["legal_limit"]) if values.get("legal_limit") else None,
                "limit_after_verification": (
                    Limit(**values["limit_after_verification"]) if values.get("limit_after_verification") else None
                ),
                "limit_decision": LimitDecision(**values["limit_decision"]) if values.get("limit_decision") else None,
                "visit": Visit(**values["visit"]) if values.get("visit") else None,
                "result": Result(**{**values["result"], "blocks": tuple(values["result"].get("blocks", ()))}),
                "legal_basis": tuple(values.get("legal_basis", ())),
                "sections": tuple(_section(section) for section in values.get("sections", ())),
                "papers": tuple(FieldSpec.from_json(spec) for spec in values.get("papers", ())),
                "findings": tuple(FieldSpec.from_json(spec) for spec in values.get("findings", ())),
                "steps": tuple(StepSpec(**step) for step in values.get("steps", ())),
                "fees": tuple(Fee(**fee) for fee in values.get("fees", ())),
            }
        )


def _section(data: Mapping[str, Any]) -> Section:
    return Section(**{**data, "fields": tuple(FieldSpec.from_json(spec) for spec in data.get("fields", ()))})
