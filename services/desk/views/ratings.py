"""What residents think of the ward's work, as sums of whole months: nobody's own rating is here."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buildings.models import positions_in
from buildings.roles import Position
from services.ratings import queries

from ..access import desk_required


@require_safe
@desk_required
def ratings(request: HttpRequest) -> HttpResponse:
    led = [desk for desk in request.desks if Position.LEADER in positions_in(request.user, desk.pk)]
    if not led:
        raise PermissionDenied("for leaders")
    ward = next((desk for desk in led if desk.slug == request.GET.get("phuong")), led[0])
    return render(
        request,
        "ratings/months.html",
        {
            "ward": ward,
            "desks": led,
            "months": queries.monthly(ward, at=timezone.now()),
            "least": queries.LEAST_RATINGS,
            "least_people": queries.LEAST_PEOPLE,
        },
    )
