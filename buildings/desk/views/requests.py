"""What residents ask, as the managers work on it: a list, a board, one request and its moves."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import counting, workflow
from portal.core.access_record import note_list, note_read
from portal.core.addresses import lasting
from portal.core.calendar import load_calendar
from portal.core.files.downloads import stored_response
from portal.core.forms import posted
from portal.core.models import AuditEvent

from ...access import manager_required
from ...models import Building
from ...requests import actions, contractors
from ...requests import transitions as moves
from ...requests.models import BuildingRequest, RequestPhoto
from .. import due, late, queries, reading
from ..duplicates import joinable
from ..forms import WorkFilter
from ..lateness_pages import ROAD
from ..move_forms import SayForm
from ..pages import CHIEF, PAGES, MovePage, available_pages
from ..queries import COUNTED, Scope
from ..work_list import line_of, lines_of

LINK = "contractor_link:{}"  # in the session: the address that is shown once


@require_safe
@manager_required()
def work(request: HttpRequest, building: Building) -> HttpResponse:
    """The list, what is due first on top."""
    filters, at = WorkFilter(building, request.GET), timezone.now()
    wanted = filters.wanted
    counts = queries.counts(request.user, building, at=at)
    known = None if wanted.is_narrowed else counts.get(wanted.scope)
    found = queries.work(request.user, building, wanted, at=at)
    page, count = queries.page_of(found, request.GET.get("trang"), count=known)
    lines = lines_of(page.object_list, calendar=load_calendar(building.ward), at=at)
    _note_listed(request, building, [line.request for line in lines])
    return render(
        request,
        "building_desk/work.html",
        {
            "building": building,
            "filters": filters,
            "wanted": wanted,
            "scopes": [(scope, counting.in_words(counts[scope]) if scope in COUNTED else None) for scope in Scope],
            "page": page,
            "count": counting.in_words(count),
            "beyond": count > counting.AT_MOST,
            "lines": lines,
        },
    )


@require_safe
@manager_required()
def board(request: HttpRequest, building: Building) -> HttpResponse:
    """What is open, a column a state; each card leads to its moves, so that it needs no script and no mouse."""
    at, calendar = timezone.now(), load_calendar(building.ward)
    columns = []
    for column in queries.board(request.user, building, at=at):
        lines = lines_of(column.cards, calendar=calendar, at=at)
        _note_listed(request, building, [line.request for line in lines])
        offered = [(line, _chief(line.request, request.user, at=at)) for line in lines]
        columns.append((column, counting.in_words(column.count), offered))
    return render(request, "building_desk/board.html", {"building": building, "columns": columns})


def _chief(row: BuildingRequest, user, *, at) -> list[MovePage]:
    return [page for page in available_pages(row, user, at=at) if page.name in CHIEF][:2]


@require_safe
@manager_required()
def show(request: HttpRequest, building: Building, id: uuid.UUID) -> HttpResponse:
    """One request, for a phone in a lobby: what, where, how long; what can be done; what was said and done."""
    found, at = reading.request_at_desk(request.user, building, id), timezone.now()
    return _page(request, found, SayForm(), at=at)


def _page(request: HttpRequest, found: BuildingRequest, say: SayForm, *, at, status: int = 200) -> HttpResponse:
    note_read(found, "page", by=request.user, at=at)
    building, calendar = found.building, load_calendar(found.building.ward)
    case = late.case_of(found, at=at)
    pages = [] if case else available_pages(found, request.user, at=at)
    on_road = ROAD.open_to(request.user, case, at=at) if case else []
    pictures = list(found.photos.select_related("contractor", "added_by"))
    referral = found.referrals.select_related("ward", "answered_by").last()
    context = {
        "building": building,
        "found": found,
        "line": line_of(found, calendar=calendar, at=at),
        "reports": [each for each in pictures if each.kind == RequestPhoto.Kind.REPORT],
        "proofs": [each for each in pictures if each.kind == RequestPhoto.Kind.DONE],
        "said": _said(found, pictures),
        "chief": [page for page in pages if page.name in CHIEF],
        "others": [page for page in pages if page.name not in CHIEF],
        "phone": reading.shown_phone_of_reporter(found),
        "seen": reading.turn_of(found),
        "case": case,
        "late": due.case_late_by(case, calendar=calendar, at=at) if case else "",
        "next": ROAD.next_of(case) if case else None,
        "road": ROAD.milestones(case) if case else [],
        "road_pages": on_road,
        "road_chief": [page for page in on_road if not page.is_aside],
        "closed": [(each, ROAD.milestones(each)) for each in late.closed_cases(found)],
        "alike": joinable(found) if moves.JOIN.is_open(found) and not case else [],
        "joined": found.joined.count(),
        "supports": found.supports.count(),
        "referral": referral,
        "link_alive": found.contractor is not None and contractors.is_alive(_with(found.contractor, found), at=at),
        "new_link": request.session.pop(LINK.format(found.pk), "") if request.method == "GET" else "",
        "may_say": moves.NOTE.may(request.user, found),
        "may_comment": moves.COMMENT.is_open(found) and moves.COMMENT.may(request.user, found),
        "form": say,
        "happenings": reading.happenings(found),
    }
    return render(request, "building_desk/request.html", context, status=status)


def _with(link, request: BuildingRequest):
    link.request = request
    return link


def _said(found: BuildingRequest, pictures: list[RequestPhoto]) -> list[tuple]:
    """What was said, the latest last, each with its pictures."""
    by_comment: dict = {}
    for picture in pictures:
        by_comment.setdefault(picture.comment_id, []).append(picture)
    words = found.comments.select_related("author", "contractor")
    return [(said, by_comment.get(said.pk, [])) for said in words]


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
def move(request: HttpRequest, building: Building, id: uuid.UUID, slug: str) -> HttpResponse:
    """One move and its page. 409 when the request has gone on since the screen was made, or is late; 403 when it is
    not theirs to do. The action asks the same again, on the locked row."""
    page = PAGES.get(slug)
    if page is None:
        raise Http404
    found, at = reading.request_at_desk(request.user, building, id), timezone.now()
    seen = request.POST.get("seen")
    if request.method == "POST" and seen is not None and seen != reading.turn_of(found):
        return conflict(request, found, page.label, reading_last(found))
    try:
        workflow.check(found, page.move, by=request.user, at=at)
    except workflow.IllegalMove as refused:
        return conflict(request, found, page.label, refused.last, blocked=isinstance(refused, workflow.Blocked))
    form = page.form(found, request.user, *posted(request), at=at)
    if request.method == "POST" and form.is_valid():
        try:
            done = page.action(found, by=request.user, at=at, **form.arguments())
        except workflow.IllegalMove as refused:
            return conflict(request, found, page.label, refused.last, blocked=isinstance(refused, workflow.Blocked))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            if page.name == "contractor":
                request.session[LINK.format(found.pk)] = link_address(done[1])
            messages.success(request, page.done % {"code": found.code})
            return redirect(found.get_desk_url())
    context = {"building": building, "found": found, "page": page, "form": form, "seen": reading.turn_of(found)}
    context["line"] = line_of(found, calendar=load_calendar(building.ward), at=at)
    return render(request, "building_desk/move.html", context)


def reading_last(found: BuildingRequest) -> AuditEvent | None:
    return reading.history_of(found).exclude(action__in=reading.QUIET).last()


@require_POST
@manager_required()
def say(request: HttpRequest, building: Building, id: uuid.UUID) -> HttpResponse:
    """A comment that the resident reads, or a note among the managers."""
    found, at = reading.request_at_desk(request.user, building, id), timezone.now()
    form = SayForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        action = actions.note if given["internal"] else actions.comment
        try:
            action(found, by=request.user, at=at, text=given["text"], token=given["token"])
        except workflow.IllegalMove as refused:
            return conflict(request, found, _("Gửi trao đổi"), refused.last)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Đã ghi chú.") if given["internal"] else _("Đã gửi cho cư dân."))
            return redirect(f"{found.get_desk_url()}#trao-doi")
    return _page(request, found, form, at=at)


@require_POST
@manager_required()
def revoke(request: HttpRequest, building: Building, id: uuid.UUID) -> HttpResponse:
    """The contractor's link opens nothing any more."""
    found = reading.request_at_desk(request.user, building, id)
    contractors.revoke(found, by=request.user, at=timezone.now())
    messages.success(request, _("Liên kết của nhà thầu không còn mở được."))
    return redirect(found.get_desk_url())


