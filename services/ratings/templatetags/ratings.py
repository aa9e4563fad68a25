"""`{% rating_panel dossier %}`: what its owner may rate, on the pages of a dossier."""

from django import template

from services.dossiers.models import Dossier
from services.dossiers.permissions import is_owner
from services.ratings.queries import to_rate
from services.ratings.slugs import SLUGS

register = template.Library()


@register.inclusion_tag("ratings/panel.html", takes_context=True)
def rating_panel(context: template.Context, dossier: Dossier) -> dict:
    """Nothing for anyone but the owner, and nothing when all is rated."""
    if dossier.is_draft or not is_owner(context["request"].user, dossier):
        return {}
    waiting = [{"occasion": occasion, "slug": SLUGS[occasion.event]} for occasion in to_rate(dossier)]
    return {"dossier": dossier, "waiting": waiting}
