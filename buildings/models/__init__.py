"""Who lives and works where: wards, buildings, apartments, residents, positions."""

from .bodies import BoardMember, BoardTerm, Contact, OperatorTerm
from .people import Absence, Membership, holders_of, memberships_of, people_of, positions_at, positions_in
from .places import Apartment, Block, Building, SharedPlace, block_named_in
from .reorganisations import MembershipTransfer, Reorganisation, WardSuccession
from .residents import Residency, ResidencyState, home_of
from .wards import FormerName, Ward

__all__ = [
    "Absence",
    "Apartment",
    "Block",
    "BoardMember",
    "BoardTerm",
    "Building",
    "Contact",
    "FormerName",
    "Membership",
    "MembershipTransfer",
    "OperatorTerm",
    "Reorganisation",
    "Residency",
    "ResidencyState",
    "SharedPlace",
    "Ward",
    "WardSuccession",
    "block_named_in",
    "holders_of",
    "home_of",
    "memberships_of",
    "people_of",
    "positions_at",
    "positions_in",
]
