"""What the ward tells its apartment buildings: written by a clerk or the leader, put up on all of them at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buildings.models import Ward, positions_in
from buildings.notices import actions, audience, seen
from buildings.notices.forms import NoticeForm, WithdrawForm
from buildings.notices.kinds import KINDS, WARD_POSITIONS, WRITTEN_BY_WARD
from buildings.notices.models import Notice, NoticeState
from portal.core import workflow
from portal.core.forms import posted

from ..access import chosen_desk, desk_required

BATCHES_A_PAGE = 20


@require_safe
@desk_required
def notices(request: HttpRequest) -> HttpResponse:
    """What the ward has told its buildings, a line for what went to several of them."""
    ward = _desk(request)
    found = Notice.objects.of_ward_desk([ward]).exclude(state=NoticeState.DROPPED)
    batches = found.order_by().values("batch").annotate(at=Min("created_at"), buildings=Count("pk"))
    page = Paginator(batches.order_by("-at", "batch"), BATCHES_A_PAGE).get_page(request.GET.get("trang"))
    first = {notice.batch: notice for notice in found.filter(batch__in=[row["batch"] for row in page]).with_building()}
    rows = [(first[row["batch"]], row["buildings"]) for row in page]
    context = {"ward": ward, "desks": request.desks, "page": page, "rows": rows, "kinds": WRITTEN_BY_WARD}
    return render(request, "desk/building_notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def write(request: HttpRequest, kind: str) -> HttpResponse:
    ward, spec, at = _desk(request), KINDS.get(kind), timezone.now()
    if spec not in WRITTEN_BY_WARD:
        raise Http404
    buildings = list(ward.buildings.select_related("ward").order_by("name"))
    if not buildings:
        raise Http404("a ward without buildings has nobody to tell")
    every = [building.pk for building in buildings]
    form = NoticeForm(*posted(request), kind=spec, choices=buildings, at=at, initial={"buildings_chosen": every})
    if form.is_valid():
        try:
            drafts = actions.draft(
                form.buildings(),
                kind=spec.key,
                by=request.user,
                at=at,
                content=form.content(),
                files=form.cleaned_data["files"],
                token=form.cleaned_data["token"],
                by_ward=True,
            )
        except ValidationError as refused:
            form.add_error("files", refused)
        else:
            return redirect("desk:building_notice", drafts[0].batch)
    context = {"ward": ward, "desks": request.desks, "kind": spec, "form": form}
    return render(request, "desk/building_notice_form.html", context, status=400 if form.errors else 200)


@require_safe
@desk_required
def notice(request: HttpRequest, batch) -> HttpResponse:
    """One notice and how far it has got, building by building."""
    ward, batch_of = _found(request, batch)
    tellings = {}
    for one in batch_of:
        for telling in one.tellings.order_by("at", "pk"):
            tellings[one.pk] = telling
    counted = seen.counts(batch_of)
    context = {
        "ward": ward,
        "desks": request.desks,
        "notice": batch_of[0],
        "rows": [(one, audience.people(one).count(), tellings.get(one.pk), counted.get(one.pk, 0)) for one in batch_of],
        "is_draft": any(one.is_draft for one in batch_of),
        "is_up": any(one.state == NoticeState.PUBLISHED for one in batch_of),
        "files": [{"file": file, "url": file.get_absolute_url()} for file in batch_of[0].files.all()],
    }
    return render(request, "desk/building_notice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def change(request: HttpRequest, batch) -> HttpResponse:
    """Edit the draft; correct what is up, which says what was changed. The same words in all of its buildings."""
    ward, batch_of = _found(request, batch)
    drafts = [one for one in batch_of if one.is_draft]
    those = drafts or [one for one in batch_of if one.state == NoticeState.PUBLISHED and not one.is_over]
    if not those:
        return _too_late(request, batch)
    at = timezone.now()
    buildings = [one.building for one in those]
    form = NoticeForm(
        *posted(request), kind=those[0].spec, notice=those[0], choices=buildings, corrects=not drafts, at=at
    )
    if form.is_valid():
        given = {"by": request.user, "at": at, "content": form.content(), "files": form.cleaned_data["files"]}
        try:
            with transaction.atomic():
                for one in those:
                    if drafts:
                        actions.edit(one, **given)
                    else:
                        actions.correct(one, changed=form.cleaned_data["changed"], **given)
        except workflow.IllegalMove:
            return _too_late(request, batch)
        except ValidationError as refused:
            form.add_error("files", refused)
        else:
            if not drafts:
                messages.success(request, _("Đã sửa. Cư dân đang được báo lại."))
            return redirect("desk:building_notice", batch)
    context = {"ward": ward, "desks": request.desks, "kind": those[0].spec, "form": form, "notice": those[0]}
    return render(request, "desk/building_notice_form.html", context, status=400 if form.errors else 200)


def _too_late(request: HttpRequest, batch) -> HttpResponse:
    messages.warning(request, _("Thông báo không còn ở trạng thái đó, chưa có gì thay đổi."))
    return redirect("desk:building_notice", batch)


@require_POST
@desk_required
def publish(request: HttpRequest, batch) -> HttpResponse:
    _ward, batch_of = _found(request, batch)
    drafts = [one for one in batch_of if one.is_draft]
    if drafts:  # else pressed twice
        try:
            actions.publish(drafts, by=request.user, at=timezone.now())
        except workflow.IllegalMove:
            messages.warning(request, _("Thông báo không còn ở trạng thái đó, chưa có gì thay đổi."))
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
        else:
            messages.success(request, _("Đã đăng ở %(count)s tòa nhà. Cư dân đang được báo.") % {"count": len(drafts)})
    return redirect("desk:building_notice", batch)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def withdraw(request: HttpRequest, batch) -> HttpResponse:
    """From all the buildings it is up in."""
    ward, batch_of = _found(request, batch)
    up = [one for one in batch_of if one.state == NoticeState.PUBLISHED]
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        for one in up:
            actions.withdraw(one, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Đã rút. Cư dân đang được báo lý do."))
        return redirect("desk:building_notice", batch)
    context = {"ward": ward, "desks": request.desks, "notice": batch_of[0], "form": form}
    return render(request, "desk/building_notice_withdraw.html", context)


@require_POST
@desk_required
def drop(request: HttpRequest, batch) -> HttpResponse:
    _ward, batch_of = _found(request, batch)
    for one in batch_of:
        if one.is_draft:
            actions.drop(one, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect(reverse("desk:building_notices"))


def _desk(request: HttpRequest) -> Ward:
    """The chosen desk. Colleagues who do not write to the buildings get 403: the room is there, not theirs."""
    ward = chosen_desk(request)
    if positions_in(request.user, ward.pk).isdisjoint(WARD_POSITIONS):
        raise PermissionDenied("the leader and the clerks speak to the buildings")
    return ward


def _found(request: HttpRequest, batch) -> tuple[Ward, list[Notice]]:
    """What is one notice to the ward, by building. 404 for that of another ward's desk."""
    wards = [ward for ward in request.desks if not positions_in(request.user, ward.pk).isdisjoint(WARD_POSITIONS)]
    found = Notice.objects.of_ward_desk(wards).filter(batch=batch).exclude(state=NoticeState.DROPPED)
    batch_of = list(found.with_building().order_by("building__name"))
    if not batch_of:
        theirs = Notice.objects.of_ward_desk(request.desks).filter(batch=batch)
        if theirs.exists():
            raise PermissionDenied("the leader and the clerks speak to the buildings")
        raise Http404
    return batch_of[0].building.ward, batch_of
