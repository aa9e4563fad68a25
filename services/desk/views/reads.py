"""For the leader: who read how much of the ward's dossiers on a day."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buildings.models import positions_in
from buildings.roles import Position
from services.appointments.views import read_day

from .. import mass_reading
from ..access import desk_required


@require_safe
@desk_required
def reads(request: HttpRequest) -> HttpResponse:
    led = [desk for desk in request.desks if Position.LEADER in positions_in(request.user, desk.pk)]
    if not led:
        raise PermissionDenied("for leaders")
    ward = next((desk for desk in led if desk.slug == request.GET.get("phuong")), led[0])
    today = timezone.localdate()
    day = min(read_day(request.GET.get("ngay")) or today, today)
    return render(
        request,
        "desk/reads.html",
        {
            "ward": ward,
            "desks": led,
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1) if day < today else None,
            "rows": mass_reading.day_of(ward, day),
            "warnings": mass_reading.warnings_of(request.user, day),
            "measure": settings.MASS_READING,
        },
    )
