"""My dossiers: the list, one of them with all that happened, taking it back, throwing a draft away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import workflow
from services.catalogue import answers as form_answers
from services.documents.models import IssuedDocument
from services.dossiers import actions, filing, journey, standing
from services.dossiers import transitions as moves
from services.dossiers.forms import WithdrawForm
from services.dossiers.models import ENDED_STATES, OPEN_STATES, Dossier, DossierState

from .access import own_dossier
from .form import papers_of

DOSSIERS_A_PAGE = 20

# The filters of the list: name in the address, words, the states it shows.
GROUPS = (
    ("", gettext_lazy("Tất cả"), tuple(DossierState)),
    ("can-bo-sung", gettext_lazy("Cần bổ sung"), (DossierState.SUPPLEMENT,)),
    ("nhap", gettext_lazy("Bản nháp"), (DossierState.DRAFT,)),
    ("dang-giai-quyet", gettext_lazy("Đang giải quyết"), OPEN_STATES),
    ("da-xong", gettext_lazy("Đã kết thúc"), ENDED_STATES),
)


@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    own = Dossier.objects.owned_by(request.user)
    counts = dict(own.values_list("state").annotate(number=Count("pk")).order_by())
    chosen = next((group for group in GROUPS if group[0] == request.GET.get("loc", "")), GROUPS[0])
    shown = own.filter(state__in=chosen[2]).with_people().order_by("-changed_at", "pk")
    page = Paginator(shown, DOSSIERS_A_PAGE).get_page(request.GET.get("trang"))
    filters = [
        {
            "label": label,
            "url": f"?loc={name}" if name else "?",
            "count": sum(counts.get(state, 0) for state in states),
            "current": name == chosen[0],
        }
        for name, label, states in GROUPS
    ]
    rows = [
        {
            "dossier": dossier,
            "tone": standing.tone_of(dossier),
            "step": standing.step_now(dossier),
            "due_state": standing.due_state(dossier, at=timezone.now()),
        }
        for dossier in page
    ]
    return render(request, "dossiers/list.html", {"page": page, "rows": rows, "filters": filters, "any": bool(counts)})


@require_safe
def detail(request: HttpRequest, id) -> HttpResponse:
    dossier = own_dossier(request, id)
    if dossier.is_draft:
        return redirect(journey.resume(dossier).url)
    documents = list(IssuedDocument.objects.visible_to(request.user).about(dossier))
    supplement = filing.open_request(dossier)
    timeline = standing.timeline(dossier, reader=request.user)
    return render(
        request,
        "dossiers/detail.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "tone": standing.tone_of(dossier),
            "explained": standing.explained(dossier),
            "step": standing.step_now(dossier),
            "holder": standing.holder(dossier),
            "due_state": standing.due_state(dossier, at=timezone.now()),
            "timeline": timeline,
            "refusal": timeline[-1].detail if dossier.state == DossierState.REFUSED else "",
            "documents": documents,
            "supplement": supplement,
            "items": supplement_items(dossier, supplement),
            "answers": form_answers.summary(dossier.spec, dossier.answers),
            "papers": papers_of(dossier),
            "may_withdraw": moves.WITHDRAW
            in workflow.available(moves.RESIDENT_MOVES, dossier, request.user, at=timezone.now()),
        },
    )


def supplement_items(dossier: Dossier, request) -> list[dict]:
    """Each thing to complete, with the words of the question or paper it belongs to."""
    if request is None:
        return []
    labels = {spec.key: spec.label for spec in dossier.spec.fields()}
    return [{"item": item, "label": labels.get(item.field, item.field)} for item in request.items.all()]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, id) -> HttpResponse:
    dossier = own_dossier(request, id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if dossier.state == DossierState.WITHDRAWN:
        return redirect(dossier)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(dossier, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
            messages.success(request, _("Đã rút hồ sơ %(code)s.") % {"code": dossier.code})
        except (workflow.IllegalMove, PermissionDenied):
            messages.warning(request, _("Hồ sơ không còn rút được nữa. Xem tình trạng mới bên dưới."))
        return redirect(dossier)
    if moves.WITHDRAW not in workflow.available(moves.RESIDENT_MOVES, dossier, request.user, at=timezone.now()):
        messages.warning(request, _("Hồ sơ không còn rút được nữa. Xem tình trạng mới bên dưới."))
        return redirect(dossier)
    return render(request, "dossiers/withdraw.html", {"ward": dossier.ward, "dossier": dossier, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, id) -> HttpResponse:
    dossier = own_dossier(request, id)
    if request.method == "POST":
        try:
            filing.delete_draft(dossier, by=request.user)
        except filing.NotEditable:
            return redirect(dossier)
        messages.success(request, _("Đã xóa bản nháp."))
        return redirect("dossiers:list")
    if not dossier.is_draft:
        return redirect(dossier)
    return render(request, "dossiers/delete.html", {"ward": dossier.ward, "dossier": dossier})
