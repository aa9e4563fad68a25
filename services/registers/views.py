"""The office's books on the screen, and what is taken out of them."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from buildings.models import Ward
from portal.core.audit import history_of
from portal.core.files.downloads import private_response
from portal.core.text import fold
from portal.core.workflow import IllegalMove
from services.desk.access import desk_required, dossier_at_desk, note_listed
from services.dossiers import standing

from . import control_slip as control_slips
from . import exporting
from . import follow_up as follow_up_register
from . import issued as issued_register
from .forms import ExportForm
from .keyset import Slice
from .models import Export
from .shelf import REGISTERS
from .writers import WRITERS

A_PAGE = 25
COUNTED = 1000  # beyond it a list only says "more than": counting all of a book would cost more than showing it


@require_safe
@desk_required
def follow_up(request: HttpRequest) -> HttpResponse:
    """The follow-up register as it stands now, the last accepted first."""
    ward, at = _ward(request), timezone.now()
    register = REGISTERS[Export.What.FOLLOW_UP]
    filters = register.filters(request.GET)
    entries = register.entries(request.user, ward, filters.wanted, at=at)
    page = _page(request, register, entries)
    note_listed(request, register.what, ward, [register.subject(row) for row in page.rows])
    return render(
        request,
        "registers/follow_up.html",
        {
            **_shown(request, ward, register, filters, page, entries),
            "rows": [
                (entry, standing.due_state(entry.dossier, at=at), standing.tone_of(entry.dossier))
                for entry in follow_up_register.read(page.rows)
            ],
        },
    )


@require_safe
@desk_required
def issued(request: HttpRequest) -> HttpResponse:
    """The books of a year; or one of them, its last number first."""
    ward, at = _ward(request), timezone.now()
    register = REGISTERS[Export.What.ISSUED]
    filters = register.filters(request.GET)
    wanted = filters.wanted
    books = issued_register.books(request.user, ward, wanted.year)
    book = next((book for book in books if book.name == wanted.book), None)
    context = {"ward": ward, "desks": request.desks, "year": wanted.year, "years": issued_register.years(ward)}
    if book is None:
        return render(request, "registers/books.html", {**context, "books": books})
    entries = register.entries(request.user, ward, wanted, at=at)
    page = _page(request, register, entries)
    note_listed(request, register.what, ward, [register.subject(row) for row in page.rows])
    shown = _shown(request, ward, register, filters, page, entries)
    return render(request, "registers/issued.html", {**context, **shown, "book": book})


@require_POST
@desk_required
def ask(request: HttpRequest, what: str) -> HttpResponse:
    """Take the list as it is narrowed now out as a file."""
    ward = _ward(request)
    form = ExportForm(request.POST)
    query = REGISTERS[what].filters(request.POST).query
    if not form.is_valid():
        messages.error(request, _("Chọn một dạng tệp."))
        return redirect("registers:exports")
    return redirect(
        exporting.ask(what, form.cleaned_data["format"], query, ward=ward, by=request.user, at=timezone.now())
    )


@require_safe
@desk_required
def exports(request: HttpRequest) -> HttpResponse:
    """What I took out of the books lately."""
    mine = Export.objects.visible_to(request.user).select_related("ward")[:A_PAGE]
    return render(
        request,
        "registers/exports.html",
        {"ward": _ward(request), "desks": request.desks, "exports": [(export, _words(export)) for export in mine]},
    )


@require_safe
@desk_required
def export(request: HttpRequest, id) -> HttpResponse:
    """How far it is; then the file. The page looks again by itself while it is being made."""
    export = get_object_or_404(Export.objects.visible_to(request.user).select_related("ward"), pk=id)
    last = history_of(export).last()
    return render(
        request,
        "registers/export.html",
        {
            "export": export,
            "ward": export.ward,
            "words": _words(export),
            "reason": last.data.get("reason", "") if last else "",
            "done": number_format(export.rows_done, force_grouping=True),
            "total": number_format(export.rows_total or 0, force_grouping=True),
            "percent": 100 * export.rows_done // export.rows_total if export.rows_total else 0,
            "download_name": _file_name(export),
        },
    )


@require_safe
@desk_required
def download(request: HttpRequest, id) -> HttpResponse:
    """The file, for whoever asked for it and nobody else."""
    export = get_object_or_404(Export.objects.visible_to(request.user), pk=id)
    try:
        content = exporting.take(export, by=request.user, at=timezone.now())
    except IllegalMove:
        return redirect(export)  # which says what became of it
    return private_response(content, filename=_file_name(export), mime=WRITERS[export.format].MIME)


@require_safe
@desk_required
def control_slip(request: HttpRequest, id) -> HttpResponse:
    """Form 06 of a dossier: who gave it to whom, and when."""
    dossier = dossier_at_desk(request.user, id)
    said = control_slips.context(dossier)
    return render(request, "registers/control_slip.html", {"dossier": dossier, "ward": dossier.ward, **said})


@require_safe
@desk_required
def print_control_slip(request: HttpRequest, id) -> HttpResponse:
    """The same as a PDF; made here and now, for it is a page or two and says what stands at this moment."""
    dossier = dossier_at_desk(request.user, id)
    with translation.override("vi"):
        content = control_slips.printed(dossier, at=timezone.now())
    name = f"phieu-kiem-soat-{dossier.code}.pdf"
    return private_response(content, filename=name, mime="application/pdf", inline=True)


def _ward(request: HttpRequest) -> Ward:
    """The desk that is meant, of those the person works at."""
    asked = request.POST.get("phuong") or request.GET.get("phuong")
    return next((desk for desk in request.desks if desk.slug == asked), request.desks[0])


def _page(request: HttpRequest, register, entries: QuerySet) -> Slice:
    return register.keyset.page(
        entries, size=A_PAGE, before=request.GET.get("truoc", ""), after=request.GET.get("sau", "")
    )


def _shown(request: HttpRequest, ward: Ward, register, filters, page: Slice, entries: QuerySet) -> dict:
    """What the list of every register shows."""
    count = entries.order_by()[: COUNTED + 1].count()
    return {
        "ward": ward,
        "desks": request.desks,
        "what": register.what,
        "form_number": register.form_number(timezone.now()),
        "filters": filters,
        "wanted": filters.wanted,
        "query": filters.query,
        "page": page,
        "count": min(count, COUNTED),
        "count_in_words": number_format(min(count, COUNTED), force_grouping=True),
        "is_more": count > COUNTED,
        "export_form": ExportForm(),
    }


def _words(export: Export) -> str:
    """Which part of which book, as its head says."""
    register = REGISTERS[export.what]
    return register.subtitle(register.filters(export.filters).wanted, export.ward)


def _file_name(export: Export) -> str:
    day = timezone.localtime(export.asked_at)
    return f"{slugify(fold(f'{export.get_what_display()} {export.ward.name}'))}-{day:%Y%m%d-%H%M}.{export.format}"
