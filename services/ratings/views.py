"""The resident's page of a rating, and the thanks for it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.limits import too_often, within_rate
from services.dossiers.models import Dossier

from . import actions, queries
from .forms import RatingForm
from .models import Event, Rating
from .slugs import EVENT_OF, SLUGS

RATE = "30/h/user"


@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, id, event: str) -> HttpResponse:
    """One event of one's own dossier, rated once; afterwards there are only thanks."""
    dossier, chosen = _occasion(request, id, event)
    if Rating.objects.visible_to(request.user).filter(dossier=dossier, event=chosen).exists():
        return redirect("ratings:thanks", dossier.pk, event)
    form = RatingForm(chosen, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not within_rate(request, "rating", RATE):
            return too_often(request)
        actions.rate(dossier, chosen, by=request.user, at=timezone.now(), **form.arguments())
        return redirect("ratings:thanks", dossier.pk, event)
    return render(
        request,
        "ratings/rate.html",
        {"ward": dossier.ward, "dossier": dossier, "event": chosen, "form": form, "least": queries.LEAST_RATINGS},
        status=400 if form.errors else 200,
    )


@require_safe
def thanks(request: HttpRequest, id, event: str) -> HttpResponse:
    dossier, chosen = _occasion(request, id, event)
    if not Rating.objects.visible_to(request.user).filter(dossier=dossier, event=chosen).exists():
        return redirect("ratings:rate", dossier.pk, event)
    more = [{"event": occasion.event, "slug": SLUGS[occasion.event]} for occasion in queries.to_rate(dossier)]
    return render(
        request, "ratings/thanks.html", {"ward": dossier.ward, "dossier": dossier, "event": chosen, "more": more}
    )


def _occasion(request: HttpRequest, id, slug: str) -> tuple[Dossier, Event]:
    """One's own dossier and an event that happened to it; 404 for every other."""
    dossier = get_object_or_404(Dossier.objects.owned_by(request.user).with_people(), pk=id)
    event = EVENT_OF.get(slug)
    if event is None or event not in queries.happened(dossier):
        raise Http404(slug)
    return dossier, event
