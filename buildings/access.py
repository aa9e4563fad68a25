"""Who may open the managers' desk: whoever holds a position in a building. For everybody else it does not exist."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from .models import Building

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
                managed = Building.objects.managed_by(request.user, *positions).select_related("ward")
                kwargs["building"] = get_object_or_404(
                    managed, ward__slug=kwargs.pop("ward"), slug=kwargs.pop("building")
                )
            return view(request, *args, **kwargs)

        return guarded

    return guard
