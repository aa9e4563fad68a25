"""Putting a mistake in an issued result right: the draft, and the three moves that follow it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buildings.roles import Position
from portal.core import workflow
from portal.core.files.downloads import private_response
from services.dossiers import corrections
from services.dossiers.models import Correction

from .. import draft, second_factor
from ..access import chosen_desk, desk_required, dossier_at_desk, note_listed
from ..signing_forms import CorrectionForm

AT_ONCE = 100  # shown of what is under way; a ward has a handful

# slug in the address → the move, and what makes it
ACTS: dict[str, tuple[workflow.Transition, Callable[..., Correction]]] = {
    "ky": (corrections.SIGN, corrections.sign),
    "khong-duyet": (corrections.DECLINE, corrections.decline),
    "cap-so": (corrections.NUMBER, corrections.number),
    "phat-hanh": (corrections.ISSUE, corrections.issue),
}


@require_safe
@desk_required
def corrections_of_ward(request: HttpRequest) -> HttpResponse:
    """The corrections under way, those that wait for the officer first."""
    ward = chosen_desk(request)
    mine = set(corrections.waiting_for(request.user, ward).values_list("pk", flat=True))
    found = Correction.objects.visible_to(request.user).open().filter(dossier__ward=ward)
    under_way = list(found.select_related("dossier__version__procedure", "drafted_by")[:AT_ONCE])
    note_listed(request, "corrections", ward, [one.dossier for one in under_way])
    rows = sorted(((one, one.pk in mine) for one in under_way), key=lambda row: not row[1])
    return render(request, "desk/corrections.html", {"ward": ward, "desks": request.desks, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def correction(request: HttpRequest, id) -> HttpResponse:
    """The correction under way and what this officer may do about it; where there is none, the form to draft one."""
    dossier, at = dossier_at_desk(request.user, id), timezone.now()
    under_way = corrections.open_correction(dossier)
    document = under_way.document if under_way else corrections.result_in_force(dossier)
    if document is None and dossier.corrections.exists():
        messages.info(request, _("Bản thay thế đang được lập và ký số. Mở lại đính chính khi văn bản đã có."))
        return redirect("desk:dossier", dossier.pk)
    if document is None:
        raise Http404
    form = None
    if under_way is None and corrections.may_draft(request.user, dossier):
        form = CorrectionForm(corrections.places_of(dossier), request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if under_way:
            return _conflict(request, dossier)
        if form is None:
            raise PermissionDenied("correct")
        if form.is_valid():
            try:
                corrections.draft(dossier, by=request.user, at=at, **form.arguments())
            except corrections.NothingMended:
                form.add_error(None, _("Hãy sửa ít nhất một chỗ."))
            except corrections.NothingToCorrect:
                return _conflict(request, dossier)
            else:
                messages.success(request, _("Đã trình lãnh đạo bản đính chính."))
                return redirect("desk:correction", dossier.pk)
    may = workflow.available(corrections.MOVES, under_way, request.user, at=at) if under_way else []
    if corrections.SIGN in may and (again := second_factor.ask_again(request)):
        return again
    slugs = {move.name: slug for slug, (move, _act) in ACTS.items()}
    return render(
        request,
        "desk/correction.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "document": document,
            "form": form,
            "correction": under_way,
            "acts": [(slugs[move.name], move) for move in may],
            "seen": corrections.digest(under_way, signer=request.user, at=at) if corrections.SIGN in may else "",
            "examiner": Position(dossier.agency.examiner).label,
            "head": Position(dossier.agency.head).label,
            "earlier": dossier.corrections.exclude(state__in=Correction.OPEN).select_related("drafted_by"),
        },
    )


@require_POST
@desk_required
def move(request: HttpRequest, id, slug: str) -> HttpResponse:
    """One move of a correction: 403 when it is somebody else's, 409 when it has gone on meanwhile."""
    dossier = dossier_at_desk(request.user, id)
    if slug not in ACTS:
        raise Http404
    transition, act = ACTS[slug]
    under_way = corrections.open_correction(dossier)
    if under_way is None:
        return _conflict(request, dossier)
    said = {}
    if transition is corrections.SIGN and transition.may(request.user, under_way):
        if again := second_factor.ask_again(request):
            return again
        said["seen"] = request.POST.get("seen") or "-"
    if transition is corrections.DECLINE:
        said["reason"] = request.POST.get("reason", "").strip()[:1000]
        if not said["reason"]:
            messages.warning(request, _("Ghi lý do không duyệt."))
            return redirect("desk:correction", dossier.pk)
    try:
        act(under_way, by=request.user, at=timezone.now(), **said)
    except workflow.IllegalMove:
        return _conflict(request, dossier)
    messages.success(request, _("%(move)s: đã ghi nhận.") % {"move": transition.label})
    goes_on = corrections.open_correction(dossier) is not None
    return redirect("desk:correction" if goes_on else "desk:dossier", dossier.pk)


@require_safe
@desk_required
def print_draft(request: HttpRequest, id) -> HttpResponse:
    """The corrected result as it will be, marked as a draft."""
    dossier = dossier_at_desk(request.user, id)
    under_way = corrections.open_correction(dossier)
    if under_way is None:
        raise Http404
    signer = under_way.signed_by
    if signer is None and corrections.SIGN.may(request.user, under_way):
        signer = request.user
    at = under_way.signed_at or timezone.now()
    content = draft.print_correction(dossier, under_way.mended, signer=signer, at=at)
    name = f"dinh-chinh-{dossier.code}.pdf"
    return private_response(content, filename=name, mime="application/pdf", inline=True)


def _conflict(request: HttpRequest, dossier) -> HttpResponse:
    messages.warning(request, _("Bản đính chính đã thay đổi trong lúc bạn xem. Đây là tình trạng hiện nay."))
    context = {"ward": dossier.ward, "dossier": dossier}
    return render(request, "desk/correction_moved.html", context, status=409)
