"""The procedures shipped with the project: data files read into the catalogue, once and again.

A file is a `Definition` in TOML, with the options of a question written beside its label.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import transaction

from .definition import Definition
from .models import Procedure

DATA = Path(__file__).parent / "data"
CONTENT = ("slug", "area", "keywords")  # of the procedure, not of what a dossier is filed under
PERIOD = ("effective_from", "effective_to")  # of the version: dates
COMMON = {"kind", "key", "label", "hint", "required", "when"}


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    EDITED = "edited"  # by an author: left alone


@dataclass(frozen=True)
class Shipped:
    definition: Definition
    slug: str
    area: str
    keywords: str
    effective_from: date | None = None
    effective_to: date | None = None


def files(folder: Path = DATA) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def read(path: Path) -> Shipped:
    """Raises KeyError or TypeError on a file that is no procedure, TOMLDecodeError on one that is no TOML."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    content = {name: data.pop(name, "") for name in CONTENT}
    period = {name: data.pop(name, None) for name in PERIOD}
    for section in data.get("sections", ()):
        section["fields"] = [_field(field) for field in section["fields"]]
    for name in ("papers", "findings"):
        data[name] = [_field(field) for field in data.get(name, ())]
    for name, text in data.items():
        if isinstance(text, str):
            data[name] = text.strip()
    return Shipped(Definition.from_json(data), **content, **period)


def _field(data: dict[str, Any]) -> dict[str, Any]:
    """A question as the file writes it → as a definition's JSON has it."""
    options = {name: value for name, value in data.items() if name not in COMMON}
    if "choices" in options:
        options["choices"] = [{"value": value, "label": label} for value, label in options["choices"]]
    if "fields" in options:
        options["fields"] = [_field(inner) for inner in options["fields"]]
    return {**{name: data[name] for name in COMMON if name in data}, "options": options}


def load(shipped: Shipped) -> Outcome:
    """Bring one procedure up to its file and publish it. Raises ValidationError when it is incomplete.

    Done again it changes nothing; a procedure an author has touched since belongs to the author.
    """
    with transaction.atomic():
        procedure = Procedure.objects.select_for_update().filter(code=shipped.definition.code).first()
        known = procedure is not None
        if procedure is None:
            procedure = Procedure(live=False)
        elif _edited(procedure):
            return Outcome.EDITED
        before = _said(procedure) if known else None
        procedure.rewrite(shipped.definition)
        for name in (*CONTENT, *PERIOD):
            setattr(procedure, name, getattr(shipped, name))
        if _said(procedure) == before:
            return Outcome.SAME
        procedure.check_complete()
        procedure.full_clean()
        if not known:
            procedure.save()
        procedure.save_revision().publish()
        return Outcome.CHANGED if known else Outcome.CREATED


def _edited(procedure: Procedure) -> bool:
    """What a person saved has its revision signed; what was loaded has none."""
    return procedure.revisions.filter(user__isnull=False).exists()


def _said(procedure: Procedure) -> tuple[Any, ...]:
    return (procedure.definition().to_json(), *(getattr(procedure, name) for name in (*CONTENT, *PERIOD)))
