"""What a form about a building may be filled in with, for whoever its book tells; and what comes back: the ward's
decision about its board."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from portal.core.text import fold

from ..models import BoardMember, BoardTerm, Building, Ward
from . import boards

# In the words of forms and papers, which are Vietnamese in every language.
ROLES = {
    BoardMember.Role.CHAIR: "Trưởng ban",
    BoardMember.Role.DEPUTY: "Phó Trưởng ban",
    BoardMember.Role.MEMBER: "Thành viên",
}


def house_of(slug: str, ward: Ward, user) -> Building | None:
    """The building a form is about; None for whom it is not theirs: they neither work for it nor live there."""
    if not slug:
        return None
    theirs = Building.objects.managed_by(user) | Building.objects.lived_in_by(user)
    return theirs.filter(ward=ward, slug=slug).select_related("ward").first()


def facts_of(building: Building, user, *, on: date) -> dict[str, Any]:
    """Name, address, number of flats; who was elected and waits for recognition, for those who work for the house."""
    board = boards.board_of(building, on=on)
    facts: dict[str, Any] = {
        "name": building.name,
        "address": _address(building, building.ward),
        "flats": board.flats or None,
        "scope": "Một tòa nhà",
    }
    if board.elected and Building.objects.managed_by(user).filter(pk=building.pk).exists():
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


def is_about(building: Building, facts: Mapping[str, Any]) -> bool:
    """Whether what a form says is of this building, by the name its book has."""
    return fold(str(facts.get("name") or "")) == fold(building.name)


def decided(
    building: Building, facts: Mapping[str, Any], *, decision: str, decided_on: date, token: str, at: datetime
) -> BoardTerm | None:
    """What the ward decided about the board, in the words of its form, into the book. None where it is not about
    this building, names no board, or is overtaken (`boards.decide`)."""
    roles = {words: role for role, words in ROLES.items()}
    named = [member for member in facts.get("members", ()) if member.get("member_name")]
    numbers = [str(member.get("member_flat") or "").strip() for member in named]
    flats = {flat.number.upper(): flat for flat in building.apartments.filter(number__in=_as_typed(numbers))}
    members = [
        boards.Member(
            member["member_name"],
            roles.get(member.get("member_role", ""), BoardMember.Role.MEMBER),
            flats.get(number.upper()),
        )
        for member, number in zip(named, numbers, strict=True)
    ]
    chairs = sum(member.role == BoardMember.Role.CHAIR for member in members)
    if not members or chairs > 1 or not is_about(building, facts):
        return None
    elected_on = date.fromisoformat(facts["elected_on"]) if facts.get("elected_on") else decided_on
    return boards.decide(
        building,
        members,
        elected_on=min(elected_on, decided_on),
        decision=decision,
        decided_on=decided_on,
        token=token,
        at=at,
    )


def _as_typed(numbers: Iterable[str]) -> set[str]:
    return {form for number in numbers if number for form in (number, number.upper())}


def _address(building: Building, ward: Ward) -> str:
    return building.address if ward.name in building.address else f"{building.address}, phường {ward.name}"
