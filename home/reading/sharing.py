"""How a page looks where it is passed on: chat and social networks read Open Graph."""

from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.templatetags.static import static

from ..pictures import SHARED

if TYPE_CHECKING:
    from ..models import AnnouncementPage

FALLBACK = "portal/img/share.png"  # 1200 × 630, of our own making


class Shared(NamedTuple):
    address: str
    picture: str
    alt: str
    width: int = 1200
    height: int = 630


def fallback(address: str) -> Shared:
    return Shared(whole(address), whole(static(FALLBACK)), "")


def of(page: "AnnouncementPage") -> Shared:
    """Its picture as it was cut when it was published, else the portal's own. Asks no database: sizes are read before."""
    sizes = page.picture.renditions.all() if page.picture else ()
    cut = next((size for size in sizes if size.filter_spec == SHARED), None)
    if cut is None:
        return fallback(page.address)
    return Shared(whole(page.address), whole(cut.url), page.picture_alt_shown)


def whole(address: str) -> str:
    """Other machines need the public address, whatever host was asked; files may already be elsewhere."""
    return address if "://" in address else f"{settings.PUBLIC_URL}{address}"
