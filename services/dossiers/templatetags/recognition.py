"""What a dossier about a building does to the building's book, for the desk's page."""

from django import template

from .. import recognition
from ..models import Dossier

register = template.Library()


@register.inclusion_tag("dossiers/recognition.html")
def recognition_panel(dossier: Dossier) -> dict:
    return {"building": recognition.asked_for(dossier), "follows": recognition.follows(dossier)}
