"""The work waiting: mine and my ward's; taking it; the views of it one keeps."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from buildings.models import Ward
from portal.core import counting, workflow
from portal.core.calendar import load_calendar
from services.dossiers import actions
from services.dossiers.transitions import ACCEPT, HAND_ON

from .. import queries, saved
from ..access import chosen_desk, desk_required, dossier_at_desk, note_listed
from ..batch import in_words
from ..forms import WorkFilter
from ..models import SavedView
from ..queries import Scope, Wanted
from ..work_list import lines_of


@require_safe
@desk_required
def work(request: HttpRequest) -> HttpResponse:
    """My work and my ward's, what is due first on top."""
    ward = chosen_desk(request)
    filters = WorkFilter(request.GET)
    wanted, at = filters.wanted, timezone.now()
    counts = queries.counts(request.user, ward, at=at)
    corrections = counts.pop(queries.CORRECTIONS)
    page, count = _page(request, ward, wanted, counts, at=at)
    lines = lines_of(page.object_list, request.user, calendar=load_calendar(ward), at=at)
    note_listed(request, "work", ward, [line.dossier for line in lines])
    offered = frozenset().union(*(line.moves for line in lines))
    return render(
        request,
        "desk/work.html",
        {
            "ward": ward,
            "desks": request.desks,
            "filters": filters,
            "wanted": wanted,
            "is_mine": wanted.scope == Scope.MINE and not wanted.words,
            "scopes": [(scope, counting.in_words(counts[scope]) if scope in counts else None) for scope in Scope],
            "counts": counts,
            "corrections": corrections,
            "page": page,
            "count": counting.in_words(count),
            "beyond": count > queries.AT_MOST,
            "lines": lines,
            "may_accept": ACCEPT.name in offered,
            "may_hand_on": HAND_ON.name in offered,
            "saved": SavedView.objects.visible_to(request.user).filter(ward=ward),
            "save_form": saved.SaveViewForm(),
            "query": saved.query_of(request.GET),
        },
    )


def _page(request: HttpRequest, ward: Ward, wanted: Wanted, counts: dict[str, int], *, at: datetime):
    """The page asked for, and how many the list holds; nothing is counted twice."""
    number = request.GET.get("trang")
    if wanted.words:
        return queries.page_of_search(request.user, ward, wanted, number, at=at)
    known = None if wanted.is_narrowed else counts.get(wanted.scope)
    found = queries.work(request.user, ward, wanted, at=at)
    count = queries.capped(found) if known is None else known
    return queries.page_of(found, number, count=count), count


@require_POST
@desk_required
def take(request: HttpRequest, id) -> HttpResponse:
    """Take the step on: it is mine from now on. Says in words why not, when it cannot be."""
    dossier = dossier_at_desk(request.user, id)
    try:
        actions.take(dossier, by=request.user, at=timezone.now(), step=request.POST.get("step", ""))
    except workflow.IllegalMove as refused:
        messages.warning(
            request, _("Chưa nhận được hồ sơ %(code)s. %(why)s") % {"code": dossier.code, "why": in_words(refused)}
        )
    else:
        messages.success(request, _("Bạn đã nhận hồ sơ %(code)s.") % {"code": dossier.code})
    return redirect("desk:dossier", dossier.pk)


@require_POST
@desk_required
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is narrowed now under a name."""
    ward = chosen_desk(request)
    query = saved.query_of(request.GET)
    form = saved.SaveViewForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        view = saved.keep(form.cleaned_data["name"], query, officer=request.user, ward=ward, at=timezone.now())
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
    else:
        messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": view.name})
    return redirect(f"{reverse('desk:work')}?phuong={ward.slug}&{query}")


@require_POST
@desk_required
def drop_view(request: HttpRequest, view: int) -> HttpResponse:
    """Give a view up. 404 for anybody else's."""
    found = get_object_or_404(SavedView.objects.visible_to(request.user).select_related("ward"), pk=view)
    ward, name = found.ward, found.name
    found.delete()
    messages.success(request, _("Đã bỏ bộ lọc “%(name)s”.") % {"name": name})
    return redirect(f"{reverse('desk:work')}?phuong={ward.slug}")
