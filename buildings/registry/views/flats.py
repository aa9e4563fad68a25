"""The book of flats: to look in, to change a flat, to bring in and take out as a workbook."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core import audit, page_cache
from portal.core.files.downloads import private_response
from portal.core.forms import posted
from portal.core.spreadsheets import XLSX
from portal.core.text import fold

from ...access import manager_required
from ...models import Apartment, Building, positions_at
from ...models.places import IN_ORDER
from ...roles import OPERATOR_POSITIONS
from .. import exporting, importing
from ..forms import ApartmentForm, FlatSearch, ImportForm
from ..models import FlatImport
from .book import form_methods

A_PAGE = 50
PROBLEMS_A_PAGE = 100


@require_safe
@manager_required()
def flats(request: HttpRequest, building: Building) -> HttpResponse:
    search = FlatSearch(building, request.GET)
    found = _narrowed(building, search)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("trang"))
    for flat in page.object_list:
        flat.building = building
    context = {
        "building": building,
        "search": search,
        "is_narrowed": bool(search.wanted),
        "page": page,
        "may_write": bool(positions_at(request.user, building.pk) & set(OPERATOR_POSITIONS)),
    }
    return render(request, "registry/flats.html", context)


def _narrowed(building: Building, search: FlatSearch) -> QuerySet[Apartment]:
    found = building.apartments.select_related("block").order_by(*IN_ORDER)
    wanted = search.wanted
    if "khoi" in wanted:
        found = found.filter(block=wanted["khoi"])
    if "tang" in wanted:
        found = found.filter(floor=wanted["tang"])
    for word in fold(wanted.get("q", "")).split():
        found = found.filter(folded__contains=word)
    return found


@form_methods
@manager_required(*OPERATOR_POSITIONS)
def change_flat(request: HttpRequest, building: Building, flat: int | None = None) -> HttpResponse:
    found = get_object_or_404(building.apartments, pk=flat) if flat else None
    form = ApartmentForm(building, request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        saved = form.save()
        page_cache.purge(page_cache.ward(building.ward_id))
        action = "change_flat" if found else "add_flat"
        audit.record(
            building, action, by=request.user, at=timezone.now(), number=saved.number, fields=form.changed_data
        )
        return redirect("registry:book_flats", building.ward.slug, building.slug)
    title = _("Căn hộ %(number)s") % {"number": found.number} if found else _("Thêm căn hộ")
    context = {"building": building, "form": form, "title": title, "back": "registry:book_flats"}
    return render(request, "registry/form.html", context, status=400 if form.errors else 200)


@form_methods
@manager_required(*OPERATOR_POSITIONS)
def bring(request: HttpRequest, building: Building) -> HttpResponse:
    """A workbook is read and tried out; what would happen is shown before anything does."""
    form = ImportForm(*posted(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            brought = importing.bring(
                building, given["file"], make_blocks=given["make_blocks"], by=request.user, at=timezone.now()
            )
            return redirect(brought)
        except ValidationError as problem:
            form.add_error("file", problem)
    context = {"building": building, "form": form, "most": importing.MOST_FLATS}
    return render(request, "registry/import.html", context, status=400 if form.errors else 200)


@form_methods
@manager_required(*OPERATOR_POSITIONS)
def check(request: HttpRequest, building: Building, brought: str) -> HttpResponse:
    """Every problem by its row; without any, a button that writes."""
    found = get_object_or_404(FlatImport.objects.managed_by(request.user).defer("rows"), building=building, pk=brought)
    if request.method == "POST":
        try:
            counts = importing.write(found, by=request.user, at=timezone.now())
        except importing.NotAsTried:
            messages.warning(request, _("Sổ căn hộ vừa thay đổi. Hãy xem lại trước khi ghi."))
            return redirect(found)
        except ValidationError as problem:
            messages.error(request, problem.messages[0])
            return redirect(found)
        messages.success(request, _("Đã ghi: thêm %(added)d căn hộ, sửa %(changed)d căn hộ.") % counts)
        return redirect("registry:book_flats", building.ward.slug, building.slug)
    context = {
        "building": building,
        "brought": found,
        "problems": Paginator(found.problems, PROBLEMS_A_PAGE).get_page(request.GET.get("trang")),
        "notes": found.notes[:PROBLEMS_A_PAGE],
        "more_notes": max(0, len(found.notes) - PROBLEMS_A_PAGE),
        "nothing_new": not (found.counts.get("added") or found.counts.get("changed")),
    }
    return render(request, "registry/import_check.html", context)


@require_safe
@manager_required(*OPERATOR_POSITIONS)
def template(request: HttpRequest, building: Building) -> HttpResponse:
    return private_response(exporting.template(building), filename="mau-so-can-ho.xlsx", mime=XLSX)


@require_POST
@manager_required()
def export(request: HttpRequest, building: Building) -> HttpResponse:
    """Taking the owners' names out is recorded; so it is a POST."""
    audit.record(building, "export_flats", by=request.user, at=timezone.now())
    return private_response(exporting.flats(building), filename=f"so-can-ho-{building.slug}.xlsx", mime=XLSX)
