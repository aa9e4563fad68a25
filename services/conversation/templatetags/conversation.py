"""`{% conversation_panel dossier %}`: the conversation at a glance, on the page of its dossier."""

from django import template
from django.urls import reverse

from services.conversation.models import Message
from services.conversation.permissions import side_of
from services.conversation.queries import glance
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
