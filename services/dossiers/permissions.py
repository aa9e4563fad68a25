"""May this person do it to this dossier now? Predicates for the tables of moves and the screens."""

from buildings.models import holders_of, positions_in
from buildings.roles import DESK_POSITIONS, Position

from .models import Dossier, Lateness


def is_owner(user, dossier: Dossier) -> bool:
    return bool(user) and dossier.owner_id == user.pk


def fills_in(user, dossier: Dossier) -> bool:
    """Its owner; while it is a draft also the clerk who began it at the counter for them."""
    if is_owner(user, dossier):
        return True
    began_it = bool(user) and dossier.is_draft and dossier.filed_by_id == user.pk
    return began_it and Position.CLERK in positions_in(user, dossier.ward_id)


def is_system(user, dossier) -> bool:
    """The watch: what follows from a time alone."""
    return user is None


def owner_or_system(user, dossier: Dossier) -> bool:
    return user is None or is_owner(user, dossier)


def works_at_desk(user, dossier: Dossier) -> bool:
    """Holds a desk position in the dossier's ward. Nobody handles a dossier of their own, nor a
    relative's unless a leader approved it."""
    if not user or is_owner(user, dossier) or not positions_in(user, dossier.ward_id) & set(DESK_POSITIONS):
        return False
    return user.pk not in dossier.excluded_officers


def owes_step(user, dossier: Dossier) -> bool:
    """Holds the position that owes the current step, or stands in for it by name.

    A colleague in the same position may act when the named person is busy; the record says who did.
    """
    step = dossier.current_step
    if step is None or not works_at_desk(user, dossier):
        return False
    return step.assignee_id == user.pk or step.position in positions_in(user, dossier.ward_id)


def leads(user, dossier: Dossier) -> bool:
    return works_at_desk(user, dossier) and Position.LEADER in positions_in(user, dossier.ward_id)


def receives(user, dossier: Dossier) -> bool:
    """Sits at the counter of the one-stop desk."""
    return works_at_desk(user, dossier) and Position.CLERK in positions_in(user, dossier.ward_id)


# --- The road out of lateness ------------------------------------------------------------------------


def may_explain(user, case: Lateness) -> bool:
    """The late person, or their head; a head only where another one is left to judge it."""
    if not user or not works_at_desk(user, case.dossier):
        return False
    if case.responsible_id == user.pk:
        return True
    others = holders_of(Position.LEADER, case.dossier.ward).exclude(user=user)
    return leads(user, case.dossier) and others.exists()


def may_judge(user, case: Lateness) -> bool:
    """A head other than who explained; the chairman alone where it is the second lateness.

    Where the chairman is the late person and nobody is above, the chairman answers for it: the case
    is on the inspection list then.
    """
    if not user or not leads(user, case.dossier):
        return False
    if case.explained_by_id == user.pk and not case.escalated:
        return False
    return not case.escalated or heads_agency(user, case.dossier)


def may_draft(user, case: Lateness) -> bool:
    """The late unit: the late person, or whoever holds the same position."""
    if not user or not works_at_desk(user, case.dossier):
        return False
    held = positions_in(user, case.dossier.ward_id)
    return case.responsible_id == user.pk or Position.LEADER in held or bool(case.step and case.step.position in held)


def may_sign_apology(user, case: Lateness) -> bool:
    """The head of the agency, never the late officer (form 04), unless nobody else leads the ward."""
    return bool(user) and leads(user, case.dossier) and (case.responsible_id != user.pk or case.escalated)


def may_record_delivery(user, case: Lateness) -> bool:
    return bool(user) and works_at_desk(user, case.dossier)


def may_override(user, case: Lateness) -> bool:
    return bool(user) and leads(user, case.dossier)


def heads_agency(user, dossier: Dossier) -> bool:
    """The chairman; where no title says so, any leader of the ward."""
    leaders = user.memberships.current().filter(position=Position.LEADER, ward=dossier.ward_id)
    titles = {title.lower() for title in leaders.values_list("title", flat=True)}
    return any(not title.startswith("phó") for title in titles)
