"""Choosing and printing the posters of a building."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.files.downloads import private_response

from ...access import manager_required
from ...models import Building
from ..posters import PosterForm, Size, print_posters


@require_safe
@manager_required()
def posters(request: HttpRequest, building: Building) -> HttpResponse:
    """A form that is asked with GET: what it prints changes nothing, and its address can be kept."""
    asked = "in" in request.GET
    form = PosterForm(building, request.GET if asked else None)
    if asked and form.is_valid():
        size = form.cleaned_data["kho"] or Size.A5
        return private_response(
            print_posters(building, form.chosen, size),
            filename=f"bien-qr-{building.slug}-{size}.pdf",
            mime="application/pdf",
            inline=True,
        )
    return render(request, "building_desk/posters.html", {"building": building, "form": form})
