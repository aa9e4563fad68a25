"""Who may open the managers' desk: whoever holds a position in a building. For everybody else it does not exist."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from .models import Building, positions_at

View = Callable[..., HttpResponse]


def buildings_of(user) -> list[Building]:
    """The buildings this person works for, by ward and name."""
    return list(Building.objects.managed_by(user).select_related("ward").order_by("ward__name", "name"))


def manager_required(*positions: str) -> Callable[[View], View]:
    """404 for whoever holds none of these positions (any, when none is named) in the building of the address.

    The view is given the `Building` in place of the address's two words, and all of the person's in
    `request.buildings`. A view without a building in its address gets the list alone.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            request.buildings = buildings_of(request.user)
            if not request.buildings:
                raise Http404
            if "building" in kwargs:
                asked = kwargs.pop("ward"), kwargs.pop("building")
                found = next((each for each in request.buildings if (each.ward.slug, each.slug) == asked), None)
                if found is None or (positions and positions_at(request.user, found.pk).isdisjoint(positions)):
                    raise Http404
                kwargs["building"] = found
            return view(request, *args, **kwargs)

        return guarded

    return guard
