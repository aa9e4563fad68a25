"""What a form about a building may be filled in with: what its book knows, for whoever it tells."""

from datetime import date
from typing import Any

from ..models import BoardMember, Building, Ward
from . import boards

# In the words of forms and papers, which are Vietnamese in every language.
ROLES = {
    BoardMember.Role.CHAIR: "Trưởng ban",
    BoardMember.Role.DEPUTY: "Phó Trưởng ban",
    BoardMember.Role.MEMBER: "Thành viên",
}


def facts_of(slug: str, ward: Ward, user, *, on: date) -> dict[str, Any] | None:
    """Name, address, number of flats and the board waiting for recognition; None for whom the house is not theirs.

    The people who work for the house and its confirmed residents are told; who was elected, the former alone.
    """
    if not slug:
        return None
    managed = Building.objects.managed_by(user)
    building = (managed | Building.objects.lived_in_by(user)).filter(ward=ward, slug=slug).first()
    if building is None:
        return None
    board = boards.board_of(building, on=on)
    facts = {
        "name": building.name,
        "address": _address(building, ward),
        "flats": board.flats or None,
        "scope": "Một tòa nhà",
    }
    if board.elected and managed.filter(pk=building.pk).exists():
        facts["elected_on"] = board.elected.elected_on.isoformat()
        facts["members"] = [
            {
                "member_name": member.name,
                "member_role": ROLES[BoardMember.Role(member.role)],
                "member_flat": member.apartment.number if member.apartment else None,
            }
            for member in board.elected.members.all()
        ]
    return facts


def _address(building: Building, ward: Ward) -> str:
    return building.address if ward.name in building.address else f"{building.address}, phường {ward.name}"