@require_safe
@manager_required()
def photo(request: HttpRequest, building: Building, id: uuid.UUID, photo: uuid.UUID) -> HttpResponse:
    """A picture of a request of this building; `?nho=1` the small one."""
    mine = RequestPhoto.objects.managed_by(request.user).filter(request__building=building, request=id)
    return send_photo(get_object_or_404(mine, pk=photo), small="nho" in request.GET)


def send_photo(found: RequestPhoto, *, small: bool) -> HttpResponse:
    file, mime = (found.thumbnail, "image/jpeg") if small else (found.file, found.mime)
    return stored_response(file, filename=found.name, mime=mime)


def conflict(
    request: HttpRequest, found: BuildingRequest, label, last: AuditEvent | None, *, blocked: bool = False
) -> HttpResponse:
    """Somebody was quicker: who, what and when, and the way back to the request as it is now."""
    fresh = BuildingRequest.objects.answered_for_by(request.user).select_related(*reading.PEOPLE).get(pk=found.pk)
    context = {
        "building": fresh.building,
        "works_here": fresh.building in request.buildings,
        "found": fresh,
        "label": label,
        "last": last,
        "what": reading.what_happened(last),
        "blocked": blocked,
    }
    return render(request, "building_desk/conflict.html", context, status=409)


def link_address(secret: str) -> str:
    return lasting(reverse("building_desk:contractor", args=[secret]))


def _note_listed(request: HttpRequest, building: Building, rows: list[BuildingRequest]) -> None:
    asked = request.GET.urlencode()
    note_list("building_requests", rows, by=request.user, at=timezone.now(), ward_id=building.ward_id, asked=asked)
