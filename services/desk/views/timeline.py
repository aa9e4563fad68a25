"""The whole history of a dossier: what was done, how it was handed over, who read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import timeline as timelines
from ..access import desk_required, dossier_at_desk
from ..timeline import Kind


@require_safe
@desk_required
def timeline(request: HttpRequest, id) -> HttpResponse:
    dossier = dossier_at_desk(request.user, id)
    asked = request.GET.get("loai", "")
    kind = Kind(asked) if asked in Kind.values else Kind.ALL
    page, entries = timelines.timeline(dossier, kind, request.GET.get("trang"), reader=request.user)
    return render(
        request,
        "desk/timeline.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "kinds": list(Kind),
            "kind": kind,
            "page": page,
            "entries": entries,
        },
    )
