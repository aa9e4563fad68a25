"""Who owes a step: a named person, always."""

from django.contrib.auth import get_user_model
from django.db.models import Count, Q

from buildings.models import Ward, holders_of
from buildings.roles import Position

from .models import Dossier


class NobodyToOwn(Exception):
    """The ward has neither a holder of the position nor a leader: it cannot take dossiers."""


def owner_of_step(position: str, ward: Ward, *, dossier: Dossier):
    """The holder of the position with the fewest steps open; else the ward's leader.

    Never the resident whose own dossier it is. Raises NobodyToOwn.
    """
    for wanted in (position, Position.LEADER):
        holders = holders_of(wanted, ward).exclude(user=dossier.owner_id).values("user")
        person = (
            get_user_model()
            .objects.filter(pk__in=holders)
            .annotate(open_steps=Count("steps", filter=Q(steps__started_at__isnull=False, steps__finished_at=None)))
            .order_by("open_steps", "pk")
            .first()
        )
        if person:
            return person
    raise NobodyToOwn(f"{ward}: {position}")
