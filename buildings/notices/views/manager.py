"""The managers' notices: drafted and put up in two steps, so that one sees before everybody does."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import workflow
from portal.core.files.downloads import stored_response
from portal.core.forms import posted

from ...access import manager_required
from ...models import Building
from .. import actions, audience, seen, transitions
from ..forms import NoticeForm, WithdrawForm
from ..kinds import KINDS, KINDS_ELSEWHERE, WRITTEN_BY_MANAGERS, Kind
from ..models import Notice, NoticeFile, NoticeState

NOTICES_A_PAGE = 20


def told_when_too_late(view):
    """Somebody was quicker: says so on the notice's page instead of doing it twice."""

    @wraps(view)
    def guarded(request: HttpRequest, building: Building, id, **kwargs) -> HttpResponse:
        try:
            return view(request, building, id, **kwargs)
        except workflow.IllegalMove as refused:
            messages.warning(request, _("Thông báo không còn ở trạng thái đó, chưa có gì thay đổi."))
            if refused.obj.state == NoticeState.DROPPED:
                return redirect(reverse("notices:manage", args=[building.ward.slug, building.slug]))
            return redirect(refused.obj.get_manage_url())

    return guarded


@require_safe
@manager_required()
def notices(request: HttpRequest, building: Building) -> HttpResponse:
    """All of the building, the ward's among them; what is up first."""
    found = Notice.objects.managed_by(request.user).filter(building=building)
    found = found.exclude(state=NoticeState.DROPPED).exclude(kind__in=KINDS_ELSEWHERE)
    page = Paginator(found.with_building().order_by("-created_at", "pk"), NOTICES_A_PAGE).get_page(
        request.GET.get("trang")
    )
    counted = seen.counts(page)
    return render(
        request,
        "notices/manage/list.html",
        {
            "building": building,
            "page": page,
            "rows": [(notice, counted.get(notice.pk, 0)) for notice in page],
            "writes": bool(writable_kinds(request.user, building)),
        },
    )


