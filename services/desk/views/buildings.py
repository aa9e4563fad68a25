"""What the ward's buildings hand over to it: a list, one request, the answer. The police have no part in it.

The ward reads the request's own words, place and pictures; nothing of the managers' notes, and nobody's telephone.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buildings.models import Building, Ward
from buildings.requests import referrals as actions
from buildings.requests import rules
from buildings.requests.models import ANSWERING_POSITIONS, WHAT_LENGTH, RequestLateness, RequestPhoto, WardReferral
from portal.core.access_record import note_read
from portal.core.calendar import load_calendar
from portal.core.counting import capped, capped_page
from portal.core.files.downloads import stored_response
from portal.core.lateness import OPEN_STATES, LatenessState

from ..access import chosen_desk, desk_required
from ..due import standing_of_referral

A_PAGE = 25


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Trả lời của phường"),
        help_text=gettext_lazy("Ban quản lý và cư dân cùng đọc: phường đã làm gì, hoặc ai làm, bao giờ."),
        max_length=WHAT_LENGTH,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Viết trả lời.")},
    )


def answering_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 for whoever is at no one-stop desk; the view finds the wards in `request.desks`."""

    @desk_required
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.desks = list(Ward.objects.worked_in_by(request.user, *ANSWERING_POSITIONS))
        if not request.desks:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@answering_desk
def referrals(request: HttpRequest) -> HttpResponse:
    """What is to be answered, what is due first on top; or what was. A leader sees besides which late requests of
    buildings without a board wait for them."""
    ward, at = chosen_desk(request), timezone.now()
    answered = request.GET.get("xem") == "da-tra-loi"
    found = WardReferral.objects.at_desk_of(request.user).filter(ward=ward)
    found = (
        found.exclude(answered_at=None).order_by("-answered_at", "pk")
        if answered
        else found.open().order_by("due_at", "pk")
    )
    rows = found.select_related("request__building", "request__place", "taken_by")
    page = capped_page(rows, request.GET.get("trang"), size=A_PAGE, count=capped(found))
    calendar = load_calendar(ward)
    context = {
        "ward": ward,
        "desks": request.desks,
        "answered": answered,
        "page": page,
        "rows": [(each, standing_of_referral(each, calendar=calendar, at=at)) for each in page],
        "cases": _cases_for(request.user, ward),
    }
    return render(request, "desk/buildings.html", context)


def _cases_for(user, ward: Ward) -> list[RequestLateness]:
    """Open cases of the ward's buildings without a board: a leader judges these in its place."""
    overseen = Building.objects.overseen_by(user).filter(ward=ward)
    waiting = RequestLateness.objects.filter(request__building__in=overseen, state__in=OPEN_STATES, escalated=True)
    waiting = waiting.filter(state__in=[LatenessState.EXPLAINED, LatenessState.DRAFTED])
    return list(waiting.select_related("request__building__ward", "responsible").order_by("opened_at")[:A_PAGE])


def _referral(request: HttpRequest, id: uuid.UUID) -> WardReferral:
    found = WardReferral.objects.at_desk_of(request.user).select_related(
        "ward", "asked_by", "taken_by", "answered_by", "request__building__ward", "request__place", "request__apartment"
    )
    return get_object_or_404(found, pk=id)


@require_http_methods(["GET", "HEAD", "POST"])
@answering_desk
def referral(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One request that was handed over, and the ward's answer. 409 when a colleague answered first."""
    found, at = _referral(request, id), timezone.now()
    note_read(found, "page", by=request.user, at=at, ward_id=found.ward_id)
    form = AnswerForm(request.POST if request.method == "POST" and not found.answered_at else None)
    if request.method == "POST":
        if found.answered_at:
            return _shown(request, found, form, at, status=409)
        if form.is_valid():
            try:
                actions.answer(found, by=request.user, at=at, text=form.cleaned_data["text"])
            except actions.AlreadyAnswered:
                return _shown(request, _referral(request, id), form, at, status=409)
            messages.success(
                request, _("Đã trả lời. Yêu cầu %(code)s trở lại ban quản lý.") % {"code": found.request.code}
            )
            return redirect("desk:buildings")
    return _shown(request, found, form, at)


def _shown(request: HttpRequest, found: WardReferral, form: AnswerForm, at, *, status: int = 200) -> HttpResponse:
    asked = found.request
    known = rules.categories().get(asked.category)
    context = {
        "ward": found.ward,
        "desks": request.desks,
        "referral": found,
        "asked": asked,
        "category": str(known.name) if known else asked.category,
        "standing": standing_of_referral(found, calendar=load_calendar(found.ward), at=at),
        "pictures": asked.photos.filter(kind=RequestPhoto.Kind.REPORT),
        "form": form,
        "too_late": status == 409,
    }
    return render(request, "desk/referral.html", context, status=status)


@require_POST
@answering_desk
def take(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = _referral(request, id)
    try:
        actions.take(found, by=request.user, at=timezone.now())
    except actions.AlreadyAnswered:
        messages.warning(request, _("Yêu cầu này đã được trả lời."))
    else:
        messages.success(request, _("Bạn đã nhận trả lời yêu cầu %(code)s.") % {"code": found.request.code})
    return redirect("desk:referral", found.pk)


@require_safe
@answering_desk
def photo(request: HttpRequest, id: uuid.UUID, photo: uuid.UUID) -> HttpResponse:
    """A picture of the report; not those of the conversation."""
    shown = _referral(request, id).request.photos.filter(kind=RequestPhoto.Kind.REPORT)
    found = get_object_or_404(shown, pk=photo)
    small = "nho" in request.GET
    file, mime = (found.thumbnail, "image/jpeg") if small else (found.file, found.mime)
    return stored_response(file, filename=found.name, mime=mime)
