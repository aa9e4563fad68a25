"""Who is present at a meeting of the owners, and whether that is enough."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.core.vietnamese import grouped

from ..models import Apartment, Building
from .models import Meeting
from .rules import RULES, Share


@dataclass(frozen=True)
class Count:
    """Who is present, and whether that is enough. Votes: flats, or m² × 100."""

    flats: int
    all_flats: int
    votes: int
    all_votes: int

    @property
    def percent(self) -> float:
        return 100 * self.votes / self.all_votes if self.all_votes else 0.0

    @property
    def is_enough(self) -> bool:
        return self.all_votes > 0 and self.votes * 100 >= self.all_votes * RULES.quorum_percent

    @property
    def missing(self) -> int:
        """Votes until it is enough."""
        return max(0, -(-self.all_votes * RULES.quorum_percent // 100) - self.votes)


def count(meeting: Meeting) -> Count:
    """As frozen when it ended, else as ticked until now."""
    if meeting.ended_at:
        return Count(
            meeting.present_flats or 0, meeting.all_flats or 0, meeting.present_votes or 0, meeting.all_votes or 0
        )
    flats = Apartment.objects.filter(building=meeting.notice.building_id)
    present = flats.filter(pk__in=meeting.attendances.values("apartment_id"))
    if meeting.share == Share.FLAT:
        here, every = present.count(), flats.count()
        return Count(here, every, here, every)
    return Count(present.count(), flats.count(), _area(present), _area(flats))


def _area(flats) -> int:
    return int((flats.aggregate(area=Sum("area"))["area"] or 0) * 100)


def may_count_by_area(building: Building) -> bool:
    """The register knows how large every flat is."""
    flats = building.apartments
    return flats.exists() and not flats.filter(area=None).exists()


def in_words(meeting: Meeting, votes: int) -> str:
    """`41 phiếu`, `834,50 m²`."""
    if meeting.share == Share.FLAT:
        return _("%(votes)s phiếu") % {"votes": votes}
    return f"{grouped(votes // 100)},{votes % 100:02d} m²"
