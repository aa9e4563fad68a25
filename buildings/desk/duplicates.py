"""Requests that may be about the same thing: twelve neighbours reported the same lift."""

from datetime import timedelta

from django.db.models import Q

from portal.core.text import fold

from ..requests.models import BuildingRequest

DAYS = 30  # what was reported longer ago is hardly the same
LOOKED_AT = 200
SHOWN = 5


def joinable(request: BuildingRequest) -> list[BuildingRequest]:
    """Open requests of the building that look like this one, the likeliest first. Read by staff alone.

    The same place says most, then the same category, then words in common. What is a person's private matter is
    joined by nobody else.
    """
    others = BuildingRequest.objects.filter(building=request.building_id).open().exclude(pk=request.pk)
    others = others.filter(Q(private=False) | Q(reporter=request.reporter_id))
    near = others.filter(
        sent_at__gte=request.sent_at - timedelta(days=DAYS), sent_at__lte=request.sent_at + timedelta(days=DAYS)
    )
    words = set(fold(request.what).split())
    rated = []
    for other in near.select_related("place", "apartment").order_by("-sent_at")[:LOOKED_AT]:
        points = 4 * (request.place_id is not None and other.place_id == request.place_id)
        points += 2 * (other.category == request.category)
        common = words & set(fold(other.what).split())
        points += min(len(common), 4) / 2
        if points >= 3:
            rated.append((points, other))
    return [other for _points, other in sorted(rated, key=lambda pair: -pair[0])[:SHOWN]]
