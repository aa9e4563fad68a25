"""The book of a building at the managers' desk: its parts at a glance, its facts, and the lists that are kept by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import audit
from portal.core.languages import marked

from ...access import manager_required
from ...models import Building, SharedPlace, positions_at
from ...roles import OPERATOR_POSITIONS, Position
from .. import boards
from ..forms import BlockForm, ContactForm, FactsForm, OfBuildingForm, SharedPlaceForm

ANSWERABLE = (Position.BUILDING_HEAD, Position.BOARD_CHAIR)
form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@manager_required()
def book(request: HttpRequest, building: Building) -> HttpResponse:
    context = {
        "building": building,
        "board": boards.board_of(building, on=timezone.localdate()),
        "operator": building.operator_terms.current().first(),
        "counts": {
            "blocks": building.blocks.count(),
            "places": building.shared_places.in_use().count(),
            "contacts": building.contacts.count(),
        },
        "may_change_facts": bool(positions_at(request.user, building.pk) & set(ANSWERABLE)),
    }
    return render(request, "registry/book.html", context)


@form_methods
@manager_required(*ANSWERABLE)
def facts(request: HttpRequest, building: Building) -> HttpResponse:
    form = FactsForm(request.POST if request.method == "POST" else None, instance=building)
    if form.is_valid():
        form.save()
        audit.record(building, "change_facts", by=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("registry:book", building.ward.slug, building.slug)
    context = {"building": building, "form": form, "title": _("Thông tin tòa nhà"), "back": "registry:book"}
    return render(request, "registry/form.html", context, status=400 if form.errors else 200)


# --- Lists kept by hand --------------------------------------------------------------------------
@dataclass(frozen=True)
class Shelf:
    """Rows of one kind that managers add, change and take away."""

    route: str
    title: str | Promise
    add: str | Promise
    form: type[OfBuildingForm]
    rows: Callable[[Building], QuerySet]
    take_away: Callable[..., None]
    template: str


def _close(place: SharedPlace, *, at: datetime) -> None:
    SharedPlace.objects.filter(pk=place.pk, closed_at=None).update(closed_at=at)


def _delete(row, *, at: datetime) -> None:
    row.delete()


SHELVES = {
    "khoi": Shelf(
        "registry:book_blocks",
        gettext_lazy("Khối, đơn nguyên"),
        gettext_lazy("Thêm khối"),
        BlockForm,
        lambda building: building.blocks.annotate(flats=Count("apartments")).order_by("name"),
        _delete,
        "registry/blocks.html",
    ),
    "noi-dung-chung": Shelf(
        "registry:book_places",
        gettext_lazy("Nơi dùng chung"),
        gettext_lazy("Thêm nơi dùng chung"),
        SharedPlaceForm,
        lambda building: building.shared_places.in_use(),
        _close,
        "registry/places.html",
    ),
    "lien-he": Shelf(
        "registry:book_contacts",
        gettext_lazy("Đầu mối liên hệ"),
        gettext_lazy("Thêm đầu mối"),
        ContactForm,
        lambda building: building.contacts.all(),
        _delete,
        "registry/contacts.html",
    ),
}


@require_safe
@manager_required()
def rows(request: HttpRequest, building: Building, shelf: str) -> HttpResponse:
    kept = SHELVES[shelf]
    context = {
        "building": building,
        "shelf": kept,
        "rows": kept.rows(building),
        "may_write": bool(positions_at(request.user, building.pk) & set(OPERATOR_POSITIONS)),
        **{name: f"{kept.route}_{name}" for name in ("add", "change", "drop")},
    }
    return render(request, kept.template, context)


@form_methods
@manager_required(*OPERATOR_POSITIONS)
def change_row(request: HttpRequest, building: Building, shelf: str, pk: int | None = None) -> HttpResponse:
    kept = SHELVES[shelf]
    found = get_object_or_404(kept.rows(building), pk=pk) if pk else None
    form = kept.form(building, request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        row = form.save()
        done = "change" if pk else "add"
        audit.record(building, f"{done}_{row._meta.model_name}", by=request.user, at=timezone.now(), name=row.name)
        return redirect(kept.route, building.ward.slug, building.slug)
    context = {
        "building": building,
        "form": form,
        "title": marked(str(found)) if found else kept.add,
        "back": kept.route,
    }
    return render(request, "registry/form.html", context, status=400 if form.errors else 200)


@require_POST
@manager_required(*OPERATOR_POSITIONS)
def drop_row(request: HttpRequest, building: Building, shelf: str, pk: int) -> HttpResponse:
    kept, at = SHELVES[shelf], timezone.now()
    row = get_object_or_404(kept.rows(building), pk=pk)
    if getattr(row, "flats", 0):
        messages.error(request, _("Khối %(name)s còn căn hộ nên không bỏ được.") % {"name": row.name})
    else:
        audit.record(building, f"drop_{row._meta.model_name}", by=request.user, at=at, name=row.name)
        kept.take_away(row, at=at)
    return redirect(kept.route, building.ward.slug, building.slug)
