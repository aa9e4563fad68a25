"""Public pages that are not content: searching, and choosing a ward for a service."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from buildings.models import Ward
from portal.core import ical, page_cache
from services.catalogue.models import Procedure

from . import events, search
from .models import AnnouncementPage
from .tenancy import hosts

RESULTS_A_PAGE = 20


@require_safe
@login_not_required
def search_results(request: HttpRequest) -> HttpResponse:
    """Services and announcements together; of one ward with `?phuong=<slug>`."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[: search.LONGEST_QUERY]
    hosted = hosts.ward_of_host(request)
    ward = hosted or Ward.objects.open().filter(slug=request.GET.get("phuong", "")).first()
    found = Paginator(search.announcements(query, ward), RESULTS_A_PAGE)
    return render(
        request,
        "home/search.html",
        {
            "query": query,
            "ward": ward,
            "places": [] if hosted else _places(query, ward),
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
    hosted = hosts.ward_of_host(request)
    asked = [hosted] if hosted else Ward.objects.open()
    places = [(ward, found.address_in(ward)) for ward in asked if not offering or ward in offering]
    shown = render(request, "home/choose_ward.html", {"procedure": found, "places": places})
    return page_cache.keep(shown, page_cache.FRONT)


@require_safe
@login_not_required
def ward_calendar(request: HttpRequest, ward: str) -> HttpResponse:
    """A ward's events as a feed to subscribe to."""
    place, at = get_object_or_404(Ward, slug=ward), timezone.now()
    found = list(events.of_ward(place, at=at))
    for page in found:
        page.ward = place
    return page_cache.keep(_calendar([events.entry(page) for page in found], "lich", at), page_cache.ward(place.pk))


@require_safe
@login_not_required
def announcement_calendar(request: HttpRequest, ward: str, slug: str) -> HttpResponse:
    """One event, to put into one's own calendar."""
    found = AnnouncementPage.objects.live().events().select_related("ward")
    page, at = get_object_or_404(found, ward__slug=ward, slug=slug), timezone.now()
    return page_cache.keep(_calendar([events.entry(page)], slug, at), page_cache.ward(page.ward_id))


def _calendar(entries: list[ical.Event], name: str, at: datetime) -> HttpResponse:
    content = ical.calendar_file(entries, at=at)
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(content, content_type=f"{ical.CONTENT_TYPE}; charset=utf-8", headers=headers)
