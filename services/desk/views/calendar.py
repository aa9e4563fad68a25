"""The ward's working calendar: read by its desk, changed by its leader."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buildings.models import Ward, positions_in
from buildings.roles import Position
from portal.core.calendar_days import DayRefused, clear_day, set_day
from portal.core.models import CalendarDay
from services.dossiers import watch

from ..access import chosen_desk, desk_required
from ..calendar_forms import DayForm, DaysForm, SourceForm
from ..calendar_month import WEEKDAYS, WEEKDAYS_SHORT, first_of, month_of


@require_safe
@desk_required
def month(request: HttpRequest) -> HttpResponse:
    """A month at a glance, and every day in it that differs, with its document."""
    ward, today = chosen_desk(request), timezone.localdate()
    return render(
        request,
        "desk/calendar.html",
        {
            "ward": ward,
            "desks": request.desks,
            "month": month_of(ward, first_of(request.GET.get("thang", ""), today=today), today=today),
            "weekdays": list(zip(WEEKDAYS, WEEKDAYS_SHORT, strict=True)),
            "leads": _leads(request.user, ward),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def add(request: HttpRequest) -> HttpResponse:
    """Enter a day or some days in a row that differ."""
    ward = chosen_desk(request)
    _only_leaders(request.user, ward)
    form = DaysForm(
        request.POST if request.method == "POST" else None,
        ward=ward,
        today=timezone.localdate(),
        initial={"from_date": request.GET.get("ngay", "")},
    )
    if form.is_valid():
        at = timezone.now()
        try:
            with transaction.atomic():
                for day in form.days:
                    set_day(day, office=ward, by=request.user, at=at, **form.facts())
                watch.calendar_changed(ward, at=at)  # what has not started is planned anew
        except DayRefused as refused:
            form.add_error(refused.field, refused)
        else:
            messages.success(request, _("Đã ghi %(count)s ngày vào lịch của phường.") % {"count": len(form.days)})
            return _back(ward, form.days[0])
    return render(request, "desk/calendar_day.html", {"ward": ward, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def edit(request: HttpRequest, day: int) -> HttpResponse:
    """Change how a day of the ward's own differs."""
    ward, row = _own_day(request, day)
    form = DayForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": row.kind, "hours": row.hours, "note": row.note, "source": row.source},
    )
    if form.is_valid():
        at = timezone.now()
        try:
            with transaction.atomic():
                set_day(row.date, office=ward, by=request.user, at=at, **form.facts())
                watch.calendar_changed(ward, at=at)  # what has not started is planned anew
        except DayRefused as refused:
            form.add_error(refused.field, refused)
        else:
            messages.success(request, _("Đã sửa ngày %(date)s.") % {"date": f"{row.date:%d/%m/%Y}"})
            return _back(ward, row.date)
    return render(request, "desk/calendar_day.html", {"ward": ward, "form": form, "row": row})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def remove(request: HttpRequest, day: int) -> HttpResponse:
    """Take a day of the ward's own away; the country's calendar holds again."""
    ward, row = _own_day(request, day)
    form = SourceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        at = timezone.now()
        try:
            with transaction.atomic():
                clear_day(row, office=ward, source=form.cleaned_data["source"], by=request.user, at=at)
                watch.calendar_changed(ward, at=at)  # what has not started is planned anew
        except DayRefused as refused:
            form.add_error(refused.field, refused)
        else:
            messages.success(request, _("Đã bỏ ngày riêng %(date)s.") % {"date": f"{row.date:%d/%m/%Y}"})
            return _back(ward, row.date)
    return render(request, "desk/calendar_remove.html", {"ward": ward, "form": form, "row": row})


def _own_day(request: HttpRequest, day: int) -> tuple[Ward, CalendarDay]:
    """A row of a ward at whose desk the person works. 404 for others and for the country's, 403 unless they lead."""
    wards = {ward.code: ward for ward in request.desks}
    row = get_object_or_404(CalendarDay, pk=day, ward_code__in=wards)
    ward = wards[row.ward_code]
    _only_leaders(request.user, ward)
    return ward, row


def _leads(user, ward: Ward) -> bool:
    return Position.LEADER in positions_in(user, ward.pk)


def _only_leaders(user, ward: Ward) -> None:
    if not _leads(user, ward):
        raise PermissionDenied("calendar")


def _back(ward: Ward, day) -> HttpResponse:
    return redirect(f"{reverse('desk:calendar')}?phuong={ward.slug}&thang={day:%Y-%m}")
