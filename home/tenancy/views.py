"""The operator's screens for wards: opening, renaming, closing, and handing over to each other."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buildings.models import Reorganisation, Ward
from portal.core.text import fold

from . import carrying_out, closing, hosts, naming, planning, reporting
from .access import operator_required
from .facts import change_facts
from .forms import AssignForm, CloseForm, DraftForm, FactsForm, HostForm, OpenForm, RenameForm
from .opening import open_ward
from .preview import Expected, of_closing, of_renaming, preview

form_methods = require_http_methods(["GET", "HEAD", "POST"])
INVALID = 400


# --- Wards -------------------------------------------------------------------------------------------------


@require_safe
@operator_required
def wards(request: HttpRequest) -> HttpResponse:
    every = list(Ward.objects.order_by("closed_at", "name"))
    names = hosts.hosts()
    context = {"rows": [(ward, names.get(ward.pk, "")) for ward in every], "plans": Reorganisation.objects.all()[:50]}
    return render(request, "home/tenancy/wards.html", context)


@form_methods
@operator_required
def open_new(request: HttpRequest) -> HttpResponse:
    form = OpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        page = open_ward(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Đã mở %(ward)s.") % {"ward": page.ward})
        return redirect("tenancy:ward", slug=page.ward.slug)
    return _form(request, form, _("Mở phường mới"), _("Mở phường"))


@require_safe
@operator_required
def ward(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Ward, slug=slug)
    context = {
        "place": found,
        "host": hosts.host_of(found),
        "former_names": found.former_names.all(),
        "plans": Reorganisation.objects.filter(lines__old=found).distinct(),
    }
    return render(request, "home/tenancy/ward.html", context)


@form_methods
@operator_required
def facts(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the ward is reached and when."""
    found = get_object_or_404(Ward, slug=slug)
    form = FactsForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        change_facts(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Đã lưu. Mọi trang của %(ward)s ghi thông tin mới.") % {"ward": found})
        return redirect("tenancy:ward", slug=slug)
    lead = _("Giờ làm việc mới tính cho việc chưa bắt đầu; hạn đã hẹn với người dân giữ nguyên.")
    return _form(request, form, _("Trụ sở, liên hệ và giờ làm việc"), _("Lưu"), ward=found, lead=lead)


@form_methods
@operator_required
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Ward, slug=slug)
    form = RenameForm(request.POST if request.method == "POST" else None, ward=found)
    if form.is_valid():
        try:
            naming.rename(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Đã đổi tên. Địa chỉ cũ dẫn đến địa chỉ mới."))
            return redirect("tenancy:ward", slug=form.cleaned_data["slug"])
    lead = _("Văn bản đã phát hành vẫn ghi tên lúc phát hành. Liên kết, dấu trang và mã QR cũ vẫn dùng được.")
    return _form(request, form, _("Đổi tên phường"), _("Đổi tên"), ward=found, lead=lead, expected=of_renaming(found))


@form_methods
@operator_required
def host(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Ward, slug=slug)
    form = HostForm(request.POST if request.method == "POST" else None, initial={"host": hosts.host_of(found)})
    if form.is_valid():
        try:
            hosts.give_host(found, form.cleaned_data["host"], by=request.user, at=timezone.now())
        except ValidationError as error:
            form.add_error("host", error.messages)
        else:
            messages.success(request, _("Đã lưu tên miền của %(ward)s.") % {"ward": found})
            return redirect("tenancy:ward", slug=slug)
    return _form(request, form, _("Tên miền riêng"), _("Lưu"), ward=found)


@form_methods
@operator_required
def close(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Ward.objects.filter(closed_at=None), slug=slug)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        closing.close_ward(found, by=request.user, at=timezone.now(), because=form.cleaned_data["because"])
        messages.success(request, _("Đã đóng %(ward)s.") % {"ward": found})
        return redirect("tenancy:ward", slug=slug)
    lead = _(
        "Phường không nhận hồ sơ mới; cán bộ giải quyết nốt hồ sơ đang có; trang còn đọc được; biên tập viên không vào được nữa. Muốn giao hồ sơ và tòa nhà cho phường khác, hãy lập một đợt sắp xếp."
    )
    expected = of_closing(found, at=timezone.now())
    return _form(
        request, form, _("Đóng phường"), _("Đóng phường"), ward=found, lead=lead, kind="warning", expected=expected
    )


# --- Reorganisations ---------------------------------------------------------------------------------------


@form_methods
@operator_required
def draft(request: HttpRequest) -> HttpResponse:
    form = DraftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = planning.draft(by=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("tenancy:plan", plan=made.pk)
    lead = _("Chưa có gì thay đổi cho đến khi bạn xem trước và xác nhận.")
    return _form(request, form, _("Lập đợt sắp xếp phường"), _("Lập kế hoạch"), lead=lead)


@require_safe
@operator_required
def plan(request: HttpRequest, plan: int) -> HttpResponse:
    """The plan with its preview; once confirmed, how far it is; when done, its report."""
    found = get_object_or_404(Reorganisation.objects.select_related("made_by", "confirmed_by"), pk=plan)
    read = planning.Plan(found)
    context = {"plan": found, "read": read, "groups": list(reporting.GROUPS)}
    if found.begun_at:
        context["left"] = reporting.left(read)
        context["kept"] = [
            (label, found.before["held"].get(key), found.report.get("held", {}).get(key))
            for key, label in reporting.HELD.items()
        ]
        shares = [(one["old"], one["new"], one) for one in found.before["shares"]]
    else:
        context["preview"] = preview(found, at=timezone.now())
        shares = [(str(one.old), str(one.new), one.counts) for one in context["preview"].shares]
    context["shares"] = [
        (
            old,
            new,
            [
                (group, [(reporting.COUNTED[key], counts[key]) for key in keys if counts.get(key)])
                for group, keys in reporting.GROUPS.items()
            ],
        )
        for old, new, counts in shares
    ]
    return render(request, "home/tenancy/plan.html", context)


@form_methods
@operator_required
def assign(request: HttpRequest, plan: int, slug: str) -> HttpResponse:
    """Who takes over what from one ward."""
    found = get_object_or_404(Reorganisation.objects.filter(confirmed_at=None), pk=plan)
    place = get_object_or_404(Ward.objects.filter(successions_from__reorganisation=found).distinct(), slug=slug)
    people = [one for one in planning.movable_people(found) if one.ward_id == place.pk]
    form = AssignForm(request.POST if request.method == "POST" else None, plan=found, ward=place, people=people)
    if form.is_valid():
        defaults, buildings, persons = form.assigned()
        now = timezone.now()
        try:
            planning.assign(found, defaults=defaults, buildings=buildings, by=request.user, at=now)
            planning.transfer(found, persons, by=request.user, at=now)
        except planning.PlanClosed:
            messages.warning(request, _("Kế hoạch đã được xác nhận nên không sửa được nữa."))
        return redirect("tenancy:plan", plan=found.pk)
    context = {"form": form, "plan": found, "place": place}
    return render(request, "home/tenancy/assign.html", context, status=INVALID if form.errors else 200)


@require_POST
@operator_required
def confirm(request: HttpRequest, plan: int) -> HttpResponse:
    found = get_object_or_404(Reorganisation, pk=plan)
    try:
        carrying_out.confirm(found, by=request.user, at=timezone.now())
    except carrying_out.NotReady as problem:
        for obstacle in problem.obstacles:
            messages.error(request, obstacle)
    else:
        messages.success(request, _("Đã xác nhận. Mọi việc được làm dần; trang này cho biết còn bao nhiêu."))
    return redirect("tenancy:plan", plan=plan)


@require_POST
@operator_required
def call_back(request: HttpRequest, plan: int) -> HttpResponse:
    found = get_object_or_404(Reorganisation, pk=plan)
    if carrying_out.call_back(found, by=request.user, at=timezone.now()):
        messages.success(request, _("Đã rút lại xác nhận. Kế hoạch sửa được như trước."))
    else:
        messages.warning(request, _("Đã bắt đầu thực hiện nên không rút lại được nữa."))
    return redirect("tenancy:plan", plan=plan)


@require_POST
@operator_required
def go_on(request: HttpRequest, plan: int) -> HttpResponse:
    """Try at once what waits for somebody."""
    found = get_object_or_404(Reorganisation.objects.in_hand(), pk=plan)
    now = timezone.now()
    carrying_out.promise(found, at=max(now, planning.begins_at(found)), turn=f"{now.timestamp()}")
    messages.success(request, _("Đang chạy tiếp."))
    return redirect("tenancy:plan", plan=plan)


@require_POST
@operator_required
def drop(request: HttpRequest, plan: int) -> HttpResponse:
    found = get_object_or_404(Reorganisation, pk=plan)
    try:
        planning.drop(found, by=request.user, at=timezone.now())
    except planning.PlanClosed:
        messages.warning(request, _("Kế hoạch đã được xác nhận nên không bỏ được."))
        return redirect("tenancy:plan", plan=plan)
    messages.success(request, _("Đã bỏ kế hoạch."))
    return redirect("tenancy:wards")


@require_safe
@operator_required
def report(request: HttpRequest, plan: int) -> HttpResponse:
    """Everything that was done, as a workbook."""
    found = get_object_or_404(Reorganisation.objects.filter(done_at__isnull=False), pk=plan)
    response = HttpResponse(reporting.workbook(found), content_type=reporting.MIME)
    response["Content-Disposition"] = f'attachment; filename="{slugify(fold(found.title)) or "sap-xep"}.xlsx"'
    return response


def _form(
    request: HttpRequest,
    form: BaseForm,
    title: str,
    label: str,
    *,
    ward: Ward | None = None,
    lead: str = "",
    kind: str = "primary",
    expected: Expected = (),
) -> HttpResponse:
    """`expected`: what pressing the button comes to, counted beforehand."""
    context = {"form": form, "title": title, "label": label, "place": ward, "lead": lead, "kind": kind}
    context["expected"] = expected
    return render(request, "home/tenancy/form.html", context, status=INVALID if form.errors else 200)
