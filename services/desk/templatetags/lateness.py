"""What lateness puts on the pages of the desk: the road out on a dossier's page, the number that waits in the menu."""

from django import template
from django.utils import timezone

from buildings.models import Ward
from services.desk import due, lateness, letter
from services.desk.lateness_pages import ROAD
from services.dossiers.models import Dossier, Lateness
from services.dossiers.permissions import is_owner
from services.dossiers.transitions import REPORT_ERROR

register = template.Library()


@register.inclusion_tag("desk/lateness/panel.html", takes_context=True)
def lateness_panel(context: template.Context, dossier: Dossier) -> dict:
    """Nothing while the gate stands open; else what is late, whose turn it is, and what the reader may do."""
    user, at = context["request"].user, timezone.now()
    case = lateness.case_of(dossier, at=at)
    if case is None:
        return {}
    pages = ROAD.open_to(user, case, at=at)
    onwards = [page for page in pages if not page.is_aside]
    return {
        "dossier": dossier,
        "case": case,
        "late": due.late_by(case, calendar=dossier.calendar, at=at),
        "next": ROAD.next_of(case),
        "road": ROAD.milestones(case),
        "chief": onwards[:1],
        "others": onwards[1:] + [page for page in pages if page.is_aside and page.name != "override"],
        "override": next((page for page in pages if page.name == "override"), None),
        "reads_words": not is_owner(user, dossier),
        "has_letter": letter.has_letter(case),
    }


@register.inclusion_tag("desk/lateness/history.html", takes_context=True)
def lateness_history(context: template.Context, dossier: Dossier) -> dict:
    """The closed cases of a dossier, and the way to report an error of the ward's own."""
    user, at = context["request"].user, timezone.now()
    may_report = REPORT_ERROR.is_open(dossier) and REPORT_ERROR.may(user, dossier)
    return {
        "dossier": dossier,
        "cases": [(case, ROAD.milestones(case)) for case in lateness.closed_cases(dossier)],
        "reads_words": not is_owner(user, dossier),
        "may_report": may_report and lateness.case_of(dossier, at=at) is None,
    }


@register.inclusion_tag("desk/lateness/words.html")
def lateness_words(case: Lateness) -> dict:
    """The explanation, as the desk reads it."""
    return {"case": case}


@register.simple_tag(takes_context=True)
def lateness_waiting(context: template.Context, ward: Ward) -> int:
    """How many cases of the ward wait for whoever reads."""
    return lateness.cases(context["request"].user, ward, lateness.Scope.MINE).count()
