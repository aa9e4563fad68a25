"""The wards' pages: the portal's front page, a ward's home and announcements, and their pictures and files."""

from .announcements import (
    ANNOUNCEMENTS_A_PAGE,
    ANNOUNCEMENTS_SLUG,
    FEED_SLUG,
    AnnouncementIndexPage,
    AnnouncementPage,
    AnnouncementQuerySet,
    announcements_url,
)
from .base import PortalPage
from .media import Picture, PictureRendition, PublicFile
from .wards import NEWEST_ON_WARD_HOME, RootPage, WardPage

__all__ = [
    "ANNOUNCEMENTS_A_PAGE",
    "ANNOUNCEMENTS_SLUG",
    "FEED_SLUG",
    "NEWEST_ON_WARD_HOME",
    "AnnouncementIndexPage",
    "AnnouncementPage",
    "AnnouncementQuerySet",
    "Picture",
    "PictureRendition",
    "PortalPage",
    "PublicFile",
    "RootPage",
    "WardPage",
    "announcements_url",
]
