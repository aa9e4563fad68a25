"""`{% conversation_panel dossier %}`: the conversation at a glance, on the page of its dossier.

`{% leads_ward ward %}` and `{% complaints_waiting ward %}`: for the desk's navigation.
"""

from django import template
from django.urls import reverse

from buildings.models import Ward, positions_in
from buildings.roles import Position
from services.conversation.models import Message
from services.conversation.permissions import side_of
from services.conversation.queries import complaints, glance
from services.dossiers.models import Dossier

register = template.Library()


@register.inclusion_tag("conversation/panel.html", takes_context=True)
def conversation_panel(context: template.Context, dossier: Dossier) -> dict:
    """For whichever side reads the page; nothing for anyone else."""
    user = context["request"].user
    side = side_of(user, dossier)
    if not side or dossier.is_draft:
        return {}
    at_desk = side == Message.Side.DESK
    route = "desk:conversation" if at_desk else "conversation:conversation"
    return {
        "dossier": dossier,
        "at_desk": at_desk,
        "url": reverse(route, args=[dossier.pk]),
        "glance": glance(user, dossier, side),
    }


@register.simple_tag(takes_context=True)
def leads_ward(context: template.Context, ward: Ward) -> bool:
    """Whether the reader is a leader of this ward."""
    return Position.LEADER in positions_in(context["request"].user, ward.pk)


@register.simple_tag(takes_context=True)
def complaints_waiting(context: template.Context, ward: Ward) -> int:
    """How many complaints its leader must answer."""
    return complaints(context["request"].user, ward).count()
