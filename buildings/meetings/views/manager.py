"""The owners' meeting as the building's people run it: on a phone at the door, and afterwards at a desk."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core import workflow
from portal.core.files.downloads import private_response
from portal.core.forms import posted
from portal.core.text import fold

from ...access import manager_required
from ...models import Apartment, Building
from ...notices import audience, seen
from ...notices import transitions as notices
from ...notices.models import Notice, NoticeState
from ...notices.views.manager import files_of
from .. import actions, papers, transitions
from ..counting import count, in_words
from ..forms import AdjournForm, CloseForm, MeetingForm, ResolutionForm, TickForm
from ..models import Meeting, MeetingAnswer, MeetingState
from ..rules import RULES, Share
from ..transitions import INVITATION

MEETINGS_A_PAGE, FLATS_A_PAGE = 20, 40


def told_when_not_open(view):
    """A move that is too late or too early changes nothing; the meeting's page says how it stands."""

    @wraps(view)
    def guarded(request: HttpRequest, building: Building, id) -> HttpResponse:
        try:
            return view(request, building, id)
        except (workflow.IllegalMove, actions.NotOpen):
            messages.warning(request, _("Hội nghị không ở trạng thái đó, chưa có gì thay đổi."))
            return redirect("meetings:manage_meeting", building.ward.slug, building.slug, id)

    return guarded


