"""A draft whose procedure was published anew before it was sent: it goes on under the version in force.

A dossier keeps the version it was sent under. A draft is not sent yet: under a version that has ended
the ward would handle it by rules that no longer hold. So sending it leads to a page that says what is
kept, what is no longer asked and what is asked now; nothing changes before the resident agrees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.core import audit
from portal.core.models import User
from services.catalogue import answers as form_answers
from services.catalogue import lookups
from services.catalogue.blocks import kind_of
from services.catalogue.definition import FieldSpec
from services.catalogue.models import Procedure, ProcedureVersion

from . import filing
from .models import Attachment, Dossier
from .rules import in_force


@dataclass(frozen=True)
class Renewal:
    """What becomes of a draft under another version of its procedure."""

    version: ProcedureVersion
    answers: dict[str, Any]  # carried over
    kept: int  # how many questions stay answered
    kept_files: int
    dropped: list[tuple[FieldSpec, Any]]  # no longer asked, or asked otherwise; the answer in words
    dropped_files: list[Attachment]
    asked_now: list[FieldSpec]  # questions and papers the old version did not know


def may_send(dossier: Dossier, *, at: datetime) -> bool:
    """Whether the draft may be sent under the version it was begun under.

    It may while nothing took the version's place. Where it was only reworded, with no first day the law
    sets, drafts begun before may still be sent for `draft_grace_days`.
    """
    today, version = timezone.localdate(at), dossier.version
    if version.effective_to and version.effective_to < today:
        return False
    later = list(version.procedure.versions.filter(number__gt=version.number))
    begun = [each for each in later if each.effective_from is None or each.effective_from <= today]
    grace = timedelta(days=in_force(at).draft_grace_days)
    return all(each.effective_from is None and today < timezone.localdate(each.published_at) + grace for each in begun)


def successor(dossier: Dossier, *, at: datetime) -> ProcedureVersion | None:
    """The version to go on under; None where the ward does not offer the procedure any more."""
    today: date = timezone.localdate(at)
    if not Procedure.objects.offered_in(dossier.ward, today).filter(pk=dossier.version.procedure_id).exists():
        return None
    return dossier.version.procedure.versions.in_force(today).first()


def compare(dossier: Dossier, version: ProcedureVersion) -> Renewal:
    """What would be kept of a draft under this version, and what not. Writes nothing."""
    old = {spec.key: spec for spec in dossier.spec.fields()}
    new = {spec.key: spec for spec in version.spec.fields()}
    given = {key: answer for key, answer in dossier.answers.items() if key in old}
    kept = {key: answer for key, answer in given.items() if _fits(old[key], new.get(key), answer)}
    dropped = [
        (spec, text)
        for _section, rows in form_answers.summary(dossier.spec, dossier.answers)
        for spec, text in rows
        if spec.key in given and spec.key not in kept and text
    ]
    files = list(dossier.attachments.kept())
    papers = {key for key, spec in new.items() if spec.kind == filing.FILE}
    return Renewal(
        version,
        answers={key: answer for key, answer in dossier.answers.items() if key not in given or key in kept},
        kept=len(kept),
        dropped=dropped,
        kept_files=sum(file.field in papers for file in files),
        dropped_files=[file for file in files if file.field not in papers],
        asked_now=_not_known_before(version, kept, old),
    )


def renew(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """Go on under the version in force, with every answer and file that fits it. Twice is once.

    Raises NotEditable once it is sent, NotInForce where there is no version to go on under.
    """
    version = successor(dossier, at=at)
    if version is None:
        raise filing.NotInForce(dossier.version)
    with transaction.atomic():
        locked = filing.lock_to_fill_in(dossier, by=by)
        if not locked.is_draft:
            raise filing.NotEditable(locked.state)
        if locked.version_id == version.pk:
            return locked
        found, before = compare(locked, version), locked.version.number
        locked.answers = {**found.answers, **lookups.look_up(version.spec, found.answers, locked.owner)}
        locked.version, locked.changed_at = version, at
        locked.save(update_fields=["answers", "version", "changed_at"])
        filing.discard(found.dropped_files)
        audit.record(locked, "renew_draft", by=by, at=at, version_before=before, version=version.number)
        return locked


def _fits(old: FieldSpec, new: FieldSpec | None, answer: Any) -> bool:
    """Whether an answer to the old question answers the new one. What is half filled in stays where nothing changed."""
    if new is None or new.kind != old.kind:
        return False
    return new.options == old.options or not kind_of(new).problems(new, answer)


def _not_known_before(version: ProcedureVersion, kept: dict[str, Any], old: dict[str, FieldSpec]) -> list[FieldSpec]:
    asked: Iterable[FieldSpec] = version.spec.fields()
    return [spec for spec in asked if spec.required and spec.key not in old and spec.asked(kept)]
