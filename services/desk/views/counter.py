"""The counter: a clerk files for somebody who came in."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from buildings.models import Ward, positions_in
from buildings.roles import Position
from portal.core.access_record import note_read
from portal.core.accounts.at_counter import find_people, open_account
from portal.core.limits import too_often, within_rate
from services.dossiers import filing, journey

from .. import counter
from ..access import desk_required
from ..counter_forms import BeginForm, FindForm, NewPersonForm

RATE = "120/h/user"  # a busy counter; far too little to try numbers
form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
@desk_required
def find(request: HttpRequest) -> HttpResponse:
    """Who came in, by the phone or personal number they say; and the drafts begun here."""
    ward = _counter(request)
    form = FindForm(request.POST if request.method == "POST" else None)
    people = None
    if form.is_valid():
        if not within_rate(request, "counter", RATE):
            return too_often(request)
        people = [person for person in find_people(form.cleaned_data["contact"]) if person != request.user]
        for person in people:
            note_read(person, "person", by=request.user, at=timezone.now(), ward_id=ward.pk)
    return render(
        request,
        "desk/counter.html",
        {
            "ward": ward,
            "desks": _counters(request),
            "form": form,
            "people": None
            if people is None
            else [(person, counter.ticket(person, clerk=request.user)) for person in people],
            "drafts": [(draft, journey.resume(draft).url) for draft in counter.drafts_of(request.user, ward)[:20]],
        },
    )


@form_methods
@desk_required
def new_person(request: HttpRequest) -> HttpResponse:
    """An account for somebody who has none. It has no password: they claim it by their phone."""
    ward = _counter(request)
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = open_account(**form.cleaned_data, by=request.user, at=timezone.now())
        except IntegrityError:  # somebody signed up with this number this very moment
            form.add_error("phone", _("Đã có tài khoản với số điện thoại này. Hãy tìm theo số đó."))
        else:
            return redirect(_begin_url(ward, counter.ticket(person, clerk=request.user)))
    return render(request, "desk/counter_person.html", {"ward": ward, "form": form})


@form_methods
@desk_required
def begin(request: HttpRequest, person: str) -> HttpResponse:
    """Which procedure, and that the person agrees; then the pages of the form."""
    ward = _counter(request)
    owner = counter.person_of(person, clerk=request.user)
    if owner is None or owner == request.user:
        raise Http404("no such person at this counter")
    form = BeginForm(request.POST if request.method == "POST" else None, ward=ward)
    if form.is_valid():
        version = form.cleaned_data["procedure"].current
        try:
            dossier = filing.start_at_counter(version, ward, owner=owner, by=request.user, at=timezone.now())
        except filing.NotInForce:
            form.add_error("procedure", _("Thủ tục này vừa thay đổi. Hãy chọn lại."))
        else:
            return redirect(journey.first(dossier).url)
    return render(request, "desk/counter_begin.html", {"ward": ward, "form": form, "person": owner})


def _begin_url(ward: Ward, ticket: str) -> str:
    return f"{reverse('desk:counter_begin', args=[ticket])}?phuong={ward.slug}"


def _counters(request: HttpRequest) -> list[Ward]:
    return [desk for desk in request.desks if Position.CLERK in positions_in(request.user, desk.pk)]


def _counter(request: HttpRequest) -> Ward:
    """The ward named in the address among those at whose counter the person sits. 403 for the desk's others."""
    counters = _counters(request)
    if not counters:
        raise PermissionDenied("for clerks")
    return next((desk for desk in counters if desk.slug == request.GET.get("phuong")), counters[0])
