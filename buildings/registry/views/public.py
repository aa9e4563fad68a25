"""What everybody may know of a building: its own page, and the list of a ward's. Kept as the ward's pages are."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core import page_cache

from ...models import Ward
from .. import boards, duties


@login_not_required
@require_safe
def buildings(request: HttpRequest, ward: str) -> HttpResponse:
    place = get_object_or_404(Ward, slug=ward)
    found = place.buildings.annotate(flats=Count("apartments")).order_by("name")  # a count forgets the order
    shown = render(request, "registry/buildings.html", {"ward": place, "buildings": found})
    return page_cache.keep(shown, page_cache.ward(place.pk))


@login_not_required
@require_safe
def building(request: HttpRequest, ward: str, building: str) -> HttpResponse:
    place = get_object_or_404(Ward, slug=ward)
    found = get_object_or_404(place.buildings, slug=building)
    found.ward = place
    today = timezone.localdate()
    context = {
        "ward": place,
        "building": found,
        "blocks": list(found.blocks.all()),
        "contacts": list(found.contacts.all()),
        "operator": found.operator_terms.current().first(),
        "board": boards.board_of(found, on=today),
        "duties": duties.OF_OPERATOR,
        "not_in_fee": duties.NOT_IN_FEE,
    }
    return page_cache.keep(render(request, "registry/building.html", context), page_cache.ward(place.pk))
