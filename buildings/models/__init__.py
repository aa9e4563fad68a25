"""Who lives and works where: wards, buildings, apartments, residents, positions."""

from .people import Absence, Membership, holders_of, memberships_of, people_of, positions_at, positions_in
from .places import Apartment, Building, SharedPlace
from .reorganisations import MembershipTransfer, Reorganisation, WardSuccession
from .residents import Residency, ResidencyState, home_of
from .wards import FormerName, Ward

__all__ = [
    "Absence",
    "Apartment",
    "Building",
    "FormerName",
    "Membership",
    "MembershipTransfer",
    "Reorganisation",
    "Residency",
    "ResidencyState",
    "SharedPlace",
    "Ward",
    "WardSuccession",
    "holders_of",
    "home_of",
    "memberships_of",
    "people_of",
    "positions_at",
    "positions_in",
]
