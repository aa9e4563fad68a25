"""The ward's prepared reasons: read by its desk, written by its clerks and leaders."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buildings.models import Ward

from .. import reasons
from ..access import chosen_desk, desk_required
from ..models import PreparedReason


@require_safe
@desk_required
def reasons_of_ward(request: HttpRequest) -> HttpResponse:
    """Every sentence, by the move it is offered for."""
    ward = chosen_desk(request)
    own: dict[str, list[PreparedReason]] = {}
    for reason in PreparedReason.objects.at_desk_of(request.user).filter(ward=ward).select_related("procedure"):
        own.setdefault(reason.kind, []).append(reason)
    return render(
        request,
        "desk/reasons.html",
        {
            "ward": ward,
            "desks": request.desks,
            "groups": [(kind, own.get(kind, []), reasons.SHIPPED[kind]) for kind in reasons.Kind],
            "may_write": reasons.may_write(request.user, ward),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def write(request: HttpRequest, reason: int | None = None) -> HttpResponse:
    """Add a sentence, or change one of the ward's own."""
    found = _own(request, reason) if reason else None
    ward = found.ward if found else chosen_desk(request)
    _only_writers(request, ward)
    initial = {"kind": found.kind, "procedure": found.procedure_id, "text": found.text} if found else {}
    form = reasons.PreparedReasonForm(
        request.POST if request.method == "POST" else None,
        initial=initial or {"kind": request.GET.get("khi", "")},
    )
    if form.is_valid():
        try:
            reasons.write(form.cleaned_data, ward=ward, by=request.user, at=timezone.now(), instead_of=found)
        except ValidationError as refused:
            form.add_error("text", refused)
        else:
            messages.success(request, _("Đã ghi câu soạn sẵn."))
            return _back(ward)
    return render(request, "desk/reason_form.html", {"ward": ward, "form": form, "reason": found})


@require_POST
@desk_required
def remove(request: HttpRequest, reason: int) -> HttpResponse:
    """Offer it no more."""
    found = _own(request, reason)
    _only_writers(request, found.ward)
    reasons.remove(found, at=timezone.now())
    messages.success(request, _("Đã bỏ câu soạn sẵn."))
    return _back(found.ward)


def _own(request: HttpRequest, reason: int) -> PreparedReason:
    """A sentence of a ward at whose desk the person works. 404 for every other."""
    return get_object_or_404(PreparedReason.objects.at_desk_of(request.user).select_related("ward"), pk=reason)


def _only_writers(request: HttpRequest, ward: Ward) -> None:
    if not reasons.may_write(request.user, ward):
        raise PermissionDenied("prepared reasons are the clerks' and the leader's")


def _back(ward: Ward) -> HttpResponse:
    return redirect(f"{reverse('desk:reasons')}?phuong={ward.slug}")
