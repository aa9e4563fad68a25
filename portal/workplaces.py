"""The places of work, and who works there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from buildings.models import memberships_of
from buildings.roles import BUILDING_POSITIONS, DESK_POSITIONS, EDITOR_POSITIONS


@dataclass(frozen=True)
class Workplace:
    label: str | Promise
    route: str
    positions: tuple[str, ...]
    superusers: bool = False

    @property
    def url(self) -> str:
        return reverse(self.route)

    def url_in(self, language: str) -> str:
        with override(language):
            return self.url


# In the order of daily use: a person with several starts the day at the first.
WORKPLACES = (
    Workplace(_("Bộ phận Một cửa"), "desk:work", DESK_POSITIONS),
    Workplace(_("Ban quản lý tòa nhà"), "building_desk:buildings", BUILDING_POSITIONS),
    Workplace(_("Biên tập"), "wagtailadmin_home", EDITOR_POSITIONS, superusers=True),
    Workplace(_("Vận hành"), "tenancy:wards", (), superusers=True),
)


def workplaces_of(user) -> list[Workplace]:
    if not user.is_authenticated:
        return []
    held = {position for positions in memberships_of(user).values() for position in positions}
    return [
        place for place in WORKPLACES if held.intersection(place.positions) or (place.superusers and user.is_superuser)
    ]
