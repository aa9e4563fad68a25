"""May this person do it to this dossier now? Predicates for the table of moves and the screens."""

from buildings.models import positions_in
from buildings.roles import DESK_POSITIONS, Position

from .models import Dossier


def is_owner(user, dossier: Dossier) -> bool:
    return bool(user) and dossier.owner_id == user.pk


def works_at_desk(user, dossier: Dossier) -> bool:
    """Holds a desk position in the dossier's ward. Nobody handles a dossier of their own."""
    return bool(positions_in(user, dossier.ward_id) & set(DESK_POSITIONS)) and not is_owner(user, dossier)


def owes_step(user, dossier: Dossier) -> bool:
    """Holds the position that owes the current step, or stands in for it by name.

    A colleague in the same position may act when the named person is busy; the record says who did.
    """
    step = dossier.current_step
    if step is None or not works_at_desk(user, dossier):
        return False
    return step.assignee_id == user.pk or step.position in positions_in(user, dossier.ward_id)


def leads(user, dossier: Dossier) -> bool:
    return Position.LEADER in positions_in(user, dossier.ward_id) and not is_owner(user, dossier)
