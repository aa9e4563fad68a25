"""The calendar of a building: planned work and the checks that are due."""

from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import workflow
from portal.core.forms import posted

from ...access import manager_required
from ...models import Building, positions_at
from ...roles import OPERATOR_POSITIONS
from .. import actions, queries
from .. import transitions as moves
from ..forms import OutcomeForm, WorkForm
from ..models import PlannedWork


@require_safe
@manager_required()
def calendar(request: HttpRequest, building: Building) -> HttpResponse:
    today = timezone.localdate()
    month = queries.month_of(building, _month(request.GET.get("thang", ""), today), today=today)
    return render(
        request,
        "upkeep/calendar.html",
        {"building": building, "month": month, "weekdays": WEEKDAYS, "operates": _operates(request, building)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
def plan(request: HttpRequest, building: Building) -> HttpResponse:
    if not _operates(request, building):
        raise PermissionDenied("work is planned by the building's operator")
    at = timezone.now()
    form = WorkForm(*posted(request), building=building, at=at)
    if form.is_valid():
        token = form.cleaned_data["token"]
        return redirect(actions.plan(building, by=request.user, at=at, token=token, facts=form.facts()))
    return render(request, "upkeep/work_form.html", {"building": building, "form": form})


@require_safe
@manager_required()
def work(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _find(request, building, id)
    offered = {move.name for move in workflow.available(moves.WORK_MOVES, found, request.user, at=timezone.now())}
    return render(request, "upkeep/work.html", {"building": building, "work": found, "moves": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
def change(request: HttpRequest, building: Building, id) -> HttpResponse:
    found, at = _find(request, building, id), timezone.now()
    if not moves.MOVE.may(request.user, found):
        raise PermissionDenied("work is planned by the building's operator")
    form = WorkForm(*posted(request), building=building, at=at, work=found)
    if form.is_valid():
        return _made(request, found, lambda: actions.move(found, by=request.user, at=at, facts=form.facts()))
    return render(request, "upkeep/work_form.html", {"building": building, "form": form, "work": found})


@require_POST
@manager_required()
def announce(request: HttpRequest, building: Building, id) -> HttpResponse:
    """Draft the notice and go there: it is read again before anybody gets it."""
    found = _find(request, building, id)
    try:
        announced = actions.announce(found, by=request.user, at=timezone.now())
    except workflow.IllegalMove:
        return _too_late(request, found)
    return redirect(announced.notice.get_manage_url())


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
def end(request: HttpRequest, building: Building, id, how: str) -> HttpResponse:
    found, cancels = _find(request, building, id), how == "huy"
    if not moves.operates(request.user, found):
        raise PermissionDenied("work is ended by the building's operator")
    form = OutcomeForm(*posted(request), cancels=cancels)
    if form.is_valid():
        act, at = (actions.cancel if cancels else actions.finish), timezone.now()
        outcome = form.cleaned_data["outcome"]
        return _made(request, found, lambda: act(found, by=request.user, at=at, outcome=outcome))
    return render(request, "upkeep/end.html", {"building": building, "form": form, "work": found, "cancels": cancels})


def _made(request: HttpRequest, work: PlannedWork, act) -> HttpResponse:
    try:
        return redirect(act())
    except workflow.IllegalMove:
        return _too_late(request, work)


def _too_late(request: HttpRequest, work: PlannedWork) -> HttpResponse:
    messages.warning(request, _("Việc này đã được ghi xong hoặc đã hủy, chưa có gì thay đổi."))
    return redirect(work)


def _find(request: HttpRequest, building: Building, id) -> PlannedWork:
    mine = PlannedWork.objects.managed_by(request.user).filter(building=building)
    return get_object_or_404(mine.select_related("building__ward", "place", "planned_by", "notice"), pk=id)


def _operates(request: HttpRequest, building: Building) -> bool:
    return not positions_at(request.user, building.pk).isdisjoint(OPERATOR_POSITIONS)


def _month(asked: str, today: date) -> date:
    """The first of the month asked for; this month for whatever is none."""
    try:
        found = datetime.strptime(asked, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return today.replace(day=1)
    return found if 2020 <= found.year < 2100 else today.replace(day=1)


WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
