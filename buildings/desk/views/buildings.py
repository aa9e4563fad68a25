"""The managers' desk: their buildings, and one building at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core import counting
from portal.core.calendar import load_calendar

from ...access import manager_required
from ...models import Building
from .. import queries
from ..queries import AT_A_GLANCE, Scope, Wanted
from ..work_list import lines_of

FIRST = 5  # rows of a list at a glance


@require_safe
@manager_required()
def buildings(request: HttpRequest) -> HttpResponse:
    """Each with what is late, due today, new. Whoever has one building is there at once."""
    if len(request.buildings) == 1:
        only = request.buildings[0]
        return redirect("building_desk:building", only.ward.slug, only.slug)
    at = timezone.now()
    waiting = queries.counts_of_all(request.user, at=at)
    rows = [(building, waiting.get(building.pk, {})) for building in request.buildings]
    return render(request, "building_desk/buildings.html", {"rows": rows})


@require_safe
@manager_required()
def building(request: HttpRequest, building: Building) -> HttpResponse:
    """What to do next: how many of each list, and the first of those that press."""
    at, calendar = timezone.now(), load_calendar(building.ward)
    counted = queries.counts(request.user, building, at=at)
    pressing = []
    for scope in AT_A_GLANCE:
        found = queries.work(request.user, building, Wanted(scope=scope), at=at)
        rows = queries.rows_of(found)[:FIRST] if counted[scope] else []
        pressing.append((scope, counting.in_words(counted[scope]), lines_of(rows, calendar=calendar, at=at)))
    others = [(scope, counting.in_words(counted[scope])) for scope in (Scope.WORKING, Scope.STANDING)]
    context = {
        "building": building,
        "pressing": pressing,
        "others": others,
        "nothing": not any(lines for _scope, _count, lines in pressing),
    }
    return render(request, "building_desk/building.html", context)
