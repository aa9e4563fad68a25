"""Old addresses lead on: of renamed wards, of services of closed wards, of buildings that went elsewhere.

Asked only when an address was not found, so that nothing else pays for it. An address is judged by its
first part, the ward: one row a rename serves pages, services and whatever will be below a ward one day.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from buildings.models import Ward, WardSuccession
from portal.core.addresses import in_language, plain
from services.catalogue.models import Procedure

from .naming import ward_once_at

SERVICES, BUILDINGS = "dich-vu", "toa-nha"


def old_addresses(get_response: Callable[[HttpRequest], HttpResponseBase]):
    """301 to where it is now, or a page to choose the successor; else the 404 stays."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        return _lead_on(request) or response

    return middleware


def _lead_on(request: HttpRequest) -> HttpResponse | None:
    first, _slash, rest = plain(request.path_info).removeprefix("/").partition("/")
    if renamed := ward_once_at(first):
        return _to(request, f"/{renamed.slug}/{rest}")
    place, _slash, below = rest.partition("/")
    if place == BUILDINGS:
        return _to_building(request, first, below)
    ward = Ward.objects.filter(slug=first, is_open=False).first()
    if ward and place == SERVICES:
        return _to_services(request, ward, below)
    return None


def _to_building(request: HttpRequest, slug: str, below: str) -> HttpResponse | None:
    name, _slash, rest = below.partition("/")
    line = (
        WardSuccession.objects.filter(old__slug=slug, former_slug=name, moved_at__isnull=False)
        .select_related("building__ward")
        .order_by("-moved_at")
        .first()
    )
    if line is None or line.building is None or line.building.ward.slug == slug:
        return None
    return _to(request, f"/{line.building.ward.slug}/{BUILDINGS}/{line.building.slug}/{rest}")


def _to_services(request: HttpRequest, ward: Ward, below: str) -> HttpResponse:
    """To the one successor; where there are several, the resident knows which is theirs."""
    service = below.partition("/")[0]
    successors = list(ward.successors)
    if len(successors) == 1:
        offered = not service or Procedure.objects.offered_in(successors[0]).filter(slug=service).exists()
        return _to(request, f"/{successors[0].slug}/{SERVICES}/{below if offered else ''}")
    moved = ward.successions_from.filter(moved_at__isnull=False).exclude(building=None).select_related("building")
    choices = [
        (
            successor,
            f"{successor.get_absolute_url()}{SERVICES}/",
            [one.building for one in moved if one.new_id == successor.pk],
        )
        for successor in successors
    ]
    response = render(request, "home/closed_services.html", {"ward": ward, "choices": choices})
    response["X-Robots-Tag"] = "noindex"
    return response


def _to(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(in_language(path, get_language()) + (f"?{query}" if query else ""))
