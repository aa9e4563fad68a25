"""What every page of the desk asks about the officer in front of it."""

from django import template
from django.utils import timezone

from buildings.agencies import HEADS
from buildings.models import Ward, positions_in
from buildings.requests.permissions import answers_for_ward
from buildings.roles import Position
from services.desk import held
from services.desk.pages import PAGES
from services.dossiers.models import Dossier

register = template.Library()


@register.simple_tag(takes_context=True)
def leads_ward(context: template.Context, ward: Ward) -> bool:
    """Whether the officer leads this ward: the leader's rooms are shown to nobody else."""
    return Position.LEADER in positions_in(context["request"].user, ward.pk)


@register.simple_tag(takes_context=True)
def signs_in(context: template.Context, ward: Ward) -> bool:
    """Whether the officer heads an agency of this ward: signs its results, answers complaints about it."""
    return bool(HEADS & positions_in(context["request"].user, ward.pk))


@register.simple_tag(takes_context=True)
def receives_in(context: template.Context, ward: Ward) -> bool:
    """Whether the officer sits at the ward's counter."""
    return Position.CLERK in positions_in(context["request"].user, ward.pk)


@register.inclusion_tag("desk/held.html", takes_context=True)
def held_panel(context: template.Context, dossier: Dossier) -> dict:
    """The move that waits to be made, with the way to take it back for whoever made it."""
    waiting = held.waiting(dossier)
    if waiting is None:
        return {}
    request = context["request"]
    left = max(0, round((waiting.leaves_at - timezone.now()).total_seconds()))
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "held": waiting,
        "dossier": dossier,
        "label": PAGES[waiting.move].label,
        "left": left,
        "is_mine": waiting.officer_id == request.user.pk,
    }


@register.simple_tag(takes_context=True)
def answers_buildings(context: template.Context, ward: Ward) -> bool:
    """Whether the reader answers what the ward's buildings hand over to it."""
    return answers_for_ward(context["request"].user, ward.pk)
