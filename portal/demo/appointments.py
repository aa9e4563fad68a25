"""Three marriages of a ward: one couple is expected today, one later in the week, and one did not come."""

from datetime import date, datetime

from buildings.models import Ward, holders_of
from buildings.roles import Position
from portal.core.calendar import VIETNAM, load_calendar
from portal.core.models import User
from services.appointments import booking
from services.appointments.models import Appointment
from services.appointments.slots import Slot
from services.dossiers.models import Dossier

from .dossiers import MARRIAGE, Story, tell

WAITS = ("accept", "hand_on", "ask_visit")  # the clock stands still until both have come


def load_appointments(ward: Ward, residents: list[User], *, at: datetime) -> None:
    """As of `at`; on a day off "today" is the next working day."""
    calendar = load_calendar(ward)
    today = calendar.next_opening(at).astimezone(VIETNAM).date()
    before = calendar.working_day_before(today)
    later = calendar.working_day_after(today, 3)
    clerk = holders_of(Position.CLERK, ward)[0].user

    def wedding(resident: int, days_ago: int, *moves: str) -> Dossier:
        return tell(Story(MARRIAGE, resident, days_ago, moves), ward, residents[resident], calendar, at=at)

    missed = _book(wedding(0, 2, *WAITS), before, by=clerk)
    booking.mark(missed, "no_show", by=clerk, at=missed.ends_at)
    _book(wedding(1, 0, *WAITS), today, by=clerk, not_before=at)
    _book(wedding(2, 0), later, by=residents[2])


def _book(dossier: Dossier, day: date, *, by: User, not_before: datetime | None = None) -> Appointment:
    """Booked when the dossier was last touched: the first time of the day that is still to come, or its last;
    where the day has none left, on the next working day."""
    at = dossier.changed_at
    offer = booking.offer(dossier, by=by, at=at)
    free: list[Slot] = offer.free(day) or offer.free(load_calendar(dossier.ward).working_day_after(day))
    slot = next((slot for slot in free if not_before is None or slot.starts_at >= not_before), free[-1])
    return booking.book(dossier, slot.starts_at, by=by, at=at)
