"""The clerk's day of appointments: who comes, who came, booking by telephone, the ward's capacity."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buildings.models import Ward, positions_in
from buildings.roles import Position
from portal.core import audit, workflow
from portal.core.calendar import VIETNAM, load_calendar
from services.appointments import booking, queries, watching
from services.appointments import transitions as moves
from services.appointments.forms import CancelForm, DayForm, FindForm, PhoneTimeForm, VisitHoursForm
from services.appointments.models import Appointment, VisitHours
from services.appointments.views import read_day, read_moment
from services.dossiers.models import Dossier

from ..access import desk_required, dossier_at_desk, note_listed


@require_safe
@desk_required
def appointments(request: HttpRequest) -> HttpResponse:
    """Today, or the day asked for; beside it what the calendar has overtaken."""
    ward, at = _ward(request), timezone.now()
    context = {
        **_day(request, ward, at),
        "desks": request.desks,
        "stranded": watching.stranded(ward, at=at),
        "find": FindForm(),
        "leads": Position.LEADER in positions_in(request.user, ward.pk),
    }
    return render(request, "desk/appointments.html", context)


@require_safe
@desk_required
def print_appointments(request: HttpRequest) -> HttpResponse:
    """The day on one sheet, without anything to press."""
    return render(request, "desk/appointments_print.html", _day(request, _ward(request), timezone.now()))


@require_POST
@desk_required
def mark_appointment(request: HttpRequest, id) -> HttpResponse:
    """Came, or did not. 409 when it is too early, too late, or somebody else said otherwise."""
    appointment = _appointment(request, id)
    name = request.POST.get("mark", "")
    if name not in moves.MARKS:
        return redirect(_list_of(appointment.ward, appointment.starts_at))
    try:
        booking.mark(appointment, name, by=request.user, at=timezone.now())
    except workflow.IllegalMove as refused:
        return _conflict(request, refused.obj)
    messages.success(request, f"{appointment.dossier.code}: {moves.MARKS[name].label}.")
    return redirect(_list_of(appointment.ward, appointment.starts_at))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def cancel_appointment(request: HttpRequest, id) -> HttpResponse:
    """Somebody telephones that they will not come."""
    appointment, at = _appointment(request, id), timezone.now()
    if not moves.CANCEL.is_open(appointment) or moves.CANCEL.gate(appointment, at):
        return _conflict(request, appointment)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            booking.cancel(appointment, by=request.user, at=at, note=form.cleaned_data["note"])
        except workflow.IllegalMove as refused:
            return _conflict(request, refused.obj)
        messages.success(request, _("Đã hủy lịch hẹn của hồ sơ %(code)s.") % {"code": appointment.dossier.code})
        return redirect(_list_of(appointment.ward, appointment.starts_at))
    back_url = _list_of(appointment.ward, appointment.starts_at)
    return render(
        request,
        "desk/appointment_cancel.html",
        {"appointment": appointment, "ward": appointment.ward, "form": form, "back_url": back_url},
    )


@require_safe
@desk_required
def find_for_appointment(request: HttpRequest) -> HttpResponse:
    """From the code that was read out on the telephone to the page that books."""
    ward, form = _ward(request), FindForm(request.GET)
    if form.is_valid():
        found = Dossier.objects.at_desk_of(request.user).filter(ward=ward, code=form.cleaned_data["ma"]).first()
        if found:
            return redirect("desk:book_appointment", found.pk)
        form.add_error("ma", _("Phường không có hồ sơ nào mang mã này."))
    return render(request, "desk/appointment_find.html", {"ward": ward, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def book_appointment(request: HttpRequest, id) -> HttpResponse:
    """For somebody on the telephone: the day, then the time, in one place."""
    dossier, at = dossier_at_desk(request.user, id), timezone.now()
    reason = booking.why_not(dossier, by=request.user, at=at)
    context = {
        "dossier": dossier,
        "ward": dossier.ward,
        "reason": reason,
        "appointment": booking.ahead_of(dossier),
        "visit": booking.visit_of(dossier),
    }
    if reason:
        return render(request, "desk/appointment_book.html", context, status=409 if request.method == "POST" else 200)
    offer, chosen = booking.offer(dossier, by=request.user, at=at), read_day(request.GET.get("ngay"))
    free = offer.free(chosen) if chosen else []
    if not free:
        days = DayForm(offer, request.GET if chosen else None)
        return render(request, "desk/appointment_book.html", {**context, "days": days, "form": days})
    form = PhoneTimeForm(free, request.POST if request.method == "POST" else None)
    if form.is_valid():
        starts_at = read_moment(chosen.isoformat(), form.cleaned_data["gio"])
        try:
            made = booking.book(dossier, starts_at, by=request.user, at=at, note=form.cleaned_data["note"])
        except booking.SlotGone:
            form.add_error("gio", _("Giờ này vừa có người khác đặt. Chọn giờ khác."))
        except booking.CannotBook as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã hẹn hồ sơ %(code)s.") % {"code": dossier.code})
            return redirect(_list_of(dossier.ward, made.starts_at))
    return render(request, "desk/appointment_book.html", {**context, "form": form, "day": chosen})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def visit_hours(request: HttpRequest) -> HttpResponse:
    """How many the ward can take, and when. The leader's; what is booked already stays."""
    ward = _ward(request)
    if Position.LEADER not in positions_in(request.user, ward.pk):
        raise PermissionDenied("visit hours")
    hours = VisitHours.of(ward)
    form = VisitHoursForm(request.POST if request.method == "POST" else None, instance=hours)
    if form.is_valid():
        with transaction.atomic():
            saved = form.save()
            changed = {name: str(form.cleaned_data[name]) for name in form.changed_data}
            audit.record(saved, "change", by=request.user, at=timezone.now(), **changed)
        messages.success(request, _("Đã lưu giờ tiếp hẹn."))
        return redirect(f"{reverse('desk:appointments')}?{urlencode({'phuong': ward.slug})}")
    return render(request, "desk/visit_hours.html", {"ward": ward, "form": form})


