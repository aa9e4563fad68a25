"""Completing what the desk asked for, in place: only that can be changed."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core import workflow
from services.catalogue.definition import Section
from services.dossiers import actions, filing
from services.dossiers.models import Dossier, DossierState

from .access import own_dossier
from .mine import supplement_items
from .sheet import Sheet


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, id) -> HttpResponse:
    """All that is asked, what of it is done; POST sends it back to the desk."""
    dossier = own_dossier(request, id)
    supplement = filing.open_request(dossier)
    if dossier.state != DossierState.SUPPLEMENT or supplement is None:
        return redirect(dossier)
    problems: list[str] = []
    if request.method == "POST":
        try:
            actions.answer_supplement(dossier, by=request.user, at=timezone.now())
            messages.success(request, _("Đã gửi bổ sung. Phường xem lại hồ sơ của bạn từ đầu."))
            return redirect(dossier)
        except actions.Incomplete as incomplete:
            problems = [_linked(dossier, problem) for problem in incomplete.problems]
        except (workflow.IllegalMove, PermissionDenied):
            return redirect(dossier)
    return render(
        request,
        "dossiers/supplement.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "supplement": supplement,
            "items": supplement_items(dossier, supplement),
            "problems": problems,
        },
        status=400 if problems else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, id, field: str) -> HttpResponse:
    dossier = own_dossier(request, id)
    supplement = filing.open_request(dossier)
    if dossier.state != DossierState.SUPPLEMENT or supplement is None:
        return redirect(dossier)
    asked = get_object_or_404(supplement.items, field=field)
    sheet = Sheet(request, dossier, _section_of(dossier, asked.field))
    if request.method == "POST":
        now = timezone.now()
        try:
            right = sheet.take(at=now)
            if right and not sheet.stays and not sheet.questions:
                filing.answer_item(dossier, asked.field, by=request.user, at=now)
        except filing.NotEditable:
            return redirect(dossier)
        if right and sheet.stays and not sheet.questions:
            return redirect(request.get_full_path())
        if right and not sheet.stays:
            return redirect("dossiers:supplement", id=dossier.pk)
    return render(
        request,
        "dossiers/supplement_item.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "item": asked,
            "sheet": sheet,
            "form": sheet.form,
            "papers": list(sheet.rows()),
        },
    )


def _section_of(dossier: Dossier, key: str) -> Section:
    """The page the question stands on, with nothing but the question and what hangs on its answer."""
    try:
        wanted = filing.asked_with(dossier, key)
    except KeyError as error:
        raise Http404(key) from error
    home = next(page for page in dossier.spec.pages if wanted[0] in page.fields)
    return replace(home, intro="", fields=wanted)


def _linked(dossier: Dossier, problem) -> str:
    """To the item under which the missing thing can be changed, if there is one."""
    for asked in filing.open_request(dossier).items.all():
        if problem.field_key in {spec.key for spec in filing.asked_with(dossier, asked.field)}:
            url = reverse("dossiers:supplement_item", args=[dossier.pk, asked.field])
            return format_html('<a href="{}">{}</a>', url, problem.message)
    return problem.message
