"""A resident's own flats: what they asked for, where they live, where they lived."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import workflow
from portal.core.calendar import VIETNAM
from portal.core.files.downloads import stored_response

from ...models import Residency
from .. import actions, household, rules, words
from ..forms import AnswerForm
from ..models import Invitation


def _own(request: HttpRequest, pk: int) -> Residency:
    own = Residency.objects.owned_by(request.user).select_related("apartment__building__ward", "user")
    return get_object_or_404(own, pk=pk)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My flats: open ones first, then those that are over; and invitations waiting for an answer."""
    at = timezone.now()
    every = list(
        Residency.objects.owned_by(request.user)
        .select_related("apartment__building__ward")
        .order_by("-claimed_at", "-pk")
    )
    invitations = Invitation.objects.for_person(request.user).open(at).select_related("apartment__building")
    context = {
        "open": [one for one in every if one.is_open],
        "past": [one for one in every if not one.is_open],
        "invitations": list(invitations),
    }
    return render(request, "residence/mine.html", context)


@require_safe
def residency(request: HttpRequest, residency: int) -> HttpResponse:
    one, today = _own(request, residency), timezone.now().astimezone(VIETNAM).date()
    ward = one.building.ward
    left = one.days_left(today)
    context = {
        "residency": one,
        "ward": ward,
        "history": words.history(one),
        "days_left": left if left is not None and left <= max(rules.WARN_DAYS) else None,
        "is_owner": one.is_confirmed and one.role == Residency.Role.OWNER,
    }
    return render(request, "residence/residency.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, residency: int) -> HttpResponse:
    """Take back what was asked, or move out: said once more before it is done."""
    one = _own(request, residency)
    if not one.is_open:
        return redirect("residence:residency", one.pk)
    if request.method == "POST":
        seen_confirmed = request.POST.get("state") == one.state
        try:
            if seen_confirmed:
                actions.leave(one, by=request.user, at=timezone.now())
                messages.success(request, _("Đã ghi nhận."))
                return redirect("residence:residency", one.pk)
        except workflow.IllegalMove:
            pass
        messages.warning(request, _("Tình trạng vừa thay đổi. Xem lại rồi làm tiếp nếu cần."))
        return redirect("residence:residency", one.pk)
    family = list(one.family.confirmed().select_related("user"))
    return render(request, "residence/leave.html", {"residency": one, "ward": one.building.ward, "family": family})


@require_POST
def phone(request: HttpRequest, residency: int) -> HttpResponse:
    one = _own(request, residency)
    shown = request.POST.get("shown") == "1"
    try:
        actions.show_phone(one, shown, by=request.user, at=timezone.now())
    except PermissionDenied:
        raise Http404 from None
    said = _("Ban quản lý thấy số điện thoại của bạn.") if shown else _("Ban quản lý không thấy số điện thoại của bạn.")
    messages.success(request, said)
    return redirect("residence:residency", one.pk)


@require_safe
def proof(request: HttpRequest, residency: int) -> HttpResponse:
    """One's own paper, as it was kept."""
    return proof_response(_own(request, residency))


def proof_response(one: Residency) -> HttpResponse:
    if not one.proof:
        raise Http404
    return stored_response(one.proof, filename=one.proof_name, mime=one.proof_mime)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation) -> HttpResponse:
    """Whoever was invited says yes or no. To everybody else there is no such invitation."""
    own = Invitation.objects.for_person(request.user).select_related("apartment__building__ward", "invited_by")
    one, at = get_object_or_404(own, pk=invitation), timezone.now()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("answer") != "yes":
                household.decline(one, by=request.user, at=at)
                messages.success(request, _("Đã từ chối lời mời."))
                return redirect("residence:mine")
            made = household.accept(one, by=request.user, at=at, phone_shown=form.cleaned_data["phone_shown"])
            return redirect("residence:claimed", made.pk)
        except household.Lapsed:
            messages.warning(request, _("Lời mời này không còn hiệu lực."))
            return redirect("residence:mine")
    context = {
        "invitation": one,
        "form": form,
        "is_good": household.is_good(one, at=at),
        "ward": one.apartment.building.ward,
        "has_phone": bool(request.user.phone),
    }
    return render(request, "residence/invitation.html", context)
