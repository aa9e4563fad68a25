"""`{% owning_up dossier %}`: what the resident is told of lateness, above everything else about the dossier."""

from django import template
from django.utils import timezone

from services.dossiers import owning_up as words
from services.dossiers.models import Dossier

register = template.Library()


@register.inclusion_tag("dossiers/owning_up.html")
def owning_up(dossier: Dossier, public: bool = False) -> dict:
    """Nothing for a dossier that was never late. `public`: for whoever looks it up, who is not its owner."""
    return {"late": words.owning_up(dossier, at=timezone.now()), "dossier": dossier, "public": public}
