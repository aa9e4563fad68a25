"""By when something must be published, until when it stays, and whether it may come down now."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from buildings.models import Ward
from home.kinds import KEPT_UP, PUBLISHED_WITHIN, Kind
from home.models.publicity import EarlyRemoval, PublicityRecord
from portal.core.calendar import VIETNAM, load_calendar

if TYPE_CHECKING:
    from home.models import AnnouncementPage

Event = PublicityRecord.Event


class TooEarly(PermissionDenied):
    """An announcement that the law keeps up was to come down. Says until when it stays."""

    def __init__(self, stays_until: date | None) -> None:
        self.stays_until = stays_until
        super().__init__(str(self))

    def __str__(self) -> str:
        if self.stays_until is None:
            return _("Nội dung này phải được công khai thường xuyên. Lãnh đạo phường ghi lý do thì mới gỡ được.")
        return _(
            "Nội dung này phải được công khai liên tục %(days)d ngày, đến hết ngày %(until)s. "
            "Lãnh đạo phường ghi lý do thì mới gỡ sớm được."
        ) % {"days": KEPT_UP, "until": f"{self.stays_until - timedelta(days=1):%d/%m/%Y}"}


@dataclass(frozen=True)
class Standing:
    """How an announcement that is up stands to the law."""

    up_since: datetime
    obliged: bool
    kept_for_good: bool
    released: EarlyRemoval | None  # a leader lets it come down early

    @property
    def stays_until(self) -> date | None:
        """The first day on which it may come down by itself; None: it stays for good."""
        return None if self.kept_for_good else may_end(self.up_since)

    def may_come_down(self, at: datetime) -> bool:
        if not self.obliged or self.released:
            return True
        return self.stays_until is not None and at.astimezone(VIETNAM).date() >= self.stays_until


def due_date(ward: Ward, decided_on: date) -> date:
    """The last day on which publishing is in time."""
    return load_calendar(ward).working_day_after(decided_on, PUBLISHED_WITHIN)


def may_end(begins: datetime) -> date:
    """The day after the thirtieth day of being up; the day of publishing is the first."""
    return begins.astimezone(VIETNAM).date() + timedelta(days=KEPT_UP)


def standing_of(announcement: UUID) -> Standing | None:
    """None when it is not up, as far as the record knows. Two queries."""
    events = PublicityRecord.objects.filter(announcement=announcement)
    down = events.filter(event=Event.TAKEN_DOWN).order_by("-at", "-pk").first()
    # Ties are told apart by key: what goes up at the moment it came down went up after it.
    up = list((events.filter(pk__gt=down.pk) if down else events).order_by("at", "pk"))
    if not up:
        return None
    released = EarlyRemoval.objects.filter(announcement=announcement, at__gte=up[0].at).last()
    return Standing(
        up_since=up[0].at,
        # What was said to be published by law on any day of this time is kept: changing the kind frees nothing.
        obliged=any(event.obliged for event in up),
        kept_for_good=any(event.kind in Kind.values and Kind(event.kind).rule.kept_for_good for event in up),
        released=released,
    )


def check_removal(announcement: UUID, *, at: datetime) -> Standing | None:
    """How it stands. Raises TooEarly when the law keeps it up."""
    standing = standing_of(announcement)
    if standing and not standing.may_come_down(at):
        raise TooEarly(standing.stays_until)
    return standing


def earliest_expiry(page: "AnnouncementPage", *, at: datetime) -> datetime | None:
    """The first moment at which it may expire; `at` when it is free, None when it stays for good.

    A page that is not up yet counts from when it will be: its scheduled moment, or now.
    """
    standing = standing_of(page.translation_key) if page.live else None
    if standing:
        if not standing.obliged or standing.released:
            return at
        until = standing.stays_until
    else:
        kind = Kind(page.kind) if page.kind in Kind.values else None
        if kind is None or not kind.obliged:
            return at
        until = None if kind.rule.kept_for_good else may_end(max(page.go_live_at or at, at))
    return until and datetime.combine(until, time(), VIETNAM)
