"""Choosing and printing the posters of a building; adding the places and floors that have none yet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.core.files.downloads import private_response

from ...access import manager_required
from ...models import Building, SharedPlace, positions_at
from ...registry import places
from ...registry.forms import FloorsForm, SharedPlaceForm
from ...roles import OPERATOR_POSITIONS
from ..posters import PosterForm, Size, print_posters


@require_safe
@manager_required()
def posters(request: HttpRequest, building: Building) -> HttpResponse:
    """A form that is asked with GET: what it prints changes nothing, and its address can be kept."""
    asked = "in" in request.GET
    form = PosterForm(building, request.GET if asked else None, chosen=request.GET.getlist("noi"))
    if asked and form.is_valid():
        size = form.cleaned_data["kho"] or Size.A5
        return private_response(
            print_posters(building, form.chosen, size),
            filename=f"bien-qr-{building.slug}-{size}.pdf",
            mime="application/pdf",
            inline=True,
        )
    return _page(request, building, form)


@require_POST
@manager_required(*OPERATOR_POSITIONS)
def add(request: HttpRequest, building: Building) -> HttpResponse:
    """A place, or some floors, that had no poster: back on the page they are chosen already."""
    floors = FloorsForm(building, request.POST if request.POST.get("them") == "tang" else None)
    place = SharedPlaceForm(building, request.POST if request.POST.get("them") == "noi" else None)
    at = timezone.now()
    if floors.is_valid():
        made = places.add_floors(building, floors.floors, floors.chosen_blocks, by=request.user, at=at)
    elif place.is_valid():
        made = [places.add(place.save(commit=False), by=request.user, at=at)]
    else:
        return _page(request, building, PosterForm(building), floors=floors, place=place)
    return _chosen(request, building, made)


def _chosen(request: HttpRequest, building: Building, made: list[SharedPlace]) -> HttpResponse:
    said = ngettext("Đã chọn %(n)s nơi để in biển.", "Đã chọn %(n)s nơi để in biển.", len(made)) % {"n": len(made)}
    messages.success(request, said)
    query = QueryDict(mutable=True)
    query.setlist("noi", [place.code for place in made])
    address = reverse("building_desk:posters", args=[building.ward.slug, building.slug])
    return redirect(f"{address}?{query.urlencode()}")


def _page(
    request: HttpRequest,
    building: Building,
    form: PosterForm,
    *,
    floors: FloorsForm | None = None,
    place: SharedPlaceForm | None = None,
) -> HttpResponse:
    context = {"building": building, "form": form, "may_add": _operates(request, building)}
    if context["may_add"]:
        context |= {"floors": floors or FloorsForm(building), "place": place or SharedPlaceForm(building)}
    context["forms"] = [form, *(one for one in (floors, place) if one)]
    return render(request, "building_desk/posters.html", context, status=400 if floors else 200)


def _operates(request: HttpRequest, building: Building) -> bool:
    return not positions_at(request.user, building.pk).isdisjoint(OPERATOR_POSITIONS)
