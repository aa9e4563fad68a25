"""The register of publicity, and each announcement's place in it. For the ward's editors and leaders."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.kinds import SPOKEN, Kind
from home.models import EarlyRemoval, OtherPublicity, PublicityRecord

from . import actions, files, rules
from . import register as registers
from .access import announcement_of, chosen_ward, keepers_only
from .actions import PublicityRefused
from .forms import OtherWayForm, ReleaseForm
from .register import Quarter


@require_safe
@keepers_only
def register(request: HttpRequest) -> HttpResponse:
    """What was published in a quarter (this one), what the law obliges to alone or everything."""
    ward, quarter, everything = chosen_ward(request), _quarter(request), "tat_ca" in request.GET
    found = registers.lines(ward, quarter, obliged_only=not everything)
    return render(
        request,
        "home/publicity/register.html",
        {
            "ward": ward,
            "wards": request.wards,
            "quarter": quarter,
            "this_quarter": Quarter.of(timezone.localdate()),
            "everything": everything,
            "obliged_only": not everything,
            "lines": found,
            "late": sum(line.in_time is False for line in found),
        },
    )


@require_safe
@keepers_only
def register_file(request: HttpRequest, format: str) -> HttpResponse:
    """The same as a file."""
    if format not in files.MIMES:
        raise Http404
    ward, quarter = chosen_ward(request), _quarter(request)
    found = registers.lines(ward, quarter, obliged_only="tat_ca" not in request.GET)
    content = files.file_of(ward, quarter, found, format=format, at=timezone.now())
    name = f"so-cong-khai-{ward.slug}-quy-{quarter.number}-{quarter.year}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=files.MIMES[format], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def announcement(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the record says of one announcement; editors enter here the other ways it was published."""
    ward, page = announcement_of(request, key)
    at = timezone.now()
    may_enter = actions.may_enter(request.user, ward)
    if request.method == "POST" and not may_enter:
        raise PermissionDenied
    form = OtherWayForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.record_other_way(key, ward=ward, by=request.user, at=at, **form.facts())
        except PublicityRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Đã ghi vào sổ công khai."))
            return redirect("publicity:announcement", key)
    records = list(PublicityRecord.objects.filter(announcement=key))
    standing = rules.standing_of(key)
    latest = records[-1] if records else None
    kind = Kind(page.kind) if page and page.kind in Kind.values else None
    return render(
        request,
        "home/publicity/announcement.html",
        {
            "ward": ward,
            "page": page,
            "title": page.title if page else records[-1].title,
            "records": records,
            "standing": standing,
            "held": standing is not None and not standing.may_come_down(at),
            "latest": latest,
            "due_date": rules.due_date(ward, page.decision_date) if page and page.decision_date else None,
            "speak_days": SPOKEN if kind and kind.rule.loudspeaker else 0,
            "others": OtherPublicity.objects.filter(announcement=key, withdrawn_at=None),
            "released": EarlyRemoval.objects.filter(announcement=key).select_related("by"),
            "may_enter": may_enter,
            "may_release": page is not None and actions.may_release(request.user, ward),
            "form": form if may_enter else None,
        },
    )


@require_POST
@keepers_only
def withdraw(request: HttpRequest, key: UUID, other: int) -> HttpResponse:
    """Take back a way that was entered by mistake."""
    announcement_of(request, key)
    entered = get_object_or_404(OtherPublicity, pk=other, announcement=key, ward__in=request.wards)
    actions.withdraw_other_way(entered, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ dòng ghi nhầm."))
    return redirect("publicity:announcement", key)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def release(request: HttpRequest, key: UUID) -> HttpResponse:
    """A leader lets an announcement come down before its time, and says why."""
    ward, page = announcement_of(request, key)
    if page is None:
        raise Http404
    if not actions.may_release(request.user, ward):
        raise PermissionDenied
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        take_down = given["then"] == "now"
        try:
            actions.release(page, reason=given["reason"], by=request.user, at=timezone.now(), take_down=take_down)
        except PublicityRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Đã gỡ thông báo.") if take_down else _("Biên tập viên có thể gỡ thông báo."))
            return redirect("publicity:announcement", key)
    return render(
        request,
        "home/publicity/release.html",
        {"ward": ward, "page": page, "form": form, "standing": rules.standing_of(key)},
    )


def _quarter(request: HttpRequest) -> Quarter:
    return Quarter.read(request.GET.get("quy", "")) or Quarter.of(timezone.localdate())
