"""The resident's side of a conversation, and the files of both sides."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.access_record import note_read
from portal.core.files.downloads import stored_response
from portal.core.forms import posted
from services.dossiers.models import Dossier

from . import actions, rules
from .forms import ResidentForm
from .models import Message, MessageFile
from .page import lines, send


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, id) -> HttpResponse:
    """What was said about one's own dossier, and the form to say more. Reading it marks it as read."""
    dossier = get_object_or_404(Dossier.objects.owned_by(request.user).with_people(), pk=id)
    if dossier.is_draft:
        raise Http404("nobody else knows of a draft")
    at, status = timezone.now(), 200
    form = ResidentForm(*posted(request))
    if request.method == "POST":
        message, status = send(request, dossier, form, by=request.user, at=at)
        if message:
            messages.success(request, _("Đã gửi đến phường."))
            return redirect(f"{request.path}#moi-nhat")
    new = actions.mark_read(dossier, by=request.user, at=at) if request.method != "HEAD" else set()
    page, shown = lines(request.user, dossier, number=request.GET.get("trang"), new=new, at=at)
    return render(
        request,
        "conversation/resident.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "page": page,
            "lines": shown,
            "form": form,
            "side": Message.Side.RESIDENT,
            "is_open": rules.is_open(dossier, at=at),
            "closes_at": rules.closes_at(dossier),
        },
        status=status,
    )


@require_safe
def file(request: HttpRequest, id, file) -> HttpResponse:
    seen = MessageFile.objects.visible_to(request.user).select_related("message__dossier")
    found = get_object_or_404(seen, pk=file, message__dossier=id)
    dossier = found.message.dossier
    if dossier.owner_id != request.user.pk:
        note_read(dossier, "paper", by=request.user, at=timezone.now())
    return stored_response(found.file, filename=found.name, mime=found.content_type)
