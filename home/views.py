"""Public pages that are not content: searching, and choosing a ward for a service."""

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

from .kinds import Kind
from .models import AnnouncementPage
from .reading import events, search
from .tenancy import hosts

RESULTS_A_PAGE = 20


@require_safe
@login_not_required
def search_results(request: HttpRequest) -> HttpResponse:
    """Services and announcements together; of one ward with `?phuong=<slug>`."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[: search.LONGEST_QUERY]
    hosted = hosts.ward_of_host(request)
    ward = hosted or Ward.objects.open().filter(slug=request.GET.get("phuong", "")).first()
    kind = Kind(chosen) if (chosen := request.GET.get("loai", "")) in Kind.values else None
    every = search.announcements(query, ward)
    found = search.announcements(query, ward, kind) if kind else every
    page = Paginator(found, RESULTS_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "home/search.html",
        {
            "query": query,
            "ward": ward,
            "kind": kind,
            "places": [] if hosted else _places(query, ward, kind),
            "kinds": _kinds(query, ward, kind, search.kinds_among(every)),
            "procedures": [] if kind else search.procedures(query, ward),
            "announcements": page,
            "hits": search.shown(page.object_list, query),
            "too_many": len(found) == search.MOST,
        },
    )


def _search_for(query: str, ward: Ward | None, kind: Kind | None) -> str:
    asked = {"q": query, "phuong": ward.slug if ward else "", "loai": kind or ""}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _places(query: str, chosen: Ward | None, kind: Kind | None) -> list[dict]:
    """Where else the same words can be looked for: in all wards, or in one."""
    everywhere = {"label": _("Mọi phường"), "href": _search_for(query, None, kind), "current": chosen is None}
    return [everywhere] + [
        {"label": ward.marked, "href": _search_for(query, ward, kind), "current": ward == chosen}
        for ward in Ward.objects.open()
    ]


def _kinds(query: str, ward: Ward | None, chosen: Kind | None, found: list[tuple[Kind, int]]) -> list[dict]:
    """The kinds among what was found; nothing to choose from when there is one."""
    if len(found) < 2 and not chosen:
        return []
    every = {"label": _("Mọi loại"), "href": _search_for(query, ward, None), "count": None, "current": not chosen}
    return [every] + [
        {"label": kind.label, "href": _search_for(query, ward, kind), "count": count, "current": kind == chosen}
        for kind, count in found
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
    named = _("Sự kiện của %(ward)s") % {"ward": place.shown}
    content = ical.calendar_file([events.entry(page) for page in found], at=at, name=named)
    return page_cache.keep(_calendar(content, "lich"), page_cache.ward(place.pk))


@require_safe
@login_not_required
def announcement_calendar(request: HttpRequest, ward: str, slug: str) -> HttpResponse:
    """One event, to put into one's own calendar."""
    found = AnnouncementPage.objects.live().events().select_related("ward")
    page, at = get_object_or_404(found, ward__slug=ward, slug=slug), timezone.now()
    return page_cache.keep(
        _calendar(ical.calendar_file([events.entry(page)], at=at), slug), page_cache.ward(page.ward_id)
    )


def _calendar(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(content, content_type=f"{ical.CONTENT_TYPE}; charset=utf-8", headers=headers)
