"""The resident's own dossier, or nothing."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from services.dossiers.models import Dossier


def own_dossier(request: HttpRequest, id) -> Dossier:
    """The signed-in person's own dossier. Officers see it at the desk, not here: 404 as for a stranger."""
    return get_object_or_404(Dossier.objects.owned_by(request.user).with_people(), id=id)
