"""For the leader: what falls due when, who has how much, and giving work to somebody else."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from buildings.absences import absences_on
from buildings.models import Ward, positions_in
from buildings.roles import Position
from portal.core.calendar import load_calendar

from .. import batch
from .. import load as loads
from ..access import desk_required, note_listed
from ..calendar_month import WEEKDAYS, WEEKDAYS_SHORT, first_of, month_of
from ..load_forms import GiveForm
from ..queries import Scope, capped, counts, page_of
from ..work_list import lines_of


@require_safe
@desk_required
def load(request: HttpRequest) -> HttpResponse:
    """A month of due times, and the load of each person."""
    ward, at = _led(request), timezone.now()
    today = timezone.localdate(at)
    month = month_of(ward, first_of(request.GET.get("thang", ""), today=today), today=today)
    due = loads.due_days(request.user, ward, month.weeks[0][0].date, month.weeks[-1][-1].date)
    return render(
        request,
        "desk/load.html",
        {
            "ward": ward,
            "desks": _led_by(request),
            "month": month,
            "weeks": [[(day, due.get(day.date, 0)) for day in week] for week in month.weeks],
            "weekdays": list(zip(WEEKDAYS, WEEKDAYS_SHORT, strict=True)),
            "late": counts(request.user, ward, at=at)[Scope.LATE],
            "loads": loads.loads(request.user, ward, at=at),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def of_officer(request: HttpRequest, officer: int) -> HttpResponse:
    """What one person owes, and several of it to another person."""
    ward, at = _led(request), timezone.now()
    person = next((each.officer for each in loads.loads(request.user, ward, at=at) if each.officer.pk == officer), None)
    if person is None:
        raise Http404("not of this desk")
    away = absences_on(ward, timezone.localdate(at))
    form = GiveForm(request.POST if request.method == "POST" else None, ward=ward, officer=person, away=away.keys())
    back_url = f"{reverse('desk:load')}?phuong={ward.slug}"
    seen = batch.ticked(request.POST.getlist("ho_so"))
    if form.is_valid():
        if seen:
            given = form.cleaned_data
            outcomes = loads.give(seen, to=given["to"], by=request.user, at=at, reason=given["reason"])
            return render(
                request,
                "desk/batch.html",
                {
                    "ward": ward,
                    "batch": {"label": _("giao")},
                    "outcomes": outcomes,
                    "made": sum(outcome.done for outcome in outcomes),
                    "back_url": back_url,
                },
            )
        form.add_error(None, _("Đánh dấu ít nhất một hồ sơ."))
    owed = loads.owed_by(person, request.user, ward)
    page = page_of(owed, request.GET.get("trang"), count=capped(owed))
    note_listed(request, "load", ward, page)
    return render(
        request,
        "desk/load_of.html",
        {
            "ward": ward,
            "person": person,
            "absence": away.get(person.pk),
            "form": form,
            "page": page,
            "lines": lines_of(page.object_list, request.user, calendar=load_calendar(ward), at=at),
            "ticked": {str(key) for key in seen},
            "back_url": back_url,
        },
    )


def _led_by(request: HttpRequest) -> list[Ward]:
    return [desk for desk in request.desks if Position.LEADER in positions_in(request.user, desk.pk)]


def _led(request: HttpRequest) -> Ward:
    """The ward named in the address among those the person leads, or the first of them. 403 for whoever leads none."""
    led = _led_by(request)
    if not led:
        raise PermissionDenied("for leaders")
    return next((desk for desk in led if desk.slug == request.GET.get("phuong")), led[0])