@require_safe
@manager_required()
def meetings(request: HttpRequest, building: Building) -> HttpResponse:
    found = Meeting.objects.managed_by(request.user).filter(notice__building=building)
    found = found.exclude(notice__state=NoticeState.DROPPED).select_related("notice__building__ward")
    page = Paginator(found.order_by("-notice__starts_at", "pk"), MEETINGS_A_PAGE).get_page(request.GET.get("trang"))
    convenes = notices.may_write(request.user, Notice(building=building, kind=INVITATION.key))
    return render(request, "meetings/list.html", {"building": building, "page": page, "convenes": convenes})


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
def prepare(request: HttpRequest, building: Building) -> HttpResponse:
    if not notices.may_write(request.user, Notice(building=building, kind=INVITATION.key)):
        raise PermissionDenied("a meeting is convened by the board's chair or the head of management")
    at = timezone.now()
    again_after = _adjourned(request, building)
    initial = {"title": _("Hội nghị nhà chung cư thường niên"), "text": ""}
    if again_after:
        initial = {
            "title": again_after.notice.title,
            "text": again_after.notice.text,
            "place": again_after.notice.place,
        }
    form = MeetingForm(*posted(request), kind=INVITATION, choices=[building], at=at, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.prepare(
                building,
                by=request.user,
                at=at,
                content=form.content(),
                files=given["files"],
                token=given["token"],
                occasion=given["occasion"],
                share=given.get("share", Share.FLAT),
                again_after=again_after,
            )
        except ValidationError as refused:
            form.add_error("files", refused)
        else:
            return redirect(made.notice.get_manage_url())
    context = {"building": building, "form": form, "rules": RULES}
    return render(request, "meetings/form.html", context, status=400 if form.errors else 200)


@require_safe
@manager_required()
def meeting(request: HttpRequest, building: Building, id) -> HttpResponse:
    found, at = _find(request, building, id), timezone.now()
    notice = found.notice
    moves = {move.name for move in workflow.available(notices.TRANSITIONS, notice, request.user, at=at)}
    if found.state != MeetingState.TO_COME:
        moves -= {"correct", "withdraw"}
    ways = {move.name for move in workflow.available(transitions.TRANSITIONS, found, request.user, at=at)}
    answers = dict(found.answers.order_by().values_list("answer").annotate(flats=Count("pk")))
    return render(
        request,
        "meetings/meeting.html",
        {
            "building": building,
            "meeting": found,
            "notice": notice,
            "moves": moves,
            "ways": ways,
            "meeting_key": str(found.pk),
            "leads": transitions.may_lead(request.user, found),
            "too_early": transitions.too_early(found, at),
            "count": count(found),
            "rules": RULES,
            "ahead_days": INVITATION.ahead_days,
            "answers": [(label, answers.get(value, 0)) for value, label in MeetingAnswer.Answer.choices],
            "resolutions": papers.resolutions_of(found),
            "files": files_of(notice),
            "people": audience.people(notice).count() if notice.is_draft else None,
            "reach": None if notice.is_draft else seen.reach(notice),
            "tellings": notice.tellings.order_by("at", "pk"),
        },
    )


@require_POST
@manager_required()
@told_when_not_open
def begin(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _find(request, building, id)
    actions.begin(found, by=request.user, at=timezone.now())
    return redirect("meetings:manage_attendance", building.ward.slug, building.slug, found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
@told_when_not_open
def attendance(request: HttpRequest, building: Building, id) -> HttpResponse:
    """At the door: look the flat up, tick it. Works with one thumb and without a script."""
    found = _find(request, building, id)
    asked = (request.POST if request.method == "POST" else request.GET).get("q", "").strip()[:40]
    if request.method == "POST":
        form = TickForm(request.POST)
        if not form.is_valid():
            raise Http404
        flat = get_object_or_404(Apartment, building=building, pk=form.cleaned_data["flat"])
        if form.cleaned_data["off"]:
            actions.untick(found, flat, by=request.user)
        else:
            actions.tick(found, flat, by=request.user, at=timezone.now(), proxy=form.cleaned_data["proxy"])
            messages.success(request, _("Đã điểm danh căn %(flat)s.") % {"flat": flat.number})
        return redirect(f"{request.path}?{urlencode({'q': asked})}" if form.cleaned_data["off"] else request.path)
    if found.state == MeetingState.TO_COME:
        raise actions.NotOpen
    flats = Apartment.objects.filter(building=building).order_by("floor", "number")
    if asked:
        flats = flats.filter(Q(folded__contains=fold(asked)))
    page = Paginator(flats, FLATS_A_PAGE).get_page(request.GET.get("trang"))
    keys = [flat.pk for flat in page]
    here = {row.apartment_id: row for row in found.attendances.filter(apartment__in=keys)}
    answered = {row.apartment_id: row for row in found.answers.filter(apartment__in=keys)}
    return render(
        request,
        "meetings/attendance.html",
        {
            "building": building,
            "meeting": found,
            "notice": found.notice,
            "count": count(found),
            "rules": RULES,
            "asked": asked,
            "page": page,
            "rows": [(flat, here.get(flat.pk), answered.get(flat.pk)) for flat in page],
            "is_open": found.state == MeetingState.OPEN,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
@told_when_not_open
def resolve(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _led(request, building, id)
    form = ResolutionForm(request.POST or None, area=found.share == Share.AREA)
    if form.is_valid():
        try:
            actions.resolve(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("votes_for", refused)
        else:
            messages.success(request, _("Đã ghi kết quả biểu quyết."))
            return redirect(found.notice.get_manage_url())
    present = count(found)
    return _page(
        request,
        "resolve",
        found,
        form,
        count=present,
        present=in_words(found, present.votes),
        lines=papers.resolutions_of(found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
@told_when_not_open
def close(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _led(request, building, id)
    workflow.check(found, transitions.CLOSE, by=request.user, at=timezone.now())
    form = CloseForm(request.POST or None)
    if form.is_valid():
        actions.close(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Hội nghị đã bế mạc. Biên bản đã lập."))
        return redirect(found.notice.get_manage_url())
    return _page(request, "close", found, form, count=count(found))


@require_http_methods(["GET", "HEAD", "POST"])
@manager_required()
@told_when_not_open
def adjourn(request: HttpRequest, building: Building, id) -> HttpResponse:
    found = _led(request, building, id)
    workflow.check(found, transitions.ADJOURN, by=request.user, at=timezone.now())
    form = AdjournForm(request.POST or None)
    if form.is_valid():
        actions.adjourn(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Đã hoãn. Có thể triệu tập lại."))
        return redirect(found.notice.get_manage_url())
    return _page(request, "adjourn", found, form, count=count(found))


@require_safe
@manager_required()
def invitations(request: HttpRequest, building: Building, id) -> HttpResponse:
    """For letter boxes: a page for each flat of a floor, or one with a blank."""
    found = _find(request, building, id)
    floor = request.GET.get("tang", "")
    flats = building.apartments.filter(floor=int(floor)).order_by("number") if floor.isdecimal() else ()
    pdf = papers.invitation(found, list(flats)[:FLATS_A_PAGE], at=timezone.now())
    return private_response(pdf, filename="giay-moi.pdf", mime="application/pdf", inline=True)


@require_safe
@manager_required()
def minutes(request: HttpRequest, building: Building, id) -> HttpResponse:
    return send_minutes(_find(request, building, id))


def send_minutes(found: Meeting) -> HttpResponse:
    if found.state != MeetingState.CLOSED:
        raise Http404
    return private_response(
        papers.minutes(found), filename="bien-ban-hoi-nghi.pdf", mime="application/pdf", inline=True
    )


def _find(request: HttpRequest, building: Building, id) -> Meeting:
    found = Meeting.objects.managed_by(request.user).filter(notice__building=building)
    found = found.exclude(notice__state=NoticeState.DROPPED)
    return get_object_or_404(found.select_related("notice__building__ward", "again_after"), pk=id)


def _led(request: HttpRequest, building: Building, id) -> Meeting:
    found = _find(request, building, id)
    if not transitions.may_lead(request.user, found):
        raise PermissionDenied("a meeting is led by who convenes it")
    if found.state != MeetingState.OPEN:
        raise actions.NotOpen
    return found


def _adjourned(request: HttpRequest, building: Building) -> Meeting | None:
    """The meeting this one takes the place of, named in the address."""
    key = request.GET.get("sau")
    if not key:
        return None
    found = Meeting.objects.managed_by(request.user).filter(notice__building=building, state=MeetingState.ADJOURNED)
    try:
        return found.filter(again=None).select_related("notice__building__ward").get(pk=key)
    except (Meeting.DoesNotExist, ValidationError) as error:
        raise Http404 from error


def _page(request: HttpRequest, name: str, found: Meeting, form, **more) -> HttpResponse:
    context = {
        "building": found.building,
        "meeting": found,
        "notice": found.notice,
        "form": form,
        "rules": RULES,
        **more,
    }
    return render(request, "meetings/step.html", {**context, "step": name}, status=400 if form.errors else 200)
