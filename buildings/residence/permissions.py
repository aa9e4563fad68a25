"""Who decides about a person in a flat: its building's operator, or an owner of the flat about those who do not own it."""

from ..models import Apartment, Residency, positions_at
from ..roles import OPERATOR_POSITIONS


def operates(user, building_id: int) -> bool:
    """Works for the operator of the building today. The board (Ban quản trị) looks on; it decides nothing here."""
    return bool(positions_at(user, building_id).intersection(OPERATOR_POSITIONS))


def owns(user, apartment: Apartment | int) -> bool:
    """Is a confirmed owner of the flat today."""
    return Residency.objects.confirmed().owners().filter(user=user, apartment=apartment).exists()


def is_own(user, residency: Residency) -> bool:
    return user is not None and user.pk == residency.user_id


def may_decide(user, residency: Residency) -> bool:
    """Never about oneself; about who owns the flat the operator alone."""
    if user is None or not user.is_active or is_own(user, residency):
        return False
    if operates(user, residency.apartment.building_id):
        return True
    return residency.role != Residency.Role.OWNER and owns(user, residency.apartment_id)
