"""The managers' desk: their buildings, and one building at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ..access import manager_required
from ..models import Building


@require_safe
@manager_required()
def buildings(request: HttpRequest) -> HttpResponse:
    """Whoever has one building is there at once."""
    if len(request.buildings) == 1:
        only = request.buildings[0]
        return redirect("building_desk:building", only.ward.slug, only.slug)
    return render(request, "building_desk/buildings.html", {"buildings": request.buildings})


@require_safe
@manager_required()
def building(request: HttpRequest, building: Building) -> HttpResponse:
    return render(request, "building_desk/building.html", {"building": building})
