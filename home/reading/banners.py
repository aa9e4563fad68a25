"""What stands on top of a ward's pages: urgent announcements, and on its services their interruptions."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from buildings.models import Ward
from portal.core import page_cache

from ..models import AnnouncementPage

FIELDS = (
    "slug", "kind", "title", "title_en", "summary", "summary_en", "urgent_from", "urgent_until",
    "downtime_from", "downtime_until", "downtime_recovery_at", "downtime_unforeseen", "ward_id",
)  # fmt: skip


@dataclass(frozen=True)
class Banners:
    urgent: list[AnnouncementPage]
    downtimes: list[AnnouncementPage]
    turn: datetime | None  # when this changes by itself


def of_ward(ward: Ward, *, at: datetime, on_services: bool = False, service: int | None = None) -> Banners:
    """One query, without the texts; two while an interruption is announced, none when there is nothing.

    That there is something may be known from `ward.has_banners`, asked with the ward itself.
    `service`: on the page of this procedure only the interruptions that touch it.
    """
    if not getattr(ward, "has_banners", True):
        return Banners([], [], None)
    announced = list(AnnouncementPage.objects.of(ward).with_banner(at).newest_first().only(*FIELDS))
    for page in announced:
        page.ward = ward
    urgent = [page for page in announced if page.is_urgent(at)]
    downtimes = [page for page in announced if page not in urgent and page.downtime_until and page.downtime_until > at]
    if not on_services:
        downtimes = []
    elif service is not None and downtimes:
        touched = _services_of(downtimes)
        downtimes = [page for page in downtimes if service in touched.get(page.pk, {service})]
    turns = (turn for page in announced for turn in (page.urgent_from, page.urgent_until, page.downtime_until))
    return Banners(urgent, downtimes, min((turn for turn in turns if turn and turn > at), default=None))


def above(
    request: HttpRequest, ward: Ward, *, at: datetime, on_services: bool = False, service: int | None = None
) -> Banners:
    """`of_ward` as a kept piece, which ends when one of them begins or ends."""

    def make() -> Banners:
        shown = of_ward(ward, at=at, on_services=on_services, service=service)
        page_cache.until(request, shown.turn)
        return shown

    return page_cache.piece(request, page_cache.ward(ward.pk), ("banners", on_services, service), make)


def _services_of(downtimes: list[AnnouncementPage]) -> dict[int, set[int]]:
    """page → the services it interrupts; nothing for a page that names none, which means all."""
    through = AnnouncementPage.downtime_services.through
    found: dict[int, set[int]] = {}
    for page, procedure in through.objects.filter(announcementpage__in=downtimes).values_list(
        "announcementpage", "procedure"
    ):
        found.setdefault(page, set()).add(procedure)
    return found
