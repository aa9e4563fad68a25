"""Who owes a step: a named person, always."""

from django.db.models import Count, Q

from buildings.models import Ward, holders_of
from buildings.roles import Position
from portal.core.models import User

from .models import Dossier


class NobodyToOwn(Exception):
    """The ward has neither a holder of the position nor a leader: it cannot take dossiers."""


def owner_of_step(position: str, ward: Ward, *, dossier: Dossier, before: User | None = None):
    """The holder of the position who had the step before, else the one with the fewest steps open; else the leader.

    Never the resident whose own dossier it is. Raises NobodyToOwn.
    """
    for wanted in (position, Position.LEADER):
        holders = holders_of(wanted, ward).exclude(user=dossier.owner_id).values("user")
        people = list(
            User.objects.filter(pk__in=holders)
            .annotate(open_steps=Count("steps", filter=Q(steps__started_at__isnull=False, steps__finished_at=None)))
            .order_by("open_steps", "pk")
        )
        if people:
            return before if before in people else people[0]
    raise NobodyToOwn(f"{ward}: {position}")
