"""My requests, my neighbours' shared ones, and the page of one with all that can be done about it."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import workflow
from portal.core.files.downloads import stored_response

from ...models import Building
from .. import actions, rules, standing
from .. import transitions as moves
from ..forms import CommentForm, RatingForm, ReopenForm
from ..models import OPEN_STATES, BuildingRequest, RequestComment, RequestPhoto
from . import photos

A_PAGE = 20
NEIGHBOURS = 10  # the newest open ones of the building

OPEN_FIRST = Case(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1), output_field=IntegerField())


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    own = _listed(BuildingRequest.objects.owned_by(request.user)).order_by(OPEN_FIRST, "-sent_at", "pk")
    page = Paginator(own, A_PAGE).get_page(request.GET.get("trang"))
    shared = _listed(BuildingRequest.objects.shared_with(request.user).open()).order_by("-sent_at", "pk")[:NEIGHBOURS]
    return render(
        request,
        "requests/list.html",
        {
            "page": page,
            "rows": [_row(each) for each in page],
            "shared": [_row(each) for each in shared],
            "buildings": Building.objects.lived_in_by(request.user).select_related("ward").order_by("name"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def request(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One request; its buttons post to its own address, `move` says which."""
    seen = BuildingRequest.objects.visible_to(request.user)
    found = get_object_or_404(
        seen.select_related(
            "building__ward", "apartment", "place", "answerable", "executor", "contractor", "joined_to", "lateness"
        ),
        pk=id,
    )
    if request.method == "POST":
        return _moved(request, found)
    return _page(request, found)


@require_safe
def letter(request: HttpRequest, id: uuid.UUID, case: uuid.UUID) -> HttpResponse:
    """The signed apology, to whom it is written."""
    own = get_object_or_404(BuildingRequest.objects.owned_by(request.user), pk=id)
    signed = get_object_or_404(own.latenesses.exclude(letter="").exclude(signed_at=None), pk=case)
    return stored_response(signed.letter, filename=f"thu-xin-loi-{own.code}.pdf")


def _moved(request: HttpRequest, found: BuildingRequest) -> HttpResponse:
    name = request.POST.get("move", "")
    if name not in MOVES:
        raise Http404("no such move of a resident")
    build, act, told = MOVES[name]
    form = build(request.POST)
    if name == moves.COMMENT.name:
        token = _token(request)
        refused = photos.keep_uploads(request, token)
        if key := request.POST.get("remove"):
            photos.take_back(request, token, key)
        if "send" not in request.POST:
            return _page(request, found, comment=CommentForm(initial={**request.POST.dict(), "token": token}))
        if refused:
            for words in refused:
                form.add_error("photos", words)
    if not form.is_valid():
        return _page(request, found, wrong=(name, form), status=400)
    try:
        act(found, request, form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, found, wrong=(name, form), status=409)
    except workflow.Blocked:
        messages.warning(request, _("Đã quá thời gian mở lại. Hãy gửi yêu cầu mới."))
    except (workflow.IllegalMove, PermissionDenied):
        messages.warning(request, _("Việc này không làm được nữa. Xem tình trạng mới bên dưới."))
    else:
        messages.success(request, told())
    return redirect(found)


def _due_to_tell(found: BuildingRequest, due_state: str, *, own: bool) -> datetime | None:
    """The time to be done by, where it says more than the promise that stands beside it and the clock runs."""
    if not found.is_open or found.done_at or due_state == "paused":
        return None
    return None if own and found.promised_at == found.due_at else found.promised_at


