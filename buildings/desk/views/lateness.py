"""The road out of lateness: a page for each step of it, the letter, the list of cases.

Where a building has no board, a leader of its ward judges in its place: these pages open to them, and nothing else of
the desk does.
"""

import uuid
from collections.abc import Callable
from functools import partial, wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import counting, workflow
from portal.core.access_record import note_read
from portal.core.audit import history_of
from portal.core.calendar import load_calendar
from portal.core.files.downloads import private_response, stored_response
from portal.core.forms import posted
from portal.core.lateness_road import RoadPage, is_as_seen, turn_of
from portal.core.pdf import render_pdf_now

from ...access import buildings_of, manager_required
from ...models import Building
from ...requests import lateness
from ...requests.models import BuildingRequest, RequestLateness
from .. import due, late
from ..late import Scope
from ..lateness_pages import ROAD
from ..reading import PEOPLE
from .requests import conflict

A_PAGE = 25


def answering_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for whoever neither works for the building nor leads its ward in the place of its board."""

    @wraps(view)
    def guarded(request: HttpRequest, ward: str, building: str, **kwargs) -> HttpResponse:
        request.buildings = buildings_of(request.user)
        own, overseen = Building.objects.managed_by(request.user), Building.objects.overseen_by(request.user)
        reached = Building.objects.filter(Q(pk__in=own) | Q(pk__in=overseen)).select_related("ward")
        kwargs["building"] = get_object_or_404(reached, ward__slug=ward, slug=building)
        return view(request, **kwargs)

    return guarded


def _late_request(request: HttpRequest, building: Building, id: uuid.UUID) -> BuildingRequest:
    found = BuildingRequest.objects.answered_for_by(request.user).filter(building=building).select_related(*PEOPLE)
    found = get_object_or_404(found, pk=id)
    note_read(found, "lateness", by=request.user, at=timezone.now())
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@answering_required
def road(request: HttpRequest, building: Building, id: uuid.UUID, slug: str) -> HttpResponse:
    """One step of the road out, and its page. 409 when the case has gone on since the screen was made; 403 when it is
    somebody else's to do. The process asks the same again, on the locked rows."""
    page, at = ROAD.page_at(slug), timezone.now()
    if page is None:
        raise Http404
    found = _late_request(request, building, id)
    case = late.case_of(found, at=at)
    seen = request.POST.get("seen", "")
    if case is None or not page.move.is_open(case) or (request.method == "POST" and not is_as_seen(case, seen)):
        return conflict(request, found, page.label, history_of(case or found).last())
    if not page.move.may(request.user, case):
        raise PermissionDenied(page.name)
    form = page.form(case, request.user, *posted(request), at=at)
    if form.is_valid():
        try:
            done = form.carry_out(partial(ROAD.take, page, found, seen=seen, by=request.user, at=at))
        except workflow.IllegalMove as refused:
            return conflict(request, found, page.label, refused.last)
        if done:
            messages.success(request, page.done % {"code": found.code})
            return redirect(_onwards(request, found))
    return render(request, "building_desk/lateness/road.html", {**_context(request, found, case, page), "form": form})


def _context(request: HttpRequest, found: BuildingRequest, case: RequestLateness, page: RoadPage) -> dict:
    at = timezone.now()
    offered = {each.name: each for each in ROAD.open_to(request.user, case, at=at)}
    return {
        "building": found.building,
        "found": found,
        "case": case,
        "page": page,
        "back": offered.get(page.back),
        "seen": turn_of(case),
        "late": due.case_late_by(case, calendar=load_calendar(found.building.ward), at=at),
        "overrides": late.overrides_this_year(found.building, at=at) if page.name == "override" else None,
        "works_here": found.building in request.buildings,
    }


def _onwards(request: HttpRequest, found: BuildingRequest) -> str:
    """To the request for who works on it; a leader of the ward goes back to the ward's desk."""
    if found.building in request.buildings:
        return found.get_desk_url()
    return f"{reverse('desk:buildings')}?phuong={found.building.ward.slug}"


@require_safe
@answering_required
def draft_letter(request: HttpRequest, building: Building, id: uuid.UUID) -> HttpResponse:
    """The letter as it will be sent, marked as a draft; once it is signed, the letter itself."""
    found = _late_request(request, building, id)
    case = late.case_of(found, at=timezone.now()) or found.latenesses.exclude(letter="").last()
    if case is None or not (case.apology or case.letter):
        raise Http404
    case.request = found
    if case.letter:
        with case.letter.open() as stored:
            content = stored.read()
    else:
        content = render_pdf_now("building_desk/lateness/draft_letter.html", lateness.letter(case))
    return private_response(content, filename=f"thu-xin-loi-{found.code}.pdf", mime="application/pdf", inline=True)


@require_safe
@answering_required
def evidence(request: HttpRequest, building: Building, id: uuid.UUID, case: uuid.UUID) -> HttpResponse:
    """What was given with an explanation; never for the resident whose request it is."""
    found = _late_request(request, building, id)
    if found.reporter_id == request.user.pk:
        raise PermissionDenied("own request")
    kept = get_object_or_404(found.latenesses.all(), pk=case)
    if not kept.evidence:
        raise Http404
    return stored_response(kept.evidence, filename=kept.evidence_name)


@require_safe
@manager_required()
def cases(request: HttpRequest, building: Building) -> HttpResponse:
    """Who has to answer for what, by what waits longest; what was let go on, counted."""
    asked, at, calendar = request.GET.get("xem"), timezone.now(), load_calendar(building.ward)
    scope = Scope(asked) if asked in Scope.values else Scope.OPEN
    found = late.cases(request.user, building, scope)
    total = counting.capped(found)
    page = counting.capped_page(found, request.GET.get("trang"), size=A_PAGE, count=total)
    rows = []
    for case in page:
        case.request.building = building
        rows.append((case, due.case_late_by(case, calendar=calendar, at=at), ROAD.next_of(case)))
    context = {
        "building": building,
        "scopes": Scope,
        "current": scope,
        "page": page,
        "rows": rows,
        "count": counting.in_words(total),
        "overrides": late.overrides_this_year(building, at=at),
    }
    return render(request, "building_desk/lateness/cases.html", context)