def _ward(request: HttpRequest) -> Ward:
    """The desk asked for, among those the officer works at."""
    return next((desk for desk in request.desks if desk.slug == request.GET.get("phuong")), request.desks[0])


def _appointment(request: HttpRequest, id) -> Appointment:
    appointments = Appointment.objects.at_desk_of(request.user).select_related("dossier__version__procedure", "ward")
    return get_object_or_404(appointments, pk=id)


def _day(request: HttpRequest, ward: Ward, at: datetime) -> dict:
    calendar, today = load_calendar(ward), at.astimezone(VIETNAM).date()
    day = read_day(request.GET.get("ngay")) or today
    rows = queries.day_list(request.user, ward, day, calendar=calendar, at=at)
    note_listed(request, "appointments", ward, [row.appointment.dossier for row in rows])
    return {
        "ward": ward,
        "day": day,
        "today": today,
        "is_working": calendar.is_working(day),
        "before": calendar.working_day_before(day),
        "after": calendar.working_day_after(day),
        "rows": rows,
    }


def _list_of(ward: Ward, moment: datetime) -> str:
    """The list on which an appointment stands."""
    query = {"phuong": ward.slug, "ngay": f"{moment.astimezone(VIETNAM):%Y-%m-%d}"}
    return f"{reverse('desk:appointments')}?{urlencode(query)}"


def _conflict(request: HttpRequest, appointment: Appointment) -> HttpResponse:
    """What was asked cannot be done now: as things stand, and the way back to the list."""
    if timezone.now() < appointment.starts_at and appointment.is_booked:
        said = _("Chưa đến giờ hẹn: chỉ ghi đã đến hoặc không đến từ giờ hẹn trở đi.")
    elif appointment.is_booked:
        said = _("Lịch hẹn này rơi vào giờ phường nghỉ, hoặc đã đến giờ nên không hủy được nữa.")
    else:
        said = _("Lịch hẹn này hiện ở trạng thái: %(state)s. Điều bạn vừa làm chưa được ghi.") % {
            "state": appointment.get_state_display()
        }
    context = {
        "ward": appointment.ward,
        "conflict": said,
        "back_url": _list_of(appointment.ward, appointment.starts_at),
    }
    return render(request, "409.html", context, status=409)
