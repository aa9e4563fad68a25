"""May this person do it to this dossier now? Predicates for the tables of moves and the screens."""

from buildings.models import holders_of, positions_in
from buildings.roles import Position

from .models import Dossier, Lateness, Step


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
    """Holds a position at the ward's one-stop desk, or in the agency that decides. Nobody handles a dossier
    of their own, nor a relative's unless a leader approved it."""
    if not user or is_owner(user, dossier) or not positions_in(user, dossier.ward_id) & dossier.agency.at_desk:
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
    """A head of the agency that decides; where it has none, the ward's leader sees to its dossiers."""
    held = positions_in(user, dossier.ward_id) if works_at_desk(user, dossier) else frozenset()
    if dossier.agency.head in held:
        return True
    return Position.LEADER in held and not holders_of(dossier.agency.head, dossier.ward).exists()


def signs(user, dossier: Dossier) -> bool:
    """A head of the agency that decides signs in its name, and nobody else; never another agency's head."""
    return works_at_desk(user, dossier) and dossier.agency.head in positions_in(user, dossier.ward_id)


def signs_step(user, dossier: Dossier) -> bool:
    return owes_step(user, dossier) and signs(user, dossier)


def registers(user, dossier: Dossier) -> bool:
    """Numbers and issues for the agency that decides."""
    return works_at_desk(user, dossier) and dossier.agency.registrar in positions_in(user, dossier.ward_id)


def examines(user, dossier: Dossier) -> bool:
    """Owes the examination; or did it, and may still mend what was found while the result waits for its signature."""
    step = dossier.current_step
    if step is None or step.kind != Step.Kind.SIGN:
        return owes_step(user, dossier)
    examined = dossier.steps.filter(kind=Step.Kind.WORK, seq__lt=step.seq).last()
    if examined is None or not works_at_desk(user, dossier):
        return False
    return examined.assignee_id == user.pk or examined.position in positions_in(user, dossier.ward_id)


def receives(user, dossier: Dossier) -> bool:
    """Sits at the counter of the one-stop desk, or receives for the agency that decides."""
    counters = {Position.CLERK, dossier.agency.receiver}
    return works_at_desk(user, dossier) and bool(counters & positions_in(user, dossier.ward_id))


# --- The road out of lateness ------------------------------------------------------------------------


def may_explain(user, case: Lateness) -> bool:
    """The late person, or their head; a head only where another one is left to judge it."""
    if not user or not works_at_desk(user, case.dossier):
        return False
    if case.responsible_id == user.pk:
        return True
    others = holders_of(case.dossier.agency.head, case.dossier.ward).exclude(user=user)
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
    if case.responsible_id == user.pk or leads(user, case.dossier):
        return True
    return bool(case.step and case.step.position in held)


def may_sign_apology(user, case: Lateness) -> bool:
    """The head of the agency, never the late officer (form 04), unless nobody else leads the ward."""
    return bool(user) and signs(user, case.dossier) and (case.responsible_id != user.pk or case.escalated)


def may_record_delivery(user, case: Lateness) -> bool:
    return bool(user) and works_at_desk(user, case.dossier)


def may_override(user, case: Lateness) -> bool:
    return bool(user) and leads(user, case.dossier)


def heads_agency(user, dossier: Dossier) -> bool:
    """The first of the heads of the agency that decides; where no title says so, any of them."""
    held = positions_in(user, dossier.ward_id)
    position = dossier.agency.head if dossier.agency.head in held else Position.LEADER
    return is_first_head(user, dossier.ward_id, position)


def is_first_head(user, ward_id: int, position: str) -> bool:
    """Chủ tịch, Trưởng Công an phường; not their deputies."""
    heads = user.memberships.current().filter(position=position, ward=ward_id)
    titles = {title.lower() for title in heads.values_list("title", flat=True)}
    return any(not title.startswith("phó") for title in titles)
