"""The road out of lateness: a page for each step of it, and the lists of who owes what."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buildings.models import positions_in
from buildings.roles import Position
from portal.core import workflow
from portal.core.audit import history_of
from portal.core.calendar import load_calendar
from portal.core.counting import capped, capped_page
from portal.core.files.downloads import private_response, stored_response
from portal.core.forms import posted
from portal.core.lateness_road import RoadPage, is_as_seen, turn_of
from portal.core.models import AuditEvent
from services.dossiers.lateness import process, report_error
from services.dossiers.models import Dossier, Lateness
from services.dossiers.permissions import is_owner
from services.dossiers.transitions import REPORT_ERROR

from .. import due, lateness, letter, queries, reading, second_factor
from ..access import chosen_desk, desk_required, dossier_at_desk, note_listed
from ..lateness import Scope
from ..lateness_forms import ErrorForm
from ..lateness_pages import ROAD

A_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def road(request: HttpRequest, id, name: str) -> HttpResponse:
    """One step of the road out, and its page.

    409 when the case has gone on since the screen was made; 403 when it is somebody else's to do.
    The process asks the same again, on the locked rows.
    """
    page, at = ROAD.pages[name], timezone.now()
    dossier = dossier_at_desk(request.user, id)
    case = lateness.case_of(dossier, at=at)
    seen = request.POST.get("seen", "")
    if case is None or not page.move.is_open(case) or (request.method == "POST" and not is_as_seen(case, seen)):
        return conflict(request, dossier, page.label, _last_of(dossier, case))
    if not page.move.may(request.user, case):
        raise PermissionDenied(name)
    if page.signs and (again := second_factor.ask_again(request)):
        return again
    form = page.form(case, request.user, *posted(request), at=at)
    if form.is_valid():
        try:
            done = form.carry_out(partial(ROAD.take, page, dossier, seen=seen, by=request.user, at=at))
        except workflow.IllegalMove as refused:
            return conflict(request, dossier, page.label, refused.last)
        if done:
            messages.success(request, page.done % {"code": dossier.code})
            return _onwards(request, dossier)
    return render(request, "desk/lateness/road.html", {**_context(request, dossier, case, page), "form": form})


def _context(request: HttpRequest, dossier: Dossier, case: Lateness, page: RoadPage) -> dict:
    at = timezone.now()
    offered = {each.name: each for each in ROAD.open_to(request.user, case, at=at)}
    return {
        "ward": dossier.ward,
        "dossier": dossier,
        "case": case,
        "page": page,
        "back": offered.get(page.back),
        "seen": turn_of(case),
        "late": due.late_by(case, calendar=dossier.calendar, at=at),
        "overrides": lateness.overrides_this_year(dossier.ward, at=at) if page.name == "override" else None,
    }


def _onwards(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """To the dossier while there is something to do for this officer, else to what waits next."""
    at = timezone.now()
    fresh = dossier_at_desk(request.user, dossier.pk)
    case = lateness.case_of(fresh, at=at)
    more = ROAD.open_to(request.user, case, at=at) if case else reading.available_pages(fresh, request.user, at=at)
    return redirect("desk:dossier", fresh.pk) if more else redirect("desk:lateness")


@require_safe
@desk_required
def draft_letter(request: HttpRequest, id) -> HttpResponse:
    """The letter as it will be sent, marked as a draft."""
    dossier = dossier_at_desk(request.user, id)
    at = timezone.now()
    case = lateness.case_of(dossier, at=at)
    if case is None or not letter.has_letter(case):
        raise Http404
    signer = request.user if process.may_sign(request.user, case) else None
    content = letter.print_letter(case, signer=signer, at=at)
    return private_response(
        content, filename=f"du-thao-thu-xin-loi-{dossier.code}.pdf", mime="application/pdf", inline=True
    )


@require_safe
@desk_required
def evidence(request: HttpRequest, id, case) -> HttpResponse:
    """What was given with an explanation: for the ward's desk, never for the one whose dossier it is."""
    dossier = dossier_at_desk(request.user, id)
    found = get_object_or_404(Lateness.objects.visible_to(request.user).filter(dossier=dossier), pk=case)
    if is_owner(request.user, dossier):
        raise PermissionDenied("own dossier")
    if not found.evidence:
        raise Http404
    return stored_response(found.evidence, filename=found.evidence_name)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def error(request: HttpRequest, id) -> HttpResponse:
    """Something went wrong on the ward's side: it is answered for on the same road."""
    dossier, at = dossier_at_desk(request.user, id), timezone.now()
    if lateness.case_of(dossier, at=at) or not REPORT_ERROR.is_open(dossier):
        return conflict(request, dossier, REPORT_ERROR.label, _last_of(dossier, None))
    if not REPORT_ERROR.may(request.user, dossier):
        raise PermissionDenied("report_error")
    form = ErrorForm(dossier, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            report_error(dossier, by=request.user, at=at, **form.arguments())
        except workflow.IllegalMove as refused:
            return conflict(request, dossier, REPORT_ERROR.label, refused.last)
        messages.success(request, _("Đã ghi nhận sai sót ở hồ sơ %(code)s.") % {"code": dossier.code})
        return redirect("desk:dossier", dossier.pk)
    return render(request, "desk/lateness/error.html", {"ward": dossier.ward, "dossier": dossier, "form": form})


def conflict(request: HttpRequest, dossier: Dossier, label, last: AuditEvent | None) -> HttpResponse:
    """Somebody was quicker: who, what and when, and the way back to the dossier as it is now."""
    fresh = dossier_at_desk(request.user, dossier.pk)
    known = process.moves.get(last.action) if last else None
    what = known.label or reading.what_happened(last) if known else reading.what_happened(last)
    context = {"dossier": fresh, "ward": fresh.ward, "page": {"label": label}, "last": last, "what": what}
    return render(request, "desk/conflict.html", context, status=409)


def _last_of(dossier: Dossier, case: Lateness | None) -> AuditEvent | None:
    """What happened last, to the case or to the dossier."""
    answered = case or dossier.latenesses.order_by("opened_at").last()
    events = [history_of(dossier).last(), history_of(answered).last() if answered else None]
    return max(filter(None, events), key=lambda event: event.at, default=None)


# --- Lists ---------------------------------------------------------------------------------------------------


@require_safe
@desk_required
def cases(request: HttpRequest) -> HttpResponse:
    """Who has to answer for what, by whose turn it is."""
    ward = chosen_desk(request)
    asked = request.GET.get("xem")
    scope = Scope(asked) if asked in Scope.values else Scope.MINE
    return _cases(request, lateness.cases(request.user, ward, scope), scope=scope)


@require_safe
@desk_required
def inspection(request: HttpRequest) -> HttpResponse:
    """Second latenesses and what was let go on, for the ward's leader."""
    ward = chosen_desk(request)
    if Position.LEADER not in positions_in(request.user, ward.pk):
        raise PermissionDenied("for leaders")
    return _cases(request, lateness.inspection(request.user, ward), scope="inspection")


def _cases(request: HttpRequest, found, *, scope: str) -> HttpResponse:
    ward, at = chosen_desk(request), timezone.now()
    page = capped_page(lateness.rows_of(found), request.GET.get("trang"), size=A_PAGE, count=capped(found))
    note_listed(request, "lateness", ward, [case.dossier for case in page])
    calendar = load_calendar(ward)
    rows = [(case, due.standing_of_case(case, calendar=calendar, at=at), ROAD.next_of(case)) for case in page]
    return render(request, "desk/lateness/cases.html", {**_lists(request, scope), "page": page, "rows": rows})


@require_safe
@desk_required
def at_risk(request: HttpRequest) -> HttpResponse:
    """What will be late unless something is done: the work that remains no longer fits."""
    ward, at = chosen_desk(request), timezone.now()
    found = lateness.at_risk(request.user, ward, at=at).prefetch_related("steps")
    page = queries.page_of(found, request.GET.get("trang"))
    note_listed(request, "at_risk", ward, page)
    calendar = load_calendar(ward)
    rows = [
        (
            row,
            due.standing(row, calendar=calendar, at=at),
            due.amount(lateness.remaining_minutes(row), calendar),
            due.amount(max(calendar.minutes_between(at, row.promised_at), 0), calendar),
        )
        for row in page
    ]
    return render(request, "desk/lateness/at_risk.html", {**_lists(request, "at_risk"), "page": page, "rows": rows})


def _lists(request: HttpRequest, current: str) -> dict:
    """The links between the lists, each with as many as it shows; what is over only grows and is not counted."""
    ward, at = chosen_desk(request), timezone.now()
    counted = {scope: capped(lateness.cases(request.user, ward, scope)) for scope in (Scope.MINE, Scope.OPEN)}
    return {
        "ward": ward,
        "desks": request.desks,
        "current": current,
        "scopes": [(scope, counted.get(scope)) for scope in Scope],
        "risk_count": capped(lateness.at_risk(request.user, ward, at=at)),
        "leads": Position.LEADER in positions_in(request.user, ward.pk),
    }
