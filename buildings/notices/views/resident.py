"""What residents read of their building, and what everybody may."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core import ical
from portal.core.files.downloads import private_response

from ...models import Building
from .. import calendar_file, seen
from ..models import Notice, NoticeFile
from ..queries import of_my_buildings
from .manager import send_file


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My buildings: what is up for my flats, and the days to come."""
    at = timezone.now()
    buildings = of_my_buildings(request.user, at=at)
    return render(request, "notices/mine.html", {"buildings": buildings})


@login_not_required
@require_safe
def notice(request: HttpRequest, ward: str, building: str, id) -> HttpResponse:
    """One notice. Public, or of one's own flat; opened by somebody of a flat, the flat has seen it."""
    found = _visible(request, ward, building, id)
    if request.method != "HEAD":
        seen.note(found, by=request.user, at=timezone.now())
    return render(
        request,
        "notices/notice.html",
        {
            "building": found.building,
            "ward": found.building.ward,
            "notice": found,
            "files": found.files.all(),
            "versions": found.versions.order_by("-number") if found.is_corrected else [],
            "lives_here": request.user.is_authenticated
            and Building.objects.lived_in_by(request.user).filter(pk=found.building_id).exists(),
        },
    )


@login_not_required
@require_safe
def calendar(request: HttpRequest, ward: str, building: str, id) -> HttpResponse:
    found = _visible(request, ward, building, id)
    if not found.starts_at:
        raise Http404
    content = ical.calendar_file([calendar_file.event_of(found)], at=timezone.now())
    return private_response(content, filename=calendar_file.FILENAME, mime=f"{ical.CONTENT_TYPE}; charset=utf-8")


@login_not_required
@require_safe
def file(request: HttpRequest, id, file) -> HttpResponse:
    """A file of a notice one may read. What was withdrawn no longer gives its files."""
    readable = Notice.objects.visible_to(request.user).filter(withdrawn_at=None)
    return send_file(get_object_or_404(NoticeFile.objects.filter(notice__in=readable), pk=file, notice=id))


def _visible(request: HttpRequest, ward: str, building: str, id) -> Notice:
    found = Notice.objects.visible_to(request.user).select_related("building__ward")
    return get_object_or_404(found, pk=id, building__slug=building, building__ward__slug=ward)
