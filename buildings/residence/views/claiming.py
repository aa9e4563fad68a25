"""The way to a flat, one question a page: ward, building, flat, role, dates, evidence, send.

What was answered stands in the address; the code, the paper and the row come with the last page alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import limits

from ...models import Apartment, Building, Residency, Ward
from .. import actions, letters, rules
from ..forms import BuildingForm, DatesForm, EvidenceForm, FlatForm, RoleForm, SendForm, WardForm

Role, Evidence = Residency.Role, Residency.Evidence


@dataclass(frozen=True)
class Answers:
    """What the address says so far; whatever is no possible answer counts as none."""

    role: str = ""
    since: date | None = None
    until: date | None = None
    evidence: str = ""

    @classmethod
    def read(cls, query: Any) -> "Answers":
        role, evidence = query.get("tu_cach", ""), query.get("cach", "")
        return cls(
            role if role in Role.values else "",
            _day(query.get("tu")),
            _day(query.get("den")),
            evidence if evidence in (Evidence.LETTER, Evidence.PROOF) else "",
        )

    def query(self, **changes: str) -> str:
        said = {
            "tu_cach": self.role,
            "tu": self.since.isoformat() if self.since else "",
            "den": self.until.isoformat() if self.until else "",
            "cach": self.evidence,
            **changes,
        }
        return urlencode({name: value for name, value in said.items() if value})


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def ward(request: HttpRequest) -> HttpResponse:
    """In which ward; nobody is asked when there is but one."""
    wards = list(Ward.objects.open().filter(buildings__apartments__isnull=False).distinct())
    if len(wards) == 1:
        return redirect("residence:claim_building", wards[0].slug)
    form = WardForm(wards, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("residence:claim_building", form.cleaned_data["phuong"])
    return render(request, "residence/claim_step.html", {"form": form, "step": 1, "heading": _("Nhận căn hộ")})


@require_http_methods(["GET", "HEAD", "POST"])
def building(request: HttpRequest, ward: str) -> HttpResponse:
    place = get_object_or_404(Ward.objects.open(), slug=ward)
    buildings = list(place.buildings.filter(apartments__isnull=False).distinct())
    form = BuildingForm(buildings, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return redirect("residence:claim_flat", place.slug, form.cleaned_data["toa_nha"])
    context = {"form": form, "step": 1, "heading": _("Chọn tòa nhà"), "back_url": reverse("residence:claim")}
    return render(request, "residence/claim_step.html", {**context, "ward": place, "caption": place})


@require_http_methods(["GET", "HEAD", "POST"])
def flat(request: HttpRequest, ward: str, building: str) -> HttpResponse:
    place = get_object_or_404(
        Building.objects.select_related("ward").filter(ward__is_open=True), ward__slug=ward, slug=building
    )
    form = FlatForm(place, request.POST if request.method == "POST" else None)
    if form.is_valid() and form.flat:
        return redirect("residence:claim_role", form.flat.pk)
    context = {
        "form": form,
        "step": 1,
        "heading": _("Căn hộ của bạn"),
        "caption": place,
        "back_url": reverse("residence:claim_building", args=[ward]),
    }
    return render(request, "residence/claim_step.html", {**context, "ward": place.ward})


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, flat: int) -> HttpResponse:
    """Who one is there. The letter's QR code leads here."""
    apartment, answers = _flat(flat), Answers.read(request.GET)
    if already := apartment.residencies.open().owned_by(request.user).first():
        return redirect("residence:residency", already.pk)
    posted = request.POST if request.method == "POST" else None
    form = RoleForm(posted, initial={"tu_cach": answers.role})
    if form.is_valid():
        chosen = form.cleaned_data["tu_cach"]
        step = "residence:claim_evidence" if chosen == Role.OWNER else "residence:claim_dates"
        return _go(step, apartment, answers, tu_cach=chosen)
    context = {"step": 2, "heading": _("Tư cách của bạn"), "back_url": reverse("residence:claim")}
    return _step(request, apartment, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: HttpRequest, flat: int) -> HttpResponse:
    apartment, answers = _flat(flat), Answers.read(request.GET)
    if not answers.role or answers.role == Role.OWNER:
        return _go("residence:claim_role", apartment, answers)
    posted = request.POST if request.method == "POST" else None
    form = DatesForm(answers.role, posted, initial={"since": answers.since, "until": answers.until})
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.check_dates(answers.role, given["since"], given["until"], at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            days = {"tu": given["since"], "den": given["until"]}
            written = {name: day.isoformat() if day else "" for name, day in days.items()}
            return _go("residence:claim_evidence", apartment, answers, **written)
    back = _url("residence:claim_role", apartment, answers)
    return _step(request, apartment, form, {"step": 3, "heading": _("Thời gian ở"), "back_url": back})


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, flat: int) -> HttpResponse:
    apartment, answers = _flat(flat), Answers.read(request.GET)
    if not answers.role:
        return _go("residence:claim_role", apartment, answers)
    posted = request.POST if request.method == "POST" else None
    form = EvidenceForm(posted, initial={"cach": answers.evidence})
    if form.is_valid():
        return _go("residence:claim_send", apartment, answers, cach=form.cleaned_data["cach"])
    back = "residence:claim_role" if answers.role == Role.OWNER else "residence:claim_dates"
    context = {"step": 4, "heading": _("Cách chứng minh"), "back_url": _url(back, apartment, answers)}
    return _step(request, apartment, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, flat: int) -> HttpResponseBase:
    """Everything once more, with the code or the paper; POST sends."""
    apartment, answers, at = _flat(flat), Answers.read(request.GET), timezone.now()
    if not answers.role:
        return _go("residence:claim_role", apartment, answers)
    if not answers.evidence:
        return _go("residence:claim_evidence", apartment, answers)
    try:
        if answers.role != Role.OWNER:
            actions.check_dates(answers.role, answers.since, answers.until, at=at)
    except ValidationError:
        return _go("residence:claim_dates", apartment, answers)
    has_phone = bool(request.user.phone)
    form = (
        SendForm(answers.evidence, request.POST, request.FILES, has_phone=has_phone)
        if request.method == "POST"
        else SendForm(answers.evidence, has_phone=has_phone)
    )
    if form.is_valid():
        response = _claim(request, apartment, answers, form, at=at)
        if response:
            return response
    context = {
        "step": 5,
        "heading": _("Kiểm tra và gửi"),
        "answers": answers,
        "role": Role(answers.role).label,
        "role_url": _url("residence:claim_role", apartment, answers),
        "dates_url": "" if answers.role == Role.OWNER else _url("residence:claim_dates", apartment, answers),
        "evidence_url": _url("residence:claim_evidence", apartment, answers),
        "evidence": Evidence(answers.evidence).label,
        "flat_url": reverse("residence:claim_flat", args=[apartment.building.ward.slug, apartment.building.slug]),
    }
    return _step(request, apartment, form, context, template="residence/claim_send.html")


