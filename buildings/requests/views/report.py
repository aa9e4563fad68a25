"""The report: one page, from a poster's code or from "my requests", in under a minute on a phone."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from phonenumber_field.phonenumber import PhoneNumber

from ...models import Building, Contact, SharedPlace
from .. import actions, rules
from ..forms import ReportForm
from ..models import BuildingRequest, RequestPhoto
from ..permissions import may_report
from . import photos

K = Contact.Kind
AT_ONCE = (K.SECURITY, K.TECHNICAL, K.MANAGERS, K.FIRE)
PLACE, FORM = "noi", "phieu"  # of the address: the poster's code, the form's token


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def new(request: HttpRequest, ward: str, building: str) -> HttpResponse:
    """Anyone may scan a poster; who lives there reports, everybody else is told whom to call."""
    found = get_object_or_404(Building.objects.select_related("ward"), ward__slug=ward, slug=building)
    place = found.shared_places.in_use().filter(code=request.GET.get(PLACE, "")[:12]).first()
    if not request.user.is_authenticated or not may_report(request.user, found):
        return _visitor(request, found, place)
    if request.method == "POST":
        return _posted(request, found, place)
    token = _token(request.GET.get(FORM, ""))
    if token is None:
        query = request.GET.copy()
        query[FORM] = str(uuid.uuid4())
        return redirect(f"{request.path}?{query.urlencode()}")
    if sent := BuildingRequest.objects.owned_by(request.user).filter(token=token).first():
        return redirect(sent)
    return _page(request, found, place, ReportForm(found, request.user, place=place, initial={"token": token}))


def _posted(request: HttpRequest, building: Building, place: SharedPlace | None) -> HttpResponse:
    token = _token(request.POST.get("token", "")) or uuid.uuid4()
    if sent := BuildingRequest.objects.owned_by(request.user).filter(token=token).first():
        return redirect(sent)
    refused = photos.keep_uploads(request, token)
    if key := request.POST.get("remove"):
        photos.take_back(request, token, key)
    if "send" not in request.POST:  # pictures were added or taken away: nothing else is judged yet
        typed = {**request.POST.dict(), "token": token}
        return _page(request, building, place, ReportForm(building, request.user, place=place, initial=typed), refused)
    form = ReportForm(building, request.user, {**request.POST.dict(), "token": token}, place=place)
    if not form.is_valid() or refused:
        return _page(request, building, place, form, refused, status=400)
    at, said = timezone.now(), form.arguments()
    if request.POST["send"] != "anyway":
        named = {name: said[name] for name in ("category", "place", "apartment")}
        if found := list(actions.alike(building, by=request.user, **named)):
            return _page(request, building, place, form, alike=found)
    try:
        made = actions.send(building, by=request.user, at=at, **said)
    except ValidationError as error:  # nobody answers, too many of a day
        form.add_error(None, error)
        return _page(request, building, place, form, status=429 if error.code == "limit" else 409)
    except PermissionDenied:  # moved out since the page was opened
        return _visitor(request, building, place)
    messages.success(request, _("Đã gửi yêu cầu %(code)s. %(promise)s") % {"code": made.code, "promise": made.promise})
    return redirect(made)


def _visitor(request: HttpRequest, building: Building, place: SharedPlace | None) -> HttpResponse:
    context = {"ward": building.ward, "building": building, "place": place, "calling": whom_to_call(building)}
    return render(request, "requests/visitor.html", context)


def whom_to_call(building: Building) -> list[tuple[str, PhoneNumber]]:
    """Who is there at once: name and number, in the building's own order; else its operator."""
    at_once = building.contacts.filter(kind__in=AT_ONCE)
    if found := [(contact.name, contact.phone) for contact in at_once]:
        return found
    runs = building.operator_terms.current().exclude(phone="").first()
    return [(_("Ban quản lý"), runs.phone)] if runs else []


def _page(
    request: HttpRequest,
    building: Building,
    place: SharedPlace | None,
    form: ReportForm,
    refused: list[str] | None = None,
    *,
    alike: list[BuildingRequest] | None = None,
    status: int = 200,
) -> HttpResponse:
    token = form["token"].value()
    known = alike
    if known is None and place and not form.is_bound and not form.initial.get("what"):
        known = list(actions.alike(building, by=request.user, category="", place=place))
    return render(
        request,
        "requests/report.html",
        {
            "ward": building.ward,
            "building": building,
            "place": place,
            "form": form,
            "photos": [photos.shown(each) for each in RequestPhoto.objects.of_form(token, request.user)],
            "refused": refused or [],
            "alike": known or [],
            "asked_again": alike is not None,
            "limits": rules.limits(),
            "calling": whom_to_call(building),
            "kinds": rules.categories().values(),
        },
        status=status,
    )


def _token(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
