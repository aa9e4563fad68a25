"""The resident's appointment, one thing a page: the day, the time, check, done. And calling it off."""

from datetime import date, datetime, time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import workflow
from portal.core.calendar import VIETNAM
from portal.core.files.downloads import private_response
from portal.core.ical import CONTENT_TYPE
from services.dossiers.models import Dossier
from services.dossiers.views.access import own_dossier

from . import booking, calendar_file, queries
from . import transitions as moves
from .forms import DayForm, TimeForm


@require_http_methods(["GET", "HEAD", "POST"])
def day(request: HttpRequest, id) -> HttpResponse:
    """Which day. Says what the visit is for, and why there is nothing to choose when there is not."""
    dossier = _dossier_with_visit(request, id)
    at = timezone.now()
    if refused := _refused(request, dossier, at):
        return refused
    offer = booking.offer(dossier, by=request.user, at=at)
    form = DayForm(offer, request.POST if request.method == "POST" else None, initial={"ngay": request.GET.get("ngay")})
    if form.is_valid():
        return redirect(_to("appointments:time", dossier, ngay=form.cleaned_data["ngay"].isoformat()))
    context = {
        **_about(dossier),
        "form": form,
        "before": booking.ahead_of(dossier),
        "due_at": dossier.due_at if dossier.due_at and dossier.due_at > offer.earliest else None,
    }
    return render(request, "appointments/day.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hour(request: HttpRequest, id) -> HttpResponse:
    """Which time of the day chosen."""
    dossier = _dossier_with_visit(request, id)
    at = timezone.now()
    if refused := _refused(request, dossier, at):
        return refused
    offer, chosen = booking.offer(dossier, by=request.user, at=at), read_day(request.GET.get("ngay"))
    free = offer.free(chosen) if chosen else []
    if chosen is None or not free:
        if chosen:
            messages.warning(request, _("Ngày %(day)s không còn giờ trống.") % {"day": f"{chosen:%d/%m/%Y}"})
        return redirect(_to("appointments:day", dossier))
    form = TimeForm(free, request.POST if request.method == "POST" else None, initial={"gio": request.GET.get("gio")})
    if form.is_valid():
        return redirect(_to("appointments:check", dossier, ngay=chosen.isoformat(), gio=form.cleaned_data["gio"]))
    return render(request, "appointments/time.html", {**_about(dossier), "form": form, "day": chosen})


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, id) -> HttpResponse:
    """Everything once more; POST books. A time that went meanwhile gives 409 and the next ones."""
    dossier = _dossier_with_visit(request, id)
    at = timezone.now()
    starts_at = read_moment(request.GET.get("ngay"), request.GET.get("gio"))
    if starts_at is None:
        return redirect(_to("appointments:day", dossier))
    before = booking.ahead_of(dossier)
    if before and before.starts_at == starts_at:
        return redirect("appointments:booked", dossier.pk)  # sent twice, or nothing to change
    if refused := _refused(request, dossier, at):
        return refused
    if request.method == "POST":
        try:
            booking.book(dossier, starts_at, by=request.user, at=at)
            return redirect("appointments:booked", dossier.pk)
        except booking.SlotGone:
            return _gone(request, dossier, starts_at, at)
        except booking.CannotBook:
            return redirect("appointments:day", dossier.pk)
    slot = booking.offer(dossier, by=request.user, at=at).slot(starts_at)
    if slot is None:
        return _gone(request, dossier, starts_at, at)
    change = {"ngay": request.GET["ngay"], "gio": request.GET["gio"]}
    return render(
        request,
        "appointments/check.html",
        {
            **_about(dossier),
            "slot": slot,
            "before": before,
            "day_url": _to("appointments:day", dossier, **change),
            "time_url": _to("appointments:time", dossier, **change),
            "after_due": bool(dossier.due_at and at < dossier.due_at < slot.starts_at),
        },
    )


@require_safe
def booked(request: HttpRequest, id) -> HttpResponse:
    dossier = _dossier_with_visit(request, id)
    appointment = booking.ahead_of(dossier)
    if appointment is None:
        return redirect("appointments:day", dossier.pk)
    return render(request, "appointments/booked.html", {**_about(dossier), "appointment": appointment})


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, id) -> HttpResponse:
    dossier = _dossier_with_visit(request, id)
    appointment, at = booking.ahead_of(dossier), timezone.now()
    if appointment is None or not workflow.available((moves.CANCEL,), appointment, request.user, at=at):
        messages.warning(request, _("Không có lịch hẹn nào hủy được nữa."))
        return redirect(dossier)
    if request.method == "POST":
        try:
            booking.cancel(appointment, by=request.user, at=at)
            messages.success(request, _("Đã hủy lịch hẹn."))
        except (workflow.IllegalMove, PermissionDenied):
            messages.warning(request, _("Không có lịch hẹn nào hủy được nữa."))
        return redirect(dossier)
    return render(request, "appointments/cancel.html", {**_about(dossier), "appointment": appointment})


@require_safe
def calendar(request: HttpRequest, id) -> HttpResponse:
    """The last appointment for the resident's own calendar; one called off takes itself out of it."""
    appointment = calendar_file.latest_of(_dossier_with_visit(request, id))
    if appointment is None:
        raise Http404
    content = calendar_file.calendar_file(appointment, at=timezone.now())
    return private_response(content, filename=calendar_file.FILENAME, mime=f"{CONTENT_TYPE}; charset=utf-8")


def read_day(text: str | None) -> date | None:
    """A day out of an address; None for what is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def read_moment(day: str | None, clock: str | None) -> datetime | None:
    """A day and a time out of an address, in Vietnamese time; None for what is none."""
    chosen = read_day(day)
    try:
        return (
            datetime.combine(chosen, time.fromisoformat(clock or "").replace(tzinfo=None), VIETNAM) if chosen else None
        )
    except ValueError:
        return None


def _dossier_with_visit(request: HttpRequest, id) -> Dossier:
    dossier = own_dossier(request, id)
    if dossier.is_draft or booking.visit_of(dossier) is None:
        raise Http404
    return dossier


def _about(dossier: Dossier) -> dict:
    """What every page of the way says about the visit."""
    return {
        "dossier": dossier,
        "ward": dossier.ward,
        "visit": booking.visit_of(dossier),
        "papers": queries.originals(dossier),
    }


def _refused(request: HttpRequest, dossier: Dossier, at: datetime) -> HttpResponse | None:
    """The page that says why there is nothing to choose, if there is not."""
    reason = booking.why_not(dossier, by=request.user, at=at)
    if not reason:
        return None
    context = {**_about(dossier), "reason": reason, "appointment": booking.ahead_of(dossier)}
    return render(request, "appointments/refused.html", context)


def _gone(request: HttpRequest, dossier: Dossier, starts_at: datetime, at: datetime) -> HttpResponse:
    nearest = [
        (slot, _to("appointments:check", dossier, ngay=f"{slot.starts_at:%Y-%m-%d}", gio=f"{slot.starts_at:%H:%M}"))
        for slot in booking.offer(dossier, by=request.user, at=at).nearest(starts_at)
    ]
    context = {
        **_about(dossier),
        "starts_at": starts_at,
        "nearest": nearest,
        "day_url": _to("appointments:day", dossier, ngay=f"{starts_at:%Y-%m-%d}"),
    }
    return render(request, "appointments/gone.html", context, status=409)


def _to(name: str, dossier: Dossier, **query: str) -> str:
    address = reverse(name, args=[dossier.pk])
    return f"{address}?{urlencode(query)}" if query else address
