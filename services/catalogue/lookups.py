"""Papers nobody has to hand in, because the agency finds what they prove in a database (domain row 29).

A paper names its database in `replaced_by`. What a look-up found is kept among the dossier's answers
under `FOUND`; a paper is asked for only when nothing was found. A provider is a function of the
person filing, named in `settings.DATABASE_LOOKUPS` by the database's key; a database without a
provider never answers, and its papers are asked for. That a building's manager confirmed a resident
is no answer of the residence database: only the police's own data is.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from .blocks.file import DATABASES
from .definition import Definition, FieldSpec

log = logging.getLogger(__name__)

FOUND = "_found"  # no key of a question: those begin with a letter


def look_up(definition: Definition, answers: Mapping[str, Any], user: Any) -> dict[str, list[str]]:
    """`{FOUND: databases}` for the answers of a dossier: what is known by now; empty when nothing is.

    A database that answered once is not asked again; one that fails has not answered.
    """
    found = set(answers.get(FOUND, ()))
    asked = {paper.options.get("replaced_by") for paper in definition.papers} - {None, ""} - found
    found |= {database for database in asked if _answers(str(database), user)}
    return {FOUND: sorted(found)} if found else {}


def is_replaced(paper: FieldSpec, answers: Mapping[str, Any]) -> bool:
    return paper.options.get("replaced_by") in answers.get(FOUND, ())


def stands_in(paper: FieldSpec, answers: Mapping[str, Any]) -> str:
    """The name of the database that answered in place of this paper; empty when none has."""
    return name_of(paper) if is_replaced(paper, answers) else ""


def as_asked(paper: FieldSpec, answers: Mapping[str, Any]) -> FieldSpec:
    """The paper as its page asks for it: one that was replaced may be attached nevertheless."""
    if not is_replaced(paper, answers):
        return paper
    message = _("Không cần nộp: cơ quan tra cứu trong %(database)s. Bạn vẫn có thể gửi kèm nếu muốn.")
    return replace(paper, required=False, hint=message % {"database": name_of(paper)})


def name_of(paper: FieldSpec) -> str:
    """The database that stands in for the paper, by its name; empty when none does."""
    return str(dict(DATABASES).get(paper.options.get("replaced_by") or "", ""))


def _answers(database: str, user: Any) -> bool:
    provider = settings.DATABASE_LOOKUPS.get(database)
    if not provider:
        return False
    try:
        return bool(import_string(provider)(user))
    except Exception:  # whatever happens to the other side, the resident can still hand in the paper
        log.warning("look-up in the database %s failed", database, exc_info=True)
        return False


# --- The demo's providers ------------------------------------------------------------------------


def demo_population(user: Any) -> bool:
    """Whoever has a personal number in the account is in the demo's population database."""
    return bool(user.personal_number)


def demo_residence(user: Any) -> bool:
    """The demo's residence data: every second person, by the last digit of the personal number."""
    return bool(user.personal_number) and int(user.personal_number[-1]) % 2 == 0
