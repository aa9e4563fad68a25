"""What the officers found, for the result: written down by whoever examines, mended until it is signed."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from portal.core import workflow
from portal.core.audit import history_of
from portal.core.models import User
from services.catalogue.answers import Problem, asked_findings, missing_findings

from .. import transitions as moves
from ..models import Dossier, FindingSheet, Step
from .locking import lock_at


class FindingsMissing(workflow.IllegalMove):
    """The result cannot say what it must: `problems` are the findings nobody has written down yet."""

    def __init__(self, dossier: Dossier, move: workflow.Transition, problems: list[Problem]) -> None:
        super().__init__(dossier, move, history_of(dossier).last())
        self.problems = problems


def record_findings(
    dossier: Dossier, *, by: User, at: datetime, findings: Mapping[str, Any], step: str | None = None
) -> Dossier:
    """Write down what is known so far; said again unchanged, nothing is written.

    While the result waits for its signature it stays complete: raises FindingsMissing.
    """
    with transaction.atomic():
        locked = lock_at(dossier, moves.RECORD_FINDINGS, by=by, at=at, step=step)
        write(locked, findings, by=by, at=at)
        if locked.owed_step.kind == Step.Kind.SIGN:
            require(locked, moves.RECORD_FINDINGS)
        return locked


def write(locked: Dossier, findings: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """A new sheet, where something changed. The record keeps its number and digest, the sheet what it says."""
    values = asked_findings(locked.spec, locked.answers, findings)
    if values == locked.findings:
        return
    sheet = FindingSheet.objects.create(
        dossier=locked, number=locked.finding_sheets.count() + 1, values=values, found_by=by, found_at=at
    )
    locked.__dict__.pop("findings", None)
    digest = sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    said = {"sheet": sheet.number, "digest": digest}
    workflow.apply(locked, moves.RECORD_FINDINGS, by=by, at=at, set={"changed_at": at}, **said)


def require(locked: Dossier, move: workflow.Transition) -> None:
    """Raises FindingsMissing unless everything the result needs has been found."""
    if problems := missing_findings(locked.spec, locked.answers, locked.findings):
        raise FindingsMissing(locked, move, problems)
