"""What the desk says to residents and notes for itself; the complaints its leader must answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buildings.agencies import HEADS
from buildings.models import positions_in
from services.conversation import actions, queries, rules
from services.conversation.forms import DeskForm
from services.conversation.models import Message
from services.conversation.page import lines, send
from services.conversation.permissions import may_answer_complaints, side_of

from ..access import desk_required, dossier_at_desk, note_listed

COMPLAINTS_A_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def conversation(request: HttpRequest, id) -> HttpResponse:
    """The conversation about a dossier with the desk's notes. 403 for the one whose own dossier it is."""
    dossier = dossier_at_desk(request.user, id)
    if side_of(request.user, dossier) != Message.Side.DESK:
        raise PermissionDenied("own dossier")
    at, status = timezone.now(), 200
    waiting = list(Message.objects.at_desk_of(request.user).about(dossier).waiting())
    open_complaints = [message for message in waiting if message.is_complaint]
    may_answer = bool(open_complaints) and may_answer_complaints(request.user, dossier, at=timezone.now())
    answerable = open_complaints if may_answer else []
    if request.method == "POST":
        form = DeskForm(request.POST, request.FILES, complaints=answerable)
        message, status = send(request, dossier, form, by=request.user, at=at)
        if message:
            messages.success(request, _("Đã ghi.") if message.is_note else _("Đã gửi cho công dân."))
            return redirect(f"{request.path}#moi-nhat")
    else:
        form = DeskForm(complaints=answerable, answering=request.GET.get("loai", ""))
    new = actions.mark_read(dossier, by=request.user, at=at) if request.method != "HEAD" else set()
    page, shown = lines(request.user, dossier, number=request.GET.get("trang"), new=new, at=at)
    return render(
        request,
        "conversation/desk.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "page": page,
            "lines": shown,
            "form": form,
            "side": Message.Side.DESK,
            "may_answer": may_answer,
            "open_complaints": open_complaints,
            "may_settle": any(message.kind == Message.Kind.MESSAGE for message in waiting),
            "may_write": actions.may_write(dossier, Message.Side.DESK, at=at),
            "closes_at": rules.closes_at(dossier),
        },
        status=status,
    )


@require_POST
@desk_required
def settle(request: HttpRequest, id) -> HttpResponse:
    """Nothing need be answered to what the resident said last."""
    dossier = dossier_at_desk(request.user, id)
    settled = actions.settle(dossier, by=request.user, at=timezone.now())
    if settled:
        words = ngettext(
            "Đã đánh dấu %(n)s tin không cần trả lời.", "Đã đánh dấu %(n)s tin không cần trả lời.", settled
        )
        messages.success(request, words % {"n": settled})
    return redirect("desk:conversation", dossier.pk)


@require_safe
@desk_required
def complaints(request: HttpRequest) -> HttpResponse:
    """The complaints of a ward, for its heads, each about their own agency: what must be answered by when, and what was answered."""
    led = [desk for desk in request.desks if HEADS & positions_in(request.user, desk.pk)]
    if not led:
        raise PermissionDenied("for leaders")
    ward = next((desk for desk in led if desk.slug == request.GET.get("phuong")), led[0])
    answered = request.GET.get("xem") == "da-tra-loi"
    at = timezone.now()
    found = queries.complaints(request.user, ward, answered=answered)
    page = Paginator(found, COMPLAINTS_A_PAGE).get_page(request.GET.get("trang"))
    note_listed(request, "complaints", ward, [message.dossier for message in page])
    return render(
        request,
        "conversation/complaints.html",
        {
            "ward": ward,
            "desks": led,
            "answered": answered,
            "page": page,
            "rows": [(message, message.is_late(at=at)) for message in page],
            "days": rules.RULES.complaint_days,
        },
    )
