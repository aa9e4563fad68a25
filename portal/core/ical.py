"""Calendar files (RFC 5545): what the portal promises, in people's own calendars.

A calendar tells two versions of an event apart by UID and SEQUENCE: the same UID with a higher
sequence replaces what was there, and a cancelled one takes it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

import icalendar
from icalendar.enums import STATUS

from .calendar import VIETNAM

CONTENT_TYPE = "text/calendar"
_PRODUCT = "-//Khu chung cu dien tu//Cong thong tin//VI"


@dataclass(frozen=True)
class Event:
    """One event, in Vietnamese time whatever zone its moments are in; plain dates make whole days (`ends_at` excluded).

    `uid` stays the same over the event's life; `sequence` counts its changes from 0. These files
    travel: no text of theirs holds personal data. `organizer` is an e-mail address; iTIP asks for
    one, so that a calendar knows who may call the event off.
    """

    uid: str
    sequence: int
    starts_at: datetime | date
    ends_at: datetime | date
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False
    organizer: str = ""
    organizer_name: str = ""
    repeats: str = ""  # WEEKLY or MONTHLY, as RFC 5545 names it
    repeats_until: date | None = None  # the last day, included; None: without an end


def method_of(events: Sequence[Event]) -> str:
    """What the file asks of a calendar: CANCEL when everything in it is called off."""
    return "CANCEL" if events and all(event.cancelled for event in events) else "PUBLISH"


def calendar_file(events: Sequence[Event], *, at: datetime, name: str = "") -> bytes:
    """The file with these events as they are at this moment. Raises ValueError for naive moments and broken addresses.

    `name` is what a calendar calls it that subscribes to the address of the file.
    """
    calendar = icalendar.Calendar.new(
        prodid=_PRODUCT,
        method=method_of(events),
        name=name or None,
        subcomponents=[_written(event, at) for event in events],
    )
    if calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, _vietnam())
    return calendar.to_ical()


@cache
def _vietnam() -> icalendar.Timezone:
    """The library looks for changes of the clock through seventy years: once is enough for every file."""
    return icalendar.Timezone.from_tzid(VIETNAM.key)


def _written(event: Event, at: datetime) -> icalendar.Event:
    written = icalendar.Event.new(
        uid=event.uid,
        sequence=event.sequence,
        stamp=at,
        start=_local(event.starts_at),
        end=_local(event.ends_at),
        summary=event.summary,
        description=event.description or None,
        location=event.location or None,
        url=event.url or None,
        status=STATUS.CANCELLED if event.cancelled else STATUS.CONFIRMED,
        organizer=icalendar.vCalAddress.new(event.organizer, cn=event.organizer_name or None)
        if event.organizer
        else None,
    )
    if event.repeats:
        rule: dict[str, object] = {"freq": event.repeats}
        if event.repeats_until:
            # With a moment of a zone the last one is named in UTC (RFC 5545, 3.3.10): that day's last second.
            last = datetime.combine(event.repeats_until, time(23, 59, 59), VIETNAM)
            rule["until"] = last.astimezone(UTC) if isinstance(event.starts_at, datetime) else event.repeats_until
        written.add("rrule", rule)
    return written


def _local(moment: datetime | date) -> datetime | date:
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a naive moment")
    return moment.astimezone(VIETNAM)
