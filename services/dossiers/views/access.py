"""The resident's own dossier, or nothing."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from services.dossiers.models import Dossier


def own_dossier(request: HttpRequest, id) -> Dossier:
    """The signed-in person's own dossier. Officers see it at the desk, not here: 404 as for a stranger."""
    return get_object_or_404(Dossier.objects.owned_by(request.user).with_people(), id=id)


def dossier_to_fill_in(request: HttpRequest, id) -> Dossier:
    """One's own dossier, or the draft a clerk began at the counter for somebody who came in. Else 404."""
    return get_object_or_404(Dossier.objects.filled_in_by(request.user).with_people(), id=id)


def place_of(request: HttpRequest, dossier: Dossier) -> str:
    """Where one goes from a draft: the resident to their dossiers, the clerk back to the counter."""
    return reverse("dossiers:list" if dossier.owner_id == request.user.pk else "desk:counter")
