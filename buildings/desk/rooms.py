"""The rooms of the managers' desk, in the order of daily use. A new one is one line."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Building
from ..roles import BUILDING_POSITIONS


@dataclass(frozen=True)
class Room:
    label: str | Promise
    route: str  # takes the ward's and the building's slug
    positions: tuple[str, ...] = BUILDING_POSITIONS

    def url_for(self, building: Building) -> str:
        return reverse(self.route, args=[building.ward.slug, building.slug])


ROOMS: tuple[Room, ...] = (
    Room(_("Tổng quan"), "building_desk:building"),
    Room(_("Yêu cầu"), "building_desk:work"),
    Room(_("Quá hạn"), "building_desk:lateness"),
    Room(_("Cư dân"), "residence:manage_residents"),
    Room(pgettext_lazy("of a building", "Thông báo"), "notices:manage"),
    Room(_("Bảo trì"), "upkeep:calendar"),
    Room(_("Tự kiểm tra"), "upkeep:checks"),
    Room(_("Hội nghị"), "meetings:manage"),
    Room(_("Hồ sơ tòa nhà"), "registry:book"),
    Room(_("Báo cáo"), "building_desk:report"),
    Room(_("Biển QR"), "building_desk:posters"),
)
