"""Checking a document, which anyone may; and getting one's own."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.access_record import note_read
from portal.core.files.downloads import private_response
from portal.core.files.storage import DamagedFile
from portal.core.limits import too_often, within_rate
from portal.core.text import fold
from portal.core.vietnamese import masked_name

from .forms import CodeForm, FileForm
from .issuing import note_reading
from .keeping import content_of
from .models import IssuedDocument
from .verifying import Verdict, verify
from .wording import STANDING, WORDS

log = logging.getLogger(__name__)

RATE = "40/m/ip"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def check(request: HttpRequest) -> HttpResponse:
    """Check by the printed code, or by the file itself."""
    if not within_rate(request, "check", RATE):
        return too_often(request)
    code_form = CodeForm(request.GET if "ma" in request.GET else None)
    if code_form.is_valid():
        return redirect("documents:verify_token", token=code_form.cleaned_data["ma"])
    file_form, verdict = _check_file(request)
    return _page(request, code_form=code_form, file_form=file_form, verdict=verdict)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def check_token(request: HttpRequest, token: str) -> HttpResponse:
    """What a printed QR code opens: what the document is, and whether it holds."""
    if not within_rate(request, "check", RATE):
        return too_often(request)
    document = (
        IssuedDocument.objects.with_file()
        .select_related("ward", "owner", "signed_by", "replaced_by")
        .filter(token=token)
        .first()
    )
    if document is None:
        return _page(request, code_form=CodeForm(), file_form=FileForm(), unknown=True, status=404)
    file_form, verdict = _check_file(request)
    return _page(request, file_form=file_form, verdict=verdict, document=document)


@require_safe
def download(request: HttpRequest, id) -> HttpResponse:
    """The signed PDF, for its owner and the desk of its ward; to anyone else it does not exist."""
    document = get_object_or_404(IssuedDocument.objects.visible_to(request.user).ready(), pk=id)
    if document.owner_id != request.user.pk:
        note_read(document.subject, "document", by=request.user, at=timezone.now(), ward_id=document.ward_id)
    try:
        content = content_of(document)
    except (FileNotFoundError, DamagedFile):
        log.exception("the file of document %s is gone or damaged", document.pk)
        return render(request, "documents/missing.html", {"document": document, "ward": document.ward}, status=503)
    if request.method == "GET":
        note_reading(document, by=request.user, at=timezone.now())
    name = slugify(fold(f"{document.title} {document.number:02d} {document.suffix} {document.year}"))
    return private_response(content, filename=f"{name}.pdf", mime="application/pdf", inline="xem" in request.GET)


def _check_file(request: HttpRequest) -> tuple[FileForm, Verdict | None]:
    if request.method != "POST":
        return FileForm(), None
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, None
    return FileForm(), verify(form.cleaned_data["file"], at=timezone.now())


def _page(request, *, verdict=None, document=None, status=200, **context) -> HttpResponse:
    told = WORDS[verdict.outcome] if verdict else STANDING[document.state] if document else None
    if told:
        context["told"] = dict(zip(("tone", "title", "text"), told, strict=True))
    if verdict:
        context["another"] = bool(document and verdict.document and verdict.document != document)
    shown = verdict.document if verdict and verdict.document else document
    response = render(
        request,
        "documents/check.html",
        {
            **context,
            "form": context["file_form"] if context["file_form"].errors else context.get("code_form"),
            "verdict": verdict,
            "document": shown,
            "masked_owner": masked_name(shown.owner.full_name) if shown else "",
        },
        status=status,
    )
    response["X-Robots-Tag"] = "noindex"
    return response
