"""May this person do it to this request now? Predicates for the table of moves and the screens."""

from ..models import Building, positions_at, positions_in
from ..roles import OPERATOR_POSITIONS, Position
from .models import ANSWERING_POSITIONS, BuildingRequest


def is_reporter(user, request: BuildingRequest) -> bool:
    return bool(user) and request.reporter_id == user.pk


def is_system(user, request) -> bool:
    """The watch: what follows from a time alone."""
    return user is None


def reporter_or_system(user, request: BuildingRequest) -> bool:
    return user is None or is_reporter(user, request)


def works_on(user, request: BuildingRequest) -> bool:
    """On the operator's staff in this building; the board looks on. Nobody handles a request of their own."""
    if not user or is_reporter(user, request):
        return False
    return bool(positions_at(user, request.building_id) & set(OPERATOR_POSITIONS))


def heads(user, request: BuildingRequest) -> bool:
    return works_on(user, request) and Position.BUILDING_HEAD in positions_at(user, request.building_id)


def may_report(user, building: Building) -> bool:
    """Whoever has a confirmed flat there. A visitor who scans a poster is shown whom to call instead."""
    return bool(user) and Building.objects.lived_in_by(user).filter(pk=building.pk).exists()


def may_support(user, request: BuildingRequest) -> bool:
    """A neighbour, of what is shown to neighbours."""
    if not user or request.private or is_reporter(user, request):
        return False
    return Building.objects.lived_in_by(user).filter(pk=request.building_id).exists()


def may_comment(user, request: BuildingRequest) -> bool:
    """The reporter and the staff. Neighbours say "me too", so that nobody quarrels under a broken lift."""
    return is_reporter(user, request) or works_on(user, request)


def answers_for_ward(user, ward_id: int) -> bool:
    """At the one-stop desk of the ward a request was handed over to; the ward's police have no part in it."""
    return bool(positions_in(user, ward_id) & set(ANSWERING_POSITIONS))