@require_safe
@manager_required()
def kinds(request: HttpRequest, building: Building) -> HttpResponse:
    offered = writable_kinds(request.user, building)
    if not offered:
        raise PermissionDenied("notices are written by the building's operator")
    return render(request, "notices/manage/kinds.html", {"building": building, "kinds": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
def write(request: HttpRequest, building: Building, kind: str) -> HttpResponse:
    spec = KINDS.get(kind)
    if spec not in WRITTEN_BY_MANAGERS:
        raise Http404
    if spec not in writable_kinds(request.user, building):
        raise PermissionDenied(kind)
    at = timezone.now()
    others = Building.objects.managed_by(request.user, *spec.writers).exclude(pk=building.pk)
    form = NoticeForm(
        *posted(request), kind=spec, choices=[building, *others.select_related("ward").order_by("name")], at=at
    )
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
            )
        except ValidationError as refused:
            form.add_error("files", refused)
        else:
            here = next((draft for draft in drafts if draft.building_id == building.pk), drafts[0])
            return redirect(here.get_manage_url())
    return _form_page(request, building, spec, form)


@require_safe
@manager_required()
def notice(request: HttpRequest, building: Building, id) -> HttpResponse:
    """One notice as residents read it, how far it has got, and what may be done with it."""
    found = _find(request, building, id)
    if found.spec.page:
        return redirect(found.get_manage_url())
    at = timezone.now()
    moves = {move.name for move in workflow.available(transitions.TRANSITIONS, found, request.user, at=at)}
    together = _drafts_of_batch(request, found) if found.is_draft else [found]
    people = audience.people(found).count()
    return render(
        request,
        "notices/manage/notice.html",
        {
            "building": building,
            "notice": found,
            "moves": moves,
            "together": together,
            "people": people if found.is_draft else None,
            "flats": audience.flats(found).count() if found.is_draft else None,
            "reach": None if found.is_draft else seen.reach(found),
            "tellings": found.tellings.order_by("at", "pk"),
            "versions": found.versions.select_related("by").order_by("-number"),
            "files": files_of(found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
@told_when_too_late
def change(request: HttpRequest, building: Building, id) -> HttpResponse:
    """Edit a draft; correct what is up, which says what was changed."""
    found, at = _find(request, building, id), timezone.now()
    _may(request, found, transitions.EDIT if found.is_draft else transitions.CORRECT)
    form = NoticeForm(*posted(request), kind=found.spec, notice=found, corrects=not found.is_draft, at=at)
    if form.is_valid():
        given = {"by": request.user, "at": at, "content": form.content(), "files": form.cleaned_data["files"]}
        try:
            if found.is_draft:
                actions.edit(found, **given)
            else:
                actions.correct(found, changed=form.cleaned_data["changed"], **given)
                messages.success(request, _("Đã sửa. Cư dân đang được báo lại."))
        except ValidationError as refused:
            form.add_error("files", refused)
        else:
            return redirect(found.get_manage_url())
    return _form_page(request, building, found.spec, form, found)


@require_POST
@manager_required()
@told_when_too_late
def publish(request: HttpRequest, building: Building, id) -> HttpResponse:
    """Put it up here and in the other buildings it was drafted for."""
    found = _find(request, building, id)
    if not found.is_draft and found.state == NoticeState.PUBLISHED:
        return redirect(found.get_manage_url())  # pressed twice
    try:
        up = actions.publish(_drafts_of_batch(request, found) or [found], by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        if len(up) > 1:
            messages.success(request, _("Đã đăng ở %(count)s tòa nhà. Cư dân đang được báo.") % {"count": len(up)})
        else:
            messages.success(request, _("Đã đăng. Cư dân đang được báo."))
    return redirect(found.get_manage_url())


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
@told_when_too_late
def withdraw(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _find(request, building, id)
    _may(request, found, transitions.WITHDRAW)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(found, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Đã rút. Cư dân đang được báo lý do."))
        return redirect(found.get_manage_url())
    return render(request, "notices/manage/withdraw.html", {"building": building, "notice": found, "form": form})


@require_POST
@manager_required()
@told_when_too_late
def drop(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _find(request, building, id)
    actions.drop(found, by=request.user, at=timezone.now())
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect(reverse("notices:manage", args=[building.ward.slug, building.slug]))


@require_POST
@manager_required()
@told_when_too_late
def remove_file(request: HttpRequest, building: Building, id, file) -> HttpResponse:
    found = _find(request, building, id)
    actions.remove_file(found, get_object_or_404(found.files, pk=file), by=request.user, at=timezone.now())
    return redirect(found.get_manage_url())


@require_safe
@manager_required()
def file(request: HttpRequest, building: Building, id, file) -> HttpResponse:
    """A file of the building's own notice, also of a draft."""
    return send_file(get_object_or_404(_find(request, building, id).files, pk=file))


def send_file(found: NoticeFile) -> HttpResponse:
    return stored_response(found.file, filename=found.name, mime=found.mime)


def writable_kinds(user, building: Building) -> list[Kind]:
    return [
        kind for kind in WRITTEN_BY_MANAGERS if transitions.may_write(user, Notice(building=building, kind=kind.key))
    ]


def _find(request: HttpRequest, building: Building, id) -> Notice:
    found = Notice.objects.managed_by(request.user).filter(building=building).exclude(state=NoticeState.DROPPED)
    return get_object_or_404(found.select_related("building__ward", "author"), pk=id)


def _drafts_of_batch(request: HttpRequest, notice: Notice) -> list[Notice]:
    """This draft and those of the same batch that the person may put up elsewhere."""
    drafts = Notice.objects.managed_by(request.user).filter(batch=notice.batch, state=NoticeState.DRAFT)
    drafts = drafts.with_building().order_by("building__name")
    return [draft for draft in drafts if transitions.may_publish(request.user, draft)]


def _may(request: HttpRequest, notice: Notice, move: workflow.Transition) -> None:
    """Raises what the move itself would, before a form is filled in for nothing."""
    workflow.check(notice, move, by=request.user, at=timezone.now())


def files_of(notice: Notice) -> list[dict]:
    place = [notice.building.ward.slug, notice.building.slug, notice.pk]
    return [
        {"file": file, "url": reverse("notices:manage_file", args=[*place, file.pk])} for file in notice.files.all()
    ]


def _form_page(request, building: Building, spec: Kind, form: NoticeForm, notice: Notice | None = None) -> HttpResponse:
    return render(
        request,
        "notices/manage/form.html",
        {"building": building, "kind": spec, "form": form, "notice": notice},
        status=400 if form.errors else 200,
    )
