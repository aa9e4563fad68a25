"""An owner's flat: who is in it, who asks to be, whom one invites."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import limits

from ...models import Apartment, Residency
from .. import household as inviting
from .. import moves
from ..forms import InviteForm
from ..models import Invitation


def _owned(request: HttpRequest, flat: int) -> Apartment:
    """A flat this person is a confirmed owner of today; for everybody else there is none."""
    held = Residency.objects.owned_by(request.user).confirmed().owners().filter(apartment=flat)
    return get_object_or_404(held.select_related("apartment__building__ward")).apartment


@require_safe
def household(request: HttpRequest, flat: int) -> HttpResponse:
    apartment, at = _owned(request, flat), timezone.now()
    rows = Residency.objects.in_household_of(request.user).filter(apartment=apartment).open()
    rows = list(rows.select_related("user", "apartment__building__ward").order_by("claimed_at", "pk"))
    # Who else says they own it is the operator's business: the owner learns that there is somebody.
    shown = [one for one in rows if one.is_confirmed or one.role != Residency.Role.OWNER]
    context = {
        "flat": apartment,
        "ward": apartment.building.ward,
        "asked": [one for one in shown if not one.is_confirmed],
        "people": [(one, moves.offered_to_owner(one, request.user)) for one in shown if one.is_confirmed],
        "rivals": len(rows) - len(shown),
        "invitations": list(Invitation.objects.open(at).filter(apartment=apartment)),
    }
    return render(request, "residence/household.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, flat: int, residency: int, move: str) -> HttpResponse:
    apartment = _owned(request, flat)
    members = Residency.objects.in_household_of(request.user).filter(apartment=apartment)
    one = get_object_or_404(members.select_related("user", "apartment__building__ward"), pk=residency)
    back_url = reverse("residence:household", args=[apartment.pk])
    return moves.decide(request, one, move, template="residence/decide.html", back_url=back_url)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, flat: int) -> HttpResponseBase:
    apartment, at = _owned(request, flat), timezone.now()
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not limits.within_rate(request, "residence-invite", "20/d/key", key=str(request.user.pk)):
            return limits.too_often(request)
        try:
            inviting.invite(apartment, by=request.user, at=at, **form.cleaned_data["to"])
        except inviting.TooMany:
            form.add_error(None, _("Căn hộ đang có nhiều lời mời chưa trả lời. Rút bớt trước khi mời thêm."))
        except PermissionDenied:
            raise Http404 from None
        else:
            messages.success(request, _("Đã gửi lời mời. Người được mời đăng nhập để nhận lời."))
            return redirect("residence:household", apartment.pk)
    return render(request, "residence/invite.html", {"flat": apartment, "ward": apartment.building.ward, "form": form})


@require_POST
def take_back(request: HttpRequest, flat: int, invitation) -> HttpResponse:
    apartment = _owned(request, flat)
    one = get_object_or_404(Invitation.objects.filter(apartment=apartment), pk=invitation)
    inviting.take_back(one, by=request.user, at=timezone.now())
    messages.success(request, _("Đã rút lời mời."))
    return redirect("residence:household", apartment.pk)
