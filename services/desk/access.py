"""Who may open the desk: whoever holds a desk position somewhere. For everybody else it does not exist.

That somebody was looked at there is recorded: a dossier that is opened, and the names in a list.
"""

from collections.abc import Callable, Iterable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from buildings.models import Ward
from buildings.roles import DESK_POSITIONS
from portal.core.access_record import note_list, note_read
from services.dossiers.models import Dossier

View = Callable[..., HttpResponse]


def desks_of(user) -> list[Ward]:
    """The wards at whose desk this person works, by name."""
    return list(Ward.objects.worked_in_by(user, *DESK_POSITIONS)) if user.is_authenticated else []


def desk_required(view: View) -> View:
    """404 for whoever works at no desk; the view finds the wards in `request.desks`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.desks = desks_of(request.user)
        if not request.desks:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def chosen_desk(request: HttpRequest) -> Ward:
    """The ward named in the address, or the first of those whose desk the person works at."""
    return next((desk for desk in request.desks if desk.slug == request.GET.get("phuong")), request.desks[0])


def dossier_at_desk(user, id) -> Dossier:
    """A dossier sent to the user's desk, with its people. 404 for every other. That it was opened is recorded."""
    dossier = get_object_or_404(Dossier.objects.at_desk_of(user).with_people(), pk=id)
    note_read(dossier, "page", by=user, at=timezone.now())
    return dossier


def note_listed(request: HttpRequest, what: str, ward: Ward, found: Iterable[Dossier | str]) -> None:
    """Record that the officer saw these dossiers (or streams) in a list, and how they had narrowed it."""
    asked = request.GET.urlencode()
    note_list(what, found, by=request.user, at=timezone.now(), ward_id=ward.pk, asked=asked)
