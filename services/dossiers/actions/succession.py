"""A dossier goes from a ward to the one that takes over from it. The one writer of `dossier.ward`.

What was said and promised stays: code, secret, due times, documents, who did which step. Only whose
desk it is changes, and who owes the current step. Inside the caller's transaction, so that whatever
follows the dossier (its visit, who keeps its documents) goes with it or not at all.
"""

from datetime import datetime

from buildings.models import Ward
from portal.core import audit, workflow
from services.catalogue.models import Procedure

from .. import notifications, steps
from .. import transitions as moves
from ..assignment import owner_of_step
from ..models import Dossier


def change_ward(dossier: Dossier, ward: Ward, *, at: datetime, because: str, reorganisation: int) -> bool:
    """Give a sent dossier to its new ward. False when it is there already.

    `because` names the decision, in words for its owner. Raises NobodyToOwn when the new ward has
    nobody for the step that is owed now.
    """
    locked = workflow.lock(dossier)
    old = locked.ward
    if old == ward:
        return False
    step, owed = locked.current_step, locked.is_open
    locked.ward = ward
    workflow.apply(
        locked,
        moves.CHANGE_WARD,
        by=None,
        at=at,
        set={"ward": ward, **({"changed_at": at} if owed else {})},
        from_ward=str(old),
        to_ward=str(ward),
        because=because,
        reorganisation=reorganisation,
    )
    if owed and step:
        choice = owner_of_step(step.position, ward, dossier=locked, at=at, before=step.assignee)
        if choice.user.pk != step.assignee_id:
            steps.reassign(locked, choice, giver=step.assignee, at=at, note=f"{ward} tiếp nhận, {because}"[:200])
            if choice.instead:
                notifications.leader_steps_in(locked, step, at=at)
        notifications.ward_changed(locked, old, because=because, at=at)
    return True


def change_ward_of_draft(draft: Dossier, ward: Ward, *, at: datetime, because: str, reorganisation: int) -> bool:
    """Give a draft to the new ward, if it offers the service; else it stays as it is and its owner is told so.

    False when it stays, or is no draft any more.
    """
    locked = workflow.lock(draft)
    old = locked.ward
    if not locked.is_draft or old == ward:
        return False
    if not Procedure.objects.offered_in(ward).filter(pk=locked.version.procedure_id).exists():
        if not old.is_open:
            notifications.draft_left_behind(locked, ward, at=at)
        return False
    locked.ward = ward
    locked.save(update_fields=["ward"])
    audit.record(
        locked,
        moves.CHANGE_WARD.name,
        by=None,
        at=at,
        public=True,
        from_ward=str(old),
        to_ward=str(ward),
        because=because,
        reorganisation=reorganisation,
    )
    notifications.draft_changed_ward(locked, old, at=at)
    return True