def _page(
    request: HttpRequest,
    found: BuildingRequest,
    *,
    comment: CommentForm | None = None,
    wrong: tuple[str, forms.Form] = ("", forms.Form()),
    status: int = 200,
) -> HttpResponse:
    at, own = timezone.now(), found.reporter_id == request.user.pk
    possible = {move.name for move in workflow.available(moves.RESIDENT_MOVES, found, request.user, at=at)}
    name, bad = wrong
    comment = comment or (bad if name == moves.COMMENT.name else None) or CommentForm(initial={"token": uuid.uuid4()})
    pictures = list(found.photos.filter(comment=None))
    return render(
        request,
        "requests/request.html",
        {
            "ward": found.building.ward,
            "request_": found,
            "category": rules.category(found.category),
            "own": own,
            "possible": possible,
            "form": bad if name else None,
            "comment_form": comment,
            "comment_photos": [
                photos.shown(each) for each in RequestPhoto.objects.of_form(comment["token"].value(), request.user)
            ],
            "reopen_form": bad if name == moves.REOPEN.name else ReopenForm(),
            "rating_form": bad if name == moves.RATE.name else RatingForm(),
            "wrong": name,
            "tone": standing.tone_of(found),
            "explained": standing.explained(found),
            "due_state": (due_state := standing.due_state(found, at=at)),
            "due_at": _due_to_tell(found, due_state, own=own),
            "timeline": standing.timeline(found, reader=request.user),
            "before": [each for each in pictures if each.kind == RequestPhoto.Kind.REPORT],
            "after": [each for each in pictures if each.kind == RequestPhoto.Kind.DONE],
            "comments": _comments(found) if own else [],
            "supports": found.supports.count(),
            "supported": found.supports.filter(user=request.user).exists(),
            "reopened_until": moves.reopened_until(found),
            "apologies": [case for case in found.latenesses.all() if case.signed_at] if own else [],
            "rating": getattr(found, "rating", None) if own else None,
            "limits": rules.limits(),
        },
        status=status,
    )


def _comments(found: BuildingRequest) -> QuerySet[RequestComment]:
    said = found.comments.filter(internal=False).select_related("author", "contractor")
    return said.prefetch_related("photos")


def _listed(found: QuerySet[BuildingRequest]) -> QuerySet[BuildingRequest]:
    return found.select_related("building__ward", "apartment", "place", "answerable").annotate(
        waiting=Count("supports")
    )


def _row(each: BuildingRequest) -> dict:
    return {
        "request": each,
        "category": rules.category(each.category),
        "tone": standing.tone_of(each),
        "due_state": standing.due_state(each, at=timezone.now()),
    }


def _token(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


Act = Callable[[BuildingRequest, HttpRequest, dict], object]

# The residents' buttons: the form each reads, what it does, and what is said when it was done.
MOVES: dict[str, tuple[Callable[..., forms.Form], Act, Callable[[], str]]] = {
    moves.CONFIRM.name: (
        forms.Form,
        lambda found, request, said: actions.confirm(found, by=request.user, at=timezone.now()),
        lambda: _("Cảm ơn bạn đã xác nhận."),
    ),
    moves.REOPEN.name: (
        ReopenForm,
        lambda found, request, said: actions.reopen(found, by=request.user, at=timezone.now(), reason=said["reason"]),
        lambda: _("Đã mở lại. Ban quản lý được báo ngay."),
    ),
    moves.WITHDRAW.name: (
        forms.Form,
        lambda found, request, said: actions.withdraw(found, by=request.user, at=timezone.now()),
        lambda: _("Đã rút yêu cầu."),
    ),
    moves.SUPPORT.name: (
        forms.Form,
        lambda found, request, said: actions.support(found, by=request.user, at=timezone.now()),
        lambda: _("Đã ghi nhận. Bạn sẽ được báo khi có tiến triển."),
    ),
    moves.RATE.name: (
        RatingForm,
        lambda found, request, said: actions.rate(
            found, by=request.user, at=timezone.now(), score=said["score"], comment=said["comment"]
        ),
        lambda: _("Cảm ơn bạn đã đánh giá."),
    ),
    moves.COMMENT.name: (
        CommentForm,
        lambda found, request, said: actions.comment(
            found, by=request.user, at=timezone.now(), text=said["text"], token=said["token"]
        ),
        lambda: _("Đã gửi ban quản lý."),
    ),
}
