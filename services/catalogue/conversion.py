"""What an author wrote ↔ the definition that is frozen when it is published."""

from dataclasses import asdict
from datetime import time
from typing import TYPE_CHECKING

from services.catalogue import authoring
from services.catalogue.definition import Definition, Limit, LimitDecision, Result, Visit

if TYPE_CHECKING:
    from services.catalogue.models import Procedure

PLAIN = (  # what a definition and its procedure call and keep alike
    "code",
    "name",
    "level",
    "purpose",
    "eligibility",
    "decided_by",
    "presence_reason",
    "declaration",
    "confirm_draft",
    "slip_family",
    "agency",
)


def definition_of(procedure: "Procedure") -> Definition:
    """What is written there now, typed. A draft may be incomplete."""
    return Definition(
        code=procedure.code,
        name=procedure.name,
        level=procedure.level,
        purpose=procedure.purpose,
        eligibility=procedure.eligibility,
        decided_by=procedure.decided_by,
        presence_reason=procedure.presence_reason if procedure.level == procedure.Level.PARTIAL else "",
        limit=Limit(
            procedure.limit_kind, procedure.limit_amount or 0, f"{procedure.limit_cutoff:%H:%M}", procedure.limit_note
        ),
        legal_limit=_legal_limit(procedure),
        limit_after_verification=_limit_after_verification(procedure),
        limit_decision=_decision(procedure),
        transfer_cutoff=f"{procedure.transfer_cutoff:%H:%M}" if procedure.transfer_cutoff else "",
        visit=_visit(procedure),
        confirm_draft=procedure.confirm_draft,
        slip_family=procedure.slip_family,
        agency=procedure.agency,
        declaration=procedure.declaration,
        legal_basis=tuple(authoring.plain_texts(procedure.legal_basis)),
        fees=authoring.fees_of(procedure.fees),
        sections=authoring.sections_of(procedure.sections),
        papers=authoring.papers_of(procedure.papers),
        findings=authoring.findings_of(procedure.findings),
        steps=authoring.steps_of(procedure.steps),
        result=Result(
            procedure.result_title,
            procedure.result_book,
            procedure.result_suffix,
            authoring.result_blocks_of(procedure.result_blocks),
        ),
    )


def _legal_limit(procedure: "Procedure") -> Limit | None:
    if not procedure.legal_limit_kind:
        return None
    return Limit(procedure.legal_limit_kind, procedure.legal_limit_amount or 0, note=procedure.legal_limit_note)


def _limit_after_verification(procedure: "Procedure") -> Limit | None:
    if not procedure.verification_limit_kind:
        return None
    return Limit(
        procedure.verification_limit_kind,
        procedure.verification_limit_amount or 0,
        note=procedure.verification_limit_note,
    )


def _decision(procedure: "Procedure") -> LimitDecision | None:
    if not procedure.decision_number or not procedure.decision_date:
        return None
    return LimitDecision(procedure.decision_number, procedure.decision_date.isoformat(), procedure.decision_reason)


def _visit(procedure: "Procedure") -> Visit | None:
    if procedure.level != procedure.Level.PARTIAL or not procedure.visit_purpose.strip():
        return None
    return Visit(procedure.visit_purpose, procedure.visit_minutes or 0)


def rewrite(procedure: "Procedure", definition: Definition) -> None:
    """Put a definition in place of what is written there; nothing is saved."""
    for name in PLAIN:
        setattr(procedure, name, getattr(definition, name))
    limit, result = definition.limit, definition.result
    procedure.limit_kind, procedure.limit_amount, procedure.limit_note = limit.kind, limit.amount, limit.note
    procedure.limit_cutoff = limit.cutoff_time
    legal = definition.legal_limit or Limit("")
    procedure.legal_limit_kind, procedure.legal_limit_amount, procedure.legal_limit_note = (
        legal.kind,
        legal.amount,
        legal.note,
    )
    longer = definition.limit_after_verification or Limit("")
    procedure.verification_limit_kind, procedure.verification_limit_amount = longer.kind, longer.amount
    procedure.verification_limit_note = longer.note
    decision, visit = definition.limit_decision, definition.visit or Visit("")
    procedure.decision_number = decision.number if decision else ""
    procedure.decision_date = decision.day if decision else None
    procedure.decision_reason = decision.reason if decision else ""
    procedure.visit_purpose, procedure.visit_minutes = visit.purpose, visit.minutes
    cutoff = definition.transfer_cutoff
    procedure.transfer_cutoff = time.fromisoformat(cutoff) if cutoff else None
    procedure.result_title, procedure.result_book, procedure.result_suffix = result.title, result.book, result.suffix
    streams = {
        "legal_basis": authoring.stream("law", definition.legal_basis),
        "fees": authoring.stream("fee", map(asdict, definition.fees)),
        "sections": authoring.stream("section", map(authoring.raw_section, definition.sections)),
        "papers": authoring.stream("file", map(authoring.raw_field, definition.papers)),
        "steps": authoring.stream("step", map(asdict, definition.steps)),
        "findings": authoring.raw_fields(definition.findings),
        "result_blocks": authoring.raw_result(result.blocks),
    }
    for name, raw in streams.items():
        setattr(procedure, name, raw)
