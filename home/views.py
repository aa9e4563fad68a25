"""Public pages that are not content: searching, and choosing a ward for a service."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from buildings.models import Ward
from portal.core import page_cache
from services.catalogue.models import Procedure

from . import search

RESULTS_A_PAGE = 20


@require_safe
@login_not_required
def search_results(request: HttpRequest) -> HttpResponse:
    """Services and announcements together; of one ward with `?phuong=<slug>`."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[: search.LONGEST_QUERY]
    ward = Ward.objects.open().filter(slug=request.GET.get("phuong", "")).first()
    found = Paginator(search.announcements(query, ward), RESULTS_A_PAGE)
    return render(
        request,
        "home/search.html",
        {
            "query": query,
            "ward": ward,
            "places": _places(query, ward),
            "procedures": search.procedures(query, ward) if query else [],
            "announcements": found.get_page(request.GET.get("trang")),
        },
    )


def _places(query: str, chosen: Ward | None) -> list[dict]:
    """Where else the same words can be looked for: in all wards, or in one."""
    everywhere = {"label": _("Mọi phường"), "href": f"?{urlencode({'q': query})}", "current": chosen is None}
    return [everywhere] + [
        {"label": str(ward), "href": f"?{urlencode({'q': query, 'phuong': ward.slug})}", "current": ward == chosen}
        for ward in Ward.objects.open()
    ]


@require_safe
@login_not_required
def choose_ward(request: HttpRequest, procedure: str) -> HttpResponse:
    """A service found outside any ward: which ward is asked for it?"""
    found = get_object_or_404(Procedure.objects.published(), slug=procedure)
    offering = list(found.wards.all())
    places = [(ward, found.address_in(ward)) for ward in Ward.objects.open() if not offering or ward in offering]
    shown = render(request, "home/choose_ward.html", {"procedure": found, "places": places})
    return page_cache.keep(shown, page_cache.FRONT)
