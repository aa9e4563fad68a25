"""The lateness rule for a building's requests: the managers owe an explanation, the resident an apology.

The mechanism is `portal.core.lateness`; here is what a request adds to it. The case stands between the late request
and everything the managers do with it after (`transitions.is_blocked`); the resident's own moves pass.
"""

from datetime import datetime

from portal.core import workflow

from ..models import people_of
from ..roles import Position
from . import notifications
from . import transitions as moves
from .models import WORKING_STATES, BuildingRequest, RequestLateness, RequestState


def note_late(locked: BuildingRequest, *, at: datetime) -> RequestLateness | None:
    """Open the case of a locked request that is past its due time. Twice is once; None when it is not late, or when
    nobody answers for it."""
    if locked.lateness_id:
        return locked.lateness
    due_at = locked.next_due_at
    if locked.state not in WORKING_STATES or locked.answerable is None or due_at is None or due_at >= at:
        return None
    earlier = locked.latenesses.filter(reason=RequestLateness.Reason.LATE).count()
    answered = locked.state != RequestState.NEW
    case = RequestLateness.objects.create(
        request=locked,
        reason=RequestLateness.Reason.LATE,
        what="Làm xong" if answered else "Trả lời cư dân",
        number=earlier + 1,
        # A date is promised anew once; for an answer that is late nothing is promised but the answer itself.
        new_date_allowed=answered and not earlier,
        escalated=bool(earlier) or not _has_a_head_besides(locked),
        due_at=due_at,
        opened_at=at,
        responsible=locked.answerable,
    )
    changes = {"lateness": case, "was_late": True}
    workflow.apply(locked, moves.MARK_LATE, by=None, at=at, set=changes, due_at=due_at, number=case.number)
    notifications.late(locked, case, at=at)
    notifications.lateness_owned_up(locked, case, at=at)
    return case


def _has_a_head_besides(request: BuildingRequest) -> bool:
    return people_of(request.building, Position.BUILDING_HEAD).exclude(user=request.answerable_id).exists()
