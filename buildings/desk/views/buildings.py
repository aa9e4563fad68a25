"""The managers' desk: their buildings, and one building at a glance."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core import counting
from portal.core.calendar import VIETNAM, load_calendar

from ...access import manager_required
from ...models import Building
from ...residence import queries as residence
from ...residence.permissions import operates
from ...upkeep.queries import duties
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
        "elsewhere": _waiting_elsewhere(request, building, today=at.astimezone(VIETNAM).date()),
        "nothing": not any(lines for _scope, _count, lines in pressing),
    }
    return render(request, "building_desk/building.html", context)


def _waiting_elsewhere(request: HttpRequest, building: Building, *, today: date) -> list[tuple[int, str, str]]:
    """What waits in the other rooms: how many, of what, where. Nothing that is not there."""
    where = [building.ward.slug, building.slug]
    found = []
    late = sum(duty.days_left < 0 for duty in duties(building, today=today))
    if late:
        found.append((late, _("Kiểm tra an toàn quá hạn"), reverse("upkeep:checks", args=where)))
    asked = residence.counts(building, today=today)["asked"] if operates(request.user, building.pk) else 0
    if asked:
        found.append(
            (asked, _("Người chờ nhận căn hộ"), reverse("residence:manage_residents", args=where) + "?xem=cho")
        )
    return found
