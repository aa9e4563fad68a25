"""Announcements with a date, for people's own calendars."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from buildings.models import Ward
from portal.core.addresses import lasting
from portal.core.ical import Event

from ..models import AnnouncementPage, Repeats

USUAL_LENGTH = timedelta(hours=1)  # of an event that does not say when it ends
LOOKS_BACK = timedelta(days=31)  # what was lately stays in the feed: calendars drop what is gone from it
MOST = 200
FREQUENCIES = {Repeats.WEEKLY: "WEEKLY", Repeats.MONTHLY: "MONTHLY"}


def of_ward(ward: Ward, *, at: datetime) -> QuerySet[AnnouncementPage]:
    """What a ward's calendar shows: what is to come, what recurs and what was lately; the earliest first."""
    lately = at - LOOKS_BACK
    recurring = ~Q(event_repeats="") & (Q(event_repeats_until=None) | Q(event_repeats_until__gte=lately.date()))
    found = AnnouncementPage.objects.of(ward).live().events()
    return found.filter(Q(event_starts_at__gte=lately) | recurring).order_by("event_starts_at", "pk")[:MOST]


def entry(page: AnnouncementPage) -> Event:
    """The event as a calendar takes it. Raises ValueError for an announcement without a date."""
    if page.event_starts_at is None:
        raise ValueError(page)
    first, last = page.first_published_at, page.last_published_at
    return Event(
        uid=f"thong-bao-{page.translation_key}@{page.ward.slug}",
        # Only has to grow with each change that is published.
        sequence=int((last - first).total_seconds() // 60) if first and last else 0,
        starts_at=page.event_starts_at,
        ends_at=page.event_ends_at or page.event_starts_at + USUAL_LENGTH,
        summary=page.title,
        description=page.summary,
        location=page.event_place or page.event_link,
        url=lasting(page.address),
        repeats=FREQUENCIES.get(Repeats(page.event_repeats), ""),
        repeats_until=page.event_repeats_until,
    )
