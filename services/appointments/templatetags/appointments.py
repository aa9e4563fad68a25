"""What a page about a dossier says of the visit it needs."""

from django import template
from django.utils import timezone

from portal.core import workflow
from services.appointments import booking, calendar_file, queries
from services.appointments import transitions as moves
from services.dossiers.models import Dossier
from services.dossiers.permissions import is_owner

register = template.Library()


@register.inclusion_tag("appointments/panel.html", takes_context=True)
def appointment_panel(context: template.Context, dossier: Dossier) -> dict:
    """The next appointment, or the call to make one; nothing for a procedure without a visit.

    The same tag on the resident's page and on the desk's: who reads decides what may be done.
    """
    visit = booking.visit_of(dossier)
    if visit is None or dossier.is_draft:
        return {}
    at, reader = timezone.now(), context["request"].user
    every = list(dossier.appointments.select_related("ward", "dossier").order_by("-booked_at"))
    ahead = next((one for one in every if one.is_booked and dossier.is_open), None)
    if not every and not dossier.is_open:
        return {}
    why_not = booking.why_not(dossier, by=reader, at=at)
    return {
        "dossier": dossier,
        "visit": visit,
        "appointment": ahead,
        "has_passed": bool(ahead and at >= ahead.ends_at),
        "is_stranded": bool(ahead and booking.is_stranded(ahead)),
        "called_off": not ahead and every and calendar_file.is_off(every[0]) and at < every[0].starts_at,
        "earlier": queries.earlier(every),
        "papers": queries.originals(dossier),
        "why_not": why_not,
        "may_cancel": bool(ahead and workflow.available((moves.CANCEL,), ahead, reader, at=at)),
        "is_owner": is_owner(reader, dossier),
        "is_open": dossier.is_open,
    }
