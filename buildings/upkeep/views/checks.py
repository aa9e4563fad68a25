"""Checks by the lists: what is due, filling in on the way, and the record an inspection asks for."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import workflow
from portal.core.files.downloads import private_response, stored_response

from ...access import manager_required
from ...models import Building, positions_at
from ...roles import OPERATOR_POSITIONS
from .. import actions, fire_book, queries, record
from .. import transitions as moves
from ..checklists import checklists
from ..forms import item_forms
from ..models import Check, CheckPhoto, CheckState

CHECKS_A_PAGE = 20


@require_safe
@manager_required()
def checks(request: HttpRequest, building: Building) -> HttpResponse:
    done = Check.objects.managed_by(request.user).filter(building=building, state=CheckState.DONE)
    page = Paginator(done.select_related("done_by").order_by("-done_at", "pk"), CHECKS_A_PAGE).get_page(
        request.GET.get("trang")
    )
    for check in page:
        check.building = building
    operates = not positions_at(request.user, building.pk).isdisjoint(OPERATOR_POSITIONS)
    duties = queries.duties(building, today=timezone.localdate())
    return render(
        request,
        "upkeep/checks.html",
        {"building": building, "duties": duties, "page": page, "operates": operates},
    )


@require_POST
@manager_required()
def begin(request: HttpRequest, building: Building, key: str) -> HttpResponse:
    checklist = checklists().get(key)
    if checklist is None:
        raise Http404
    at = timezone.now()
    duty = next(duty for duty in queries.duties(building, today=timezone.localdate(at)) if duty.checklist == checklist)
    return redirect(actions.begin(building, checklist, by=request.user, at=at, due_on=duty.due_on))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
def check(request: HttpRequest, building: Building, id) -> HttpResponse:
    """Filled in by whoever walks, kept as often as they like; finished once every line has its result."""
    found = _find(request, building, id)
    if request.method != "POST":
        return _page(request, building, found, item_forms(found))
    if not moves.FILL_IN.may(request.user, found):
        raise PermissionDenied("checks are made by the building's operator")
    forms = item_forms(found, request.POST, request.FILES)
    if any(form.errors for form in forms):
        return _page(request, building, found, forms)
    said, at = {form.item.number: form.found for form in forms}, timezone.now()
    missing = [form for form in forms if not form.cleaned_data["result"]] if "done" in request.POST else []
    try:
        # What was said is kept, also where something is missing.
        kept = actions.fill_in(found, said, by=request.user, at=at, done="done" in request.POST and not missing)
    except workflow.IllegalMove:
        return redirect(found)
    except ValidationError as refused:
        return _page(request, building, found, forms, problem=" ".join(refused.messages))
    for form in missing:
        form.add_error("result", _("Mục %(n)s: chọn kết quả.") % {"n": form.item.number})
    return _page(request, building, kept, forms) if missing else redirect(kept)


@require_safe
@manager_required()
def photo(request: HttpRequest, building: Building, id, photo) -> HttpResponse:
    found = get_object_or_404(CheckPhoto, pk=photo, item__check_of=_find(request, building, id))
    return stored_response(found.file, filename=found.name, mime=found.mime)


@require_safe
@manager_required()
def record_file(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _find(request, building, id)
    if found.state != CheckState.DONE:
        raise Http404
    name = f"bien-ban-{found.checklist}-{timezone.localtime(found.done_at):%Y-%m-%d}.pdf"
    return private_response(record.print_record(found), filename=name, mime="application/pdf", inline=True)


@require_safe
@manager_required()
def fire_book_file(request: HttpRequest, building: Building) -> HttpResponse:
    at = timezone.now()
    content = fire_book.print_fire_book(building, at=at)
    name = f"so-pccc-{building.slug}-{timezone.localdate(at)}.pdf"
    return private_response(content, filename=name, mime="application/pdf", inline=True)


def _find(request: HttpRequest, building: Building, id) -> Check:
    mine = Check.objects.managed_by(request.user).filter(building=building)
    return get_object_or_404(mine.select_related("building__ward", "begun_by", "done_by"), pk=id)


def _page(request: HttpRequest, building: Building, check: Check, forms: list, problem: str = "") -> HttpResponse:
    fills_in = check.state == CheckState.OPEN and moves.FILL_IN.may(request.user, check)
    for form in forms:
        form.fields["result"].required = True  # as it reads: every line needs one before the end
    context = {"building": building, "check": check, "forms": forms, "fills_in": fills_in, "problem": problem}
    return render(request, "upkeep/check.html", context)
