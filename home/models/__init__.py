"""The wards' pages: the portal's front page, a ward's home and announcements, and their pictures and files."""

from .announcements import (
    ANNOUNCEMENTS_SLUG,
    AnnouncementPage,
    AnnouncementQuerySet,
    Repeats,
    announcements_url,
)
from .audience import Audience, AudiencePart
from .base import PortalPage
from .lists import ANNOUNCEMENTS_A_PAGE, AnnouncementIndexPage
from .media import Picture, PictureRendition, PublicFile
from .publicity import EarlyRemoval, NeverChanged, OtherPublicity, PublicityRecord
from .wards import NEWEST_ON_WARD_HOME, RootPage, WardPage

__all__ = [
    "ANNOUNCEMENTS_A_PAGE",
    "ANNOUNCEMENTS_SLUG",
    "NEWEST_ON_WARD_HOME",
    "AnnouncementIndexPage",
    "AnnouncementPage",
    "AnnouncementQuerySet",
    "Audience",
    "AudiencePart",
    "EarlyRemoval",
    "NeverChanged",
    "OtherPublicity",
    "Picture",
    "PictureRendition",
    "PortalPage",
    "PublicFile",
    "PublicityRecord",
    "Repeats",
    "RootPage",
    "WardPage",
    "announcements_url",
]
