"""The operator's screens for a ward's people and buildings."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from buildings.models import Membership, Ward
from buildings.staffing import open_building
from services.dossiers.models import Dossier

from .. import staffing
from .access import operator_required
from .forms import AppointForm, BuildingForm

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
@operator_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works in the ward and in its buildings today; beginning and ending."""
    ward = get_object_or_404(Ward, slug=slug)
    form = AppointForm(request.POST if request.method == "POST" else None, ward=ward)
    if form.is_valid():
        try:
            made = staffing.appoint(by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("%(name)s làm việc từ hôm nay và đã được báo qua thư.") % {"name": made.user})
            return redirect("tenancy:people", slug=slug)
    held = Membership.objects.current().filter(ward=ward).select_related("user", "building")
    rows = sorted(held, key=lambda one: (one.building.name if one.building else "", one.position, one.pk))
    places = [(building, list(found)) for building, found in groupby(rows, key=lambda one: one.building)]
    return render(request, "home/tenancy/people.html", {"place": ward, "form": form, "places": places})


@require_POST
@operator_required
def dismiss(request: HttpRequest, slug: str, membership: int) -> HttpResponse:
    found = get_object_or_404(Membership, pk=membership, ward__slug=slug)
    ended = staffing.dismiss(found, by=request.user, at=timezone.now())
    owed = Dossier.objects.filter(ward=ended.ward, current_step__assignee=ended.user).count()
    messages.success(request, _("%(name)s đã thôi vị trí này.") % {"name": ended.user})
    if owed:
        messages.warning(
            request,
            _("Còn %(n)s hồ sơ đứng tên người này: lãnh đạo phường giao cho người khác ở trang Lịch hạn.")
            % {"n": owed},
        )
    return redirect("tenancy:people", slug=slug)


@form_methods
@operator_required
def buildings(request: HttpRequest, slug: str) -> HttpResponse:
    """The ward's buildings, and a new one."""
    ward = get_object_or_404(Ward, slug=slug)
    form = BuildingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = open_building(ward, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("slug", refused.messages)
        else:
            messages.success(request, _("Đã thêm %(building)s. Nay giao người quản lý.") % {"building": made})
            return redirect("tenancy:people", slug=slug)
    context = {"place": ward, "form": form, "buildings": ward.buildings.all()}
    return render(request, "home/tenancy/buildings.html", context)
