"""Open requests when other people take over a building: nothing is left answerable to somebody who has gone."""

from collections.abc import Collection
from datetime import datetime

from portal.core import audit
from portal.core.lateness import OPEN_STATES as LATENESS_OPEN
from portal.core.models import User

from ..models import Building
from . import rules
from .assignment import answerable_for
from .models import OPEN_STATES, BuildingRequest, RequestLateness


def pass_on(building: Building, *, leaving: Collection[User], to: User, by: User, at: datetime) -> int:
    """Whoever leaves is answerable for nothing more here; `to` is, also for what was late already. What `to` reported
    as a resident goes to a colleague, as when it was sent, if there is one.

    Due times stay as they were promised. How many requests changed hands. Inside the caller's transaction.
    """
    gone = [person.pk for person in leaving if person.pk != to.pk]
    open_here = BuildingRequest.objects.select_for_update(of=("self",)).filter(building=building, state__in=OPEN_STATES)
    changed = 0
    for request in open_here.order_by("pk"):
        mine, doing = request.answerable_id in gone, request.executor_id in gone
        if not mine and not doing:
            continue
        if mine:
            request.answerable = _next(request, to)
        if doing:
            request.executor = None
        request.save(update_fields=["answerable", "executor"])
        audit.record(request, "pass_on", by=by, at=at, ward_id=building.ward_id, to=str(request.answerable))
        changed += 1
    late = RequestLateness.objects.filter(request__building=building, state__in=LATENESS_OPEN, responsible__in=gone)
    for case in late.select_related("request__building"):
        case.responsible = _next(case.request, to)
        case.save(update_fields=["responsible"])
    return changed


def _next(request: BuildingRequest, to: User) -> User:
    if request.reporter_id != to.pk:
        return to
    return answerable_for(request.building, rules.category(request.category), but=to) or to
