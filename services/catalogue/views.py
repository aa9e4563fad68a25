"""The services a ward offers, and each one's own page: everything said before anything is filled in."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from buildings.models import Ward
from portal.core import page_cache

from .models import Procedure
from .overview import overview


@login_not_required
@require_safe
def services(request: HttpRequest, ward: str) -> HttpResponse:
    place = get_object_or_404(Ward.objects.open(), slug=ward)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    offered = (
        Procedure.objects.offered_in(place).matching(words).only("code", "slug", "name", "area", "level", "purpose")
    )
    areas = [(area, list(rows)) for area, rows in groupby(offered, Procedure.get_area_display)]
    shown = render(request, "catalogue/services.html", {"ward": place, "areas": areas, "words": words})
    return shown if words else page_cache.keep(shown, page_cache.ward(place.pk))


@login_not_required
@require_safe
def procedure(request: HttpRequest, ward: str, procedure: str) -> HttpResponse:
    place = get_object_or_404(Ward.objects.open(), slug=ward)
    offered = get_object_or_404(Procedure.objects.offered_in(place), slug=procedure)
    shown = render(
        request,
        "catalogue/procedure.html",
        {"ward": place, "procedure": offered, **overview(offered.current.spec, offered.limit_reviews.all())},
    )
    return page_cache.keep(shown, page_cache.ward(place.pk))
