"""The way through a draft: its pages in order, one question or a few each, up to the check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.catalogue.answers import asked_answers
from services.catalogue.definition import PAPERS, Section

from . import actions
from .models import Dossier


@dataclass(frozen=True)
class Page:
    """One page of the way. `section` is None where the portal itself asks."""

    key: str
    title: str | Promise
    url: str
    section: Section | None = None


def pages(dossier: Dossier) -> list[Page]:
    """The pages this dossier needs, as it is answered so far: sections, delivery, papers, check."""
    answers = asked_answers(dossier.spec, dossier.answers)
    asked = [page for page in dossier.spec.pages if _is_asked(page, answers)]
    sections = [_page(dossier, section) for section in asked if section.key != PAPERS]
    papers = [_page(dossier, section) for section in asked if section.key == PAPERS]
    delivery = Page("delivery", _("Nhận kết quả"), reverse("dossiers:delivery", args=[dossier.pk]))
    check = Page("check", _("Kiểm tra và gửi"), reverse("dossiers:check", args=[dossier.pk]))
    return [*sections, delivery, *papers, check]


def first(dossier: Dossier) -> Page:
    return pages(dossier)[0]


def resume(dossier: Dossier) -> Page:
    """Where to go on: the first page on which something is missing, else the check."""
    lacking = {problem.page_key for problem in actions.problems_of(dossier)}
    way = pages(dossier)
    return next((page for page in way if page.key in lacking), way[-1])


def _page(dossier: Dossier, section: Section) -> Page:
    return Page(section.key, section.title, reverse("dossiers:page", args=[dossier.pk, section.key]), section)


def _is_asked(section: Section, answers: Mapping[str, Any]) -> bool:
    """A page whose questions can all be decided now to be moot is passed over."""
    here = {spec.key for spec in section.fields}
    return not section.fields or any(
        spec.asked(answers) or (spec.when and spec.when.field in here) for spec in section.fields
    )
