"""The board and the operator of a building at the managers' desk."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.files.downloads import private_response
from portal.core.limits import too_often, within_rate
from portal.core.pdf import render_pdf_now

from ...access import manager_required
from ...models import Building, positions_at
from .. import boards, operators
from ..forms import ElectionForm, HandoverForm, OperatorForm, RecognitionForm
from ..models import Handover
from .book import ANSWERABLE, form_methods

# Of addresses, not of forms: each is answered for. A hand-over with all its people, corrected a few times.
ADDRESSES = "100/d/user"


@require_safe
@manager_required()
def board(request: HttpRequest, building: Building) -> HttpResponse:
    context = {
        "building": building,
        "board": boards.board_of(building, on=timezone.localdate()),
        "earlier": building.board_terms.exclude(ended_on=None).prefetch_related("members"),
        "may_write": _answers(request, building),
    }
    return render(request, "registry/board.html", context)


@form_methods
@manager_required(*ANSWERABLE)
def elect(request: HttpRequest, building: Building) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ElectionForm(building, timezone.localdate(), data, initial=_elected(building))
    if form.is_valid():
        day = form.cleaned_data["elected_on"]
        boards.elect(building, form.members, elected_on=day, by=request.user, at=timezone.now())
        return redirect("registry:book_board", building.ward.slug, building.slug)
    context = {"building": building, "form": form}
    return render(request, "registry/election.html", context, status=400 if form.errors else 200)


def _elected(building: Building) -> dict[str, Any]:
    """What was written down already, to be corrected."""
    term = building.board_terms.elected().prefetch_related("members__apartment").first()
    if not term:
        return {}
    initial: dict[str, Any] = {"elected_on": term.elected_on}
    for row, member in enumerate(term.members.all()):
        flat = member.apartment.number if member.apartment else ""
        initial |= {f"name-{row}": member.name, f"role-{row}": member.role, f"flat-{row}": flat}
    return initial


@form_methods
@manager_required(*ANSWERABLE)
def recognise(request: HttpRequest, building: Building) -> HttpResponse:
    term = building.board_terms.elected().first()
    if not term:
        return redirect("registry:book_board", building.ward.slug, building.slug)
    form = RecognitionForm(term.elected_on, timezone.localdate(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        boards.recognise(term, **form.cleaned_data, by=request.user, at=timezone.now())
        return redirect("registry:book_board", building.ward.slug, building.slug)
    title = _("Quyết định công nhận Ban quản trị")
    context = {"building": building, "form": form, "title": title, "back": "registry:book_board"}
    return render(request, "registry/form.html", context, status=400 if form.errors else 200)


@require_safe
@manager_required()
def operator(request: HttpRequest, building: Building) -> HttpResponse:
    context = {
        "building": building,
        "operator": building.operator_terms.current().first(),
        "earlier": building.operator_terms.exclude(ended_on=None),
        "handovers": Handover.objects.managed_by(request.user).filter(building=building).select_related("old", "new"),
        "may_write": _answers(request, building),
        "may_hand_over": operators.may_hand_over(request.user, building),
    }
    return render(request, "registry/operator.html", context)


@form_methods
@manager_required(*ANSWERABLE)
def contract(request: HttpRequest, building: Building) -> HttpResponse:
    current = building.operator_terms.current().first()
    form = OperatorForm(request.POST if request.method == "POST" else None, instance=current)
    if form.is_valid():
        operators.record(building, form.cleaned_data, by=request.user, at=timezone.now())
        return redirect("registry:book_operator", building.ward.slug, building.slug)
    title = _("Hợp đồng quản lý vận hành")
    context = {"building": building, "form": form, "title": title, "back": "registry:book_operator"}
    return render(request, "registry/form.html", context, status=400 if form.errors else 200)


@form_methods
@manager_required(*ANSWERABLE)
def hand_over(request: HttpRequest, building: Building) -> HttpResponse:
    if not operators.may_hand_over(request.user, building):
        raise Http404
    form = HandoverForm(timezone.localdate(), request.POST if request.method == "POST" else None)
    if form.is_bound and not all(within_rate(request, "handover", ADDRESSES) for _address in form.addresses):
        return too_often(request)
    if form.is_valid():
        given = form.cleaned_data
        try:
            operators.hand_over(
                building,
                form.contract,
                head=given["head"],
                staff=given["staff"],
                items=form.items,
                note=given["note"],
                by=request.user,
                at=timezone.now(),
            )
            if building in Building.objects.managed_by(request.user):
                return redirect("registry:book_operator", building.ward.slug, building.slug)
            return redirect(building.get_absolute_url())  # who handed over does not work here any more
        except ValidationError as problem:
            form.add_error(None, problem)
    context = {
        "building": building,
        "board": boards.board_of(building, on=timezone.localdate()),
        "form": form,
        "open": operators.open_work(building),
    }
    return render(request, "registry/handover.html", context, status=400 if form.errors else 200)


@require_safe
@manager_required()
def handover_record(request: HttpRequest, building: Building, handover: str) -> HttpResponse:
    found = get_object_or_404(
        Handover.objects.managed_by(request.user).select_related("old", "new", "by"), building=building, pk=handover
    )
    with translation.override("vi"):
        context = {"handover": found, "on": timezone.localdate(found.at), "building": building, "ward": building.ward}
        pdf = render_pdf_now("pdf/registry/handover.html", context)
    return private_response(pdf, filename=f"ban-giao-{building.slug}.pdf", mime="application/pdf", inline=True)


def _answers(request: HttpRequest, building: Building) -> bool:
    return bool(positions_at(request.user, building.pk) & set(ANSWERABLE))
