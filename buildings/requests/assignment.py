"""Who answers for a request: a named person from its first minute."""

from django.db.models import Count, Q

from portal.core.models import User

from ..models import Building, people_of
from ..roles import OPERATOR_POSITIONS, Position
from .models import WORKING_STATES, BuildingRequest
from .rules import Category


def answerable_for(building: Building, category: Category, *, but: User) -> User | None:
    """Of those whose position answers for the category, the one with the fewest requests in hand; where nobody holds
    it, of the operator's other staff. Never the reporter. None in a building whose operator is not on the portal."""
    for positions in ((category.answers,), OPERATOR_POSITIONS):
        if found := _least_busy(building, positions, but=but):
            return found
    return None


def second_look(request: BuildingRequest, *, besides: int | None) -> User | None:
    """Who looks again at what was refused: the head, where it was not the head who refused."""
    heads = people_of(request.building, Position.BUILDING_HEAD)
    return next((held.user for held in heads if held.user_id not in (besides, request.reporter_id)), None)


def _least_busy(building: Building, positions: tuple[str, ...], *, but: User) -> User | None:
    staff = [held.user_id for held in people_of(building, *positions) if held.user_id != but.pk]
    in_hand = Count("answers_for", filter=Q(answers_for__building=building, answers_for__state__in=WORKING_STATES))
    return User.objects.filter(pk__in=staff).annotate(in_hand=in_hand).order_by("in_hand", "pk").first()
