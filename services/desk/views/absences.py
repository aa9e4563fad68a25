"""Who is away from the ward's desk: read by the desk, recorded by the leader or the person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buildings.absences import AbsenceRefused, end_absence, may_record, record_absence
from buildings.models import Absence, Ward, positions_in
from buildings.roles import Position
from portal.core.notifications import notify

from ..access import chosen_desk, desk_required
from ..calendar_forms import AbsenceForm


@require_safe
@desk_required
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away now or will be, and who does their work."""
    ward, today = chosen_desk(request), timezone.localdate()
    leads = Position.LEADER in positions_in(request.user, ward.pk)
    to_come = Absence.objects.standing().filter(ward=ward, to_date__gte=today).select_related("user", "substitute")
    rows = [(absence, absence.from_date <= today, leads or absence.user_id == request.user.pk) for absence in to_come]
    return render(
        request,
        "desk/absences.html",
        {"ward": ward, "desks": request.desks, "rows": rows, "leads": leads},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def record(request: HttpRequest) -> HttpResponse:
    """Record an absence; the substitute is told."""
    ward = chosen_desk(request)
    form = AbsenceForm(request.POST if request.method == "POST" else None, ward=ward, officer=request.user)
    if form.is_valid():
        try:
            with transaction.atomic():
                absence = record_absence(ward=ward, by=request.user, at=timezone.now(), **form.arguments())
                _tell_substitute(absence)
        except AbsenceRefused as refused:
            form.add_error(refused.field, refused)
        else:
            messages.success(
                request,
                _("Đã ghi %(person)s vắng mặt; %(substitute)s làm thay.")
                % {"person": absence.user, "substitute": absence.substitute},
            )
            return _back(ward)
    return render(request, "desk/absence_form.html", {"ward": ward, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def end(request: HttpRequest, absence: int) -> HttpResponse:
    """Call an absence off, or say that the person is back. 404 for a stranger, 403 when it is not theirs."""
    found = get_object_or_404(
        Absence.objects.standing().filter(ward__in=request.desks).select_related("user", "substitute", "ward"),
        pk=absence,
    )
    if not may_record(request.user, found.user, found.ward):
        raise PermissionDenied("end_absence")
    if request.method == "POST":
        try:
            end_absence(found, by=request.user, at=timezone.now())
        except AbsenceRefused as refused:
            messages.warning(request, refused.messages[0])
        else:
            messages.success(
                request,
                _("Đã kết thúc đợt vắng mặt của %(person)s; %(substitute)s thôi làm thay.")
                % {"person": found.user, "substitute": found.substitute},
            )
        return _back(found.ward)
    has_begun = found.from_date < timezone.localdate()
    return render(request, "desk/absence_end.html", {"ward": found.ward, "absence": found, "has_begun": has_begun})


def _tell_substitute(absence: Absence) -> None:
    """Whoever recorded it knows already."""
    substitute = absence.substitute
    if substitute.pk == absence.recorded_by_id:
        return
    with translation.override(substitute.preferred_language):
        notify(
            substitute,
            kind="desk.stand_in",
            key=f"absence:{absence.pk}:stand_in",
            title=_("Bạn làm thay %(person)s từ %(from)s đến hết %(to)s")
            % {
                "person": absence.user,
                "from": f"{absence.from_date:%d/%m/%Y}",
                "to": f"{absence.to_date:%d/%m/%Y}",
            },
            body=_("Trong những ngày đó, việc của người này ở Bộ phận Một cửa được chuyển cho bạn."),
            url=f"{reverse('desk:absences')}?phuong={absence.ward.slug}",
            at=absence.recorded_at,
        )


def _back(ward: Ward) -> HttpResponse:
    return redirect(f"{reverse('desk:absences')}?phuong={ward.slug}")