def _claim(request: HttpRequest, apartment: Apartment, answers: Answers, form: SendForm, *, at):
    """The response that follows; None when the form has something to say."""
    given, code = form.cleaned_data, form.cleaned_data.get("code", "")
    tries = []
    if code:
        for key, rate in (
            (f"u{request.user.pk}", rules.TRIES_OF_A_PERSON),
            (f"f{apartment.pk}", rules.TRIES_AT_A_FLAT),
        ):
            one = limits.one_try(request, f"residence-code-{key[0]}", rate, key=key)
            if one is None:
                return limits.too_often(request)
            tries.append(one)
    try:
        claimed = actions.claim(
            apartment,
            by=request.user,
            at=at,
            role=answers.role,
            since=answers.since if answers.role != Role.OWNER else None,
            until=answers.until,
            phone_shown=given.get("phone_shown", False),
            code=code,
            proof=given.get("proof"),
        )
    except letters.WrongCode:
        form.add_error(
            "code",
            _("Mã không đúng, đã dùng hoặc đã hết hạn. Xem lại thư mới nhất của căn hộ này, hoặc gửi giấy tờ."),
        )
    except actions.TooManyAsked:
        form.add_error(None, _("Bạn đang chờ xác nhận ở nhiều căn hộ. Rút bớt đề nghị trước khi gửi thêm."))
    except ValidationError as error:
        form.add_error("proof" if given.get("proof") else None, error.messages)
    else:
        for one in tries:
            one.rollback()
        return redirect("residence:claimed", claimed.pk)
    return None


@require_safe
def claimed(request: HttpRequest, residency: int) -> HttpResponse:
    own = Residency.objects.owned_by(request.user).select_related("apartment__building__ward")
    mine = get_object_or_404(own, pk=residency)
    if not mine.is_open:
        return redirect("residence:residency", mine.pk)
    return render(request, "residence/claimed.html", {"residency": mine, "ward": mine.building.ward})


# --- What the pages share -------------------------------------------------------------------------


def _flat(pk: int) -> Apartment:
    """Any flat of an open ward: its number is public, who lives there is not asked here."""
    return get_object_or_404(
        Apartment.objects.filter(building__ward__is_open=True).select_related("building__ward"), pk=pk
    )


def _url(step: str, apartment: Apartment, answers: Answers, **changes: str) -> str:
    query = answers.query(**changes)
    return reverse(step, args=[apartment.pk]) + (f"?{query}" if query else "")


def _go(step: str, apartment: Apartment, answers: Answers, **changes: str) -> HttpResponse:
    return redirect(_url(step, apartment, answers, **changes))


def _step(request, apartment: Apartment, form, context: dict, template: str = "residence/claim_step.html"):
    about = {"flat": apartment, "ward": apartment.building.ward, "caption": apartment, "form": form}
    return render(request, template, {**about, **context})
