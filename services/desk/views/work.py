"""The work waiting: mine and my ward's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core.calendar import load_calendar
from services.dossiers import standing as dossier_standing

from .. import queries
from ..access import desk_required
from ..due import standing
from ..forms import WorkFilter
from ..queries import Scope


@require_safe
@desk_required
def work(request: HttpRequest) -> HttpResponse:
    """My work and my ward's, what is due first on top."""
    ward = next((desk for desk in request.desks if desk.slug == request.GET.get("phuong")), request.desks[0])
    filters = WorkFilter(request.GET)
    wanted, at = filters.wanted, timezone.now()
    counts = queries.counts(request.user, ward, at=at)
    page = queries.page_of(
        queries.work(request.user, ward, wanted, at=at),
        request.GET.get("trang"),
        count=None if wanted.is_narrowed else counts.get(wanted.scope),
    )
    calendar = load_calendar(ward)
    return render(
        request,
        "desk/work.html",
        {
            "ward": ward,
            "desks": request.desks,
            "filters": filters,
            "wanted": wanted,
            "is_mine": wanted.scope == Scope.MINE and not wanted.words,
            "scopes": [(scope, counts.get(scope)) for scope in Scope],
            "page": page,
            "rows": [
                (row, standing(row, calendar=calendar, at=at), dossier_standing.tone_of(row))
                for row in page.object_list
            ],
        },
    )
