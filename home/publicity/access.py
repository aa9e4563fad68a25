"""Who may open the register of publicity: the ward's editors, its culture officer and its leaders. For others it does not exist."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from buildings.models import Ward
from buildings.roles import APPROVER_POSITIONS, Position
from home.models import AnnouncementPage, PublicityRecord

View = Callable[..., HttpResponse]


def wards_of(user) -> list[Ward]:
    """The wards whose publicity this person keeps or answers for, by name."""
    if not user.is_authenticated:
        return []
    return list(Ward.objects.worked_in_by(user, Position.WARD_EDITOR, *APPROVER_POSITIONS))


def keepers_only(view: View) -> View:
    """404 for everybody else; the view finds the wards in `request.wards`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.wards = wards_of(request.user)
        if not request.wards:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def chosen_ward(request: HttpRequest) -> Ward:
    """The ward named in the address, or the first of the person's own."""
    return next((ward for ward in request.wards if ward.slug == request.GET.get("phuong")), request.wards[0])


def announcement_of(request: HttpRequest, key: UUID) -> tuple[Ward, AnnouncementPage | None]:
    """The ward of an announcement and its page, None when it was deleted. 404 for those of other wards."""
    page = AnnouncementPage.objects.filter(translation_key=key, ward__in=request.wards).select_related("ward").first()
    if page:
        return page.ward, page
    record = PublicityRecord.objects.filter(announcement=key, ward__in=request.wards).select_related("ward").first()
    if record is None:
        raise Http404
    return record.ward, None
