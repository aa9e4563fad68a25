"""The shipped calendar against a table reckoned by hand, with one ward's half day and storm.

Every row is one instant and four answers: when "trong ngày" ends, when three working days end, when two
working hours are used up, and from when two working hours still pass until then. Ordinary hours are
08:00-12:00 and 13:00-17:00; the cut-off of the first answer is 15:00. Above each row stands how it
was reckoned.
"""

from datetime import date, datetime
from functools import cache

import pytest

from buildings.models import Ward
from portal.core.calendar import VIETNAM, load_calendar
from portal.core.management.commands.seed_calendar import known_days
from portal.core.models import CalendarDay

pytestmark = pytest.mark.django_db

WARD = Ward(code="00127", office_hours="08:00-12:00,13:00-17:00")
NEIGHBOUR = Ward(code="00121", office_hours="08:00-12:00,13:00-17:00")


@cache
def shipped_days():
    return known_days(2025, 2028)


@pytest.fixture
def calendar():
    """What the seed enters, and what this ward entered itself."""
    CalendarDay.objects.bulk_create(CalendarDay(date=day, **facts) for day, facts in shipped_days().items())
    own = {"ward_code": WARD.code, "source": "Công điện"}
    CalendarDay.objects.create(date=date(2026, 6, 10), kind="hours", hours="08:00-11:30", note="Mất điện", **own)
    for day in (14, 15):
        CalendarDay.objects.create(date=date(2026, 7, day), kind="closed", note="Bão", **own)
    return load_calendar(WARD)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


# fmt: off
# received, in the day, three working days, two hours on, two hours back
BY_HAND = [
    # --- The cut-off, on a Wednesday ---
    # Thu 19, Fri 20, Mon 23; back: 119 minutes to 13:00, one before noon
    ("18/11/2026 14:59", "18/11/2026 17:00", "23/11/2026 17:00", "18/11/2026 16:59", "18/11/2026 11:59"),
    # 15:00 is in time; two hours end at closing, and back at one o'clock, not at noon
    ("18/11/2026 15:00", "18/11/2026 17:00", "23/11/2026 17:00", "18/11/2026 17:00", "18/11/2026 13:00"),
    # a minute late for the day; 119 minutes to closing, one on Thursday
    ("18/11/2026 15:01", "19/11/2026 17:00", "23/11/2026 17:00", "19/11/2026 08:01", "18/11/2026 13:01"),
    # --- A Friday, and the days off after it ---
    # Mon 23, Tue 24 (no day off by any law yet), Wed 25
    ("20/11/2026 14:59", "20/11/2026 17:00", "25/11/2026 17:00", "20/11/2026 16:59", "20/11/2026 11:59"),
    # to the minute
    ("20/11/2026 15:00", "20/11/2026 17:00", "25/11/2026 17:00", "20/11/2026 17:00", "20/11/2026 13:00"),
    # the next working day is Monday
    ("20/11/2026 15:01", "23/11/2026 17:00", "25/11/2026 17:00", "23/11/2026 08:01", "20/11/2026 13:01"),
    # the office closed at this very minute: nothing of Friday is left
    ("20/11/2026 17:00", "23/11/2026 17:00", "25/11/2026 17:00", "23/11/2026 10:00", "20/11/2026 15:00"),
    # a Saturday: as if on Monday at opening, as if on Friday at closing
    ("21/11/2026 09:00", "23/11/2026 17:00", "25/11/2026 17:00", "23/11/2026 10:00", "20/11/2026 15:00"),
    # 24/11 Ngày Văn hóa Việt Nam is worked until a document says otherwise
    ("23/11/2026 15:01", "24/11/2026 17:00", "26/11/2026 17:00", "24/11/2026 08:01", "23/11/2026 13:01"),
    # --- Tết: Mon 16 to Fri 20/2/2026 off, hence closed from Friday 13 to Monday 23 ---
    # Mon 23, Tue 24, Wed 25
    ("13/02/2026 14:59", "13/02/2026 17:00", "25/02/2026 17:00", "13/02/2026 16:59", "13/02/2026 11:59"),
    # the last afternoon, in time
    ("13/02/2026 15:00", "13/02/2026 17:00", "25/02/2026 17:00", "13/02/2026 17:00", "13/02/2026 13:00"),
    # ten days later, for one minute
    ("13/02/2026 15:01", "23/02/2026 17:00", "25/02/2026 17:00", "23/02/2026 08:01", "13/02/2026 13:01"),
    # sent online on the second day of Tết
    ("18/02/2026 10:00", "23/02/2026 17:00", "25/02/2026 17:00", "23/02/2026 10:00", "13/02/2026 15:00"),
    # at opening: Tue, Wed, Thu; back, all of it lies before Tết
    ("23/02/2026 08:00", "23/02/2026 17:00", "26/02/2026 17:00", "23/02/2026 10:00", "13/02/2026 15:00"),
    # --- Giỗ Tổ on Sunday 26/4, observed Mon 27; Thu 30/4 and Fri 1/5 off ---
    # Tue 28, Wed 29, Mon 4/5
    ("24/04/2026 15:00", "24/04/2026 17:00", "04/05/2026 17:00", "24/04/2026 17:00", "24/04/2026 13:00"),
    # over the weekend and Monday
    ("24/04/2026 15:01", "28/04/2026 17:00", "04/05/2026 17:00", "28/04/2026 08:01", "24/04/2026 13:01"),
    # on the observed day itself
    ("27/04/2026 09:00", "28/04/2026 17:00", "04/05/2026 17:00", "28/04/2026 10:00", "24/04/2026 15:00"),
    # Mon 4, Tue 5, Wed 6/5
    ("29/04/2026 14:59", "29/04/2026 17:00", "06/05/2026 17:00", "29/04/2026 16:59", "29/04/2026 11:59"),
    # the last afternoon before four days off
    ("29/04/2026 15:00", "29/04/2026 17:00", "06/05/2026 17:00", "29/04/2026 17:00", "29/04/2026 13:00"),
    # Thu and Fri off, then the weekend
    ("29/04/2026 15:01", "04/05/2026 17:00", "06/05/2026 17:00", "04/05/2026 08:01", "29/04/2026 13:01"),
    # on the second of the two days
    ("01/05/2026 10:00", "04/05/2026 17:00", "06/05/2026 17:00", "04/05/2026 10:00", "29/04/2026 15:00"),
    # --- National Day: Mon 31/8 to Wed 2/9 off, Saturday 22/8 worked for the Monday ---
    # Sat 22 counts, Mon 24, Tue 25
    ("21/08/2026 15:00", "21/08/2026 17:00", "25/08/2026 17:00", "21/08/2026 17:00", "21/08/2026 13:00"),
    # the next working day is the Saturday
    ("21/08/2026 15:01", "22/08/2026 17:00", "25/08/2026 17:00", "22/08/2026 08:01", "21/08/2026 13:01"),
    # received on it: not counted, so Mon 24, Tue 25, Wed 26
    ("22/08/2026 15:00", "22/08/2026 17:00", "26/08/2026 17:00", "22/08/2026 17:00", "22/08/2026 13:00"),
    # and its own cut-off
    ("22/08/2026 15:01", "24/08/2026 17:00", "26/08/2026 17:00", "24/08/2026 08:01", "22/08/2026 13:01"),
    # back: one hour of Monday, one of Saturday
    ("24/08/2026 09:00", "24/08/2026 17:00", "27/08/2026 17:00", "24/08/2026 11:00", "22/08/2026 16:00"),
    # Thu 3, Fri 4, Mon 7/9
    ("28/08/2026 15:00", "28/08/2026 17:00", "07/09/2026 17:00", "28/08/2026 17:00", "28/08/2026 13:00"),
    # over Sat, Sun and three days off
    ("28/08/2026 15:01", "03/09/2026 17:00", "07/09/2026 17:00", "03/09/2026 08:01", "28/08/2026 13:01"),
    # on the swapped Monday
    ("31/08/2026 09:00", "03/09/2026 17:00", "07/09/2026 17:00", "03/09/2026 10:00", "28/08/2026 15:00"),
    # in the last minute of the day itself
    ("02/09/2026 23:59", "03/09/2026 17:00", "07/09/2026 17:00", "03/09/2026 10:00", "28/08/2026 15:00"),
    # --- A half day of the ward's own: Wednesday 10/6, 08:00 to 11:30 ---
    # the day ends when the office closes; a half day is a working day: Wed, Thu, Fri
    ("09/06/2026 15:01", "10/06/2026 11:30", "12/06/2026 17:00", "10/06/2026 08:01", "09/06/2026 13:01"),
    # one minute today and 119 tomorrow; Thu 11, Fri 12, Mon 15
    ("10/06/2026 11:29", "10/06/2026 11:30", "15/06/2026 17:00", "11/06/2026 09:59", "10/06/2026 09:29"),
    # before the cut-off, but the office has closed
    ("10/06/2026 11:30", "11/06/2026 17:00", "15/06/2026 17:00", "11/06/2026 10:00", "10/06/2026 09:30"),
    # the same in the afternoon
    ("10/06/2026 14:00", "11/06/2026 17:00", "15/06/2026 17:00", "11/06/2026 10:00", "10/06/2026 09:30"),
    # back: one hour of Thursday, one before 11:30; Fri 12, Mon 15, Tue 16
    ("11/06/2026 09:00", "11/06/2026 17:00", "16/06/2026 17:00", "11/06/2026 11:00", "10/06/2026 10:30"),
    # --- The ward closed by a storm: Tue 14 and Wed 15/7 ---
    # Thu 16, Fri 17, Mon 20
    ("13/07/2026 15:00", "13/07/2026 17:00", "20/07/2026 17:00", "13/07/2026 17:00", "13/07/2026 13:00"),
    # Thursday is the next working day
    ("13/07/2026 15:01", "16/07/2026 17:00", "20/07/2026 17:00", "16/07/2026 08:01", "13/07/2026 13:01"),
    # sent online in the storm
    ("14/07/2026 10:00", "16/07/2026 17:00", "20/07/2026 17:00", "16/07/2026 10:00", "13/07/2026 15:00"),
    # --- Leap day, a Tuesday ---
    # Tue 29/2, Wed 1/3, Thu 2/3
    ("28/02/2028 15:01", "29/02/2028 17:00", "02/03/2028 17:00", "29/02/2028 08:01", "28/02/2028 13:01"),
    # Wed 1, Thu 2, Fri 3/3
    ("29/02/2028 14:59", "29/02/2028 17:00", "03/03/2028 17:00", "29/02/2028 16:59", "29/02/2028 11:59"),
    # into March
    ("29/02/2028 15:01", "01/03/2028 17:00", "03/03/2028 17:00", "01/03/2028 08:01", "29/02/2028 13:01"),
    # back into the leap day; Thu 2, Fri 3, Mon 6
    ("01/03/2028 09:00", "01/03/2028 17:00", "06/03/2028 17:00", "01/03/2028 11:00", "29/02/2028 16:00"),
    # --- The end of the year ---
    # Thu 1/1 off, Fri 2/1 swapped for Sat 10; Mon 5, Tue 6, Wed 7
    ("31/12/2025 15:01", "05/01/2026 17:00", "07/01/2026 17:00", "05/01/2026 08:01", "31/12/2025 13:01"),
    # the Saturday worked for it: Sat 10, Mon 12, Tue 13
    ("09/01/2026 15:01", "10/01/2026 17:00", "13/01/2026 17:00", "10/01/2026 08:01", "09/01/2026 13:01"),
    # Fri 1/1 off; Mon 4, Tue 5, Wed 6
    ("31/12/2026 15:00", "31/12/2026 17:00", "06/01/2027 17:00", "31/12/2026 17:00", "31/12/2026 13:00"),
    # the next working day is in the next year
    ("31/12/2026 15:01", "04/01/2027 17:00", "06/01/2027 17:00", "04/01/2027 08:01", "31/12/2026 13:01"),
]
# fmt: on


@pytest.mark.parametrize(("received", "in_the_day", "three_days", "two_hours_on", "two_hours_back"), BY_HAND)
def test_the_table(calendar, received, in_the_day, three_days, two_hours_on, two_hours_back):
    start = at(received)
    assert {
        "in the day": calendar.same_day_due(start),
        "three days": calendar.end_of_nth_working_day(start, 3),
        "two hours on": calendar.add_minutes(start, 120),
        "two hours back": calendar.subtract_minutes(start, 120),
    } == {
        "in the day": at(in_the_day),
        "three days": at(three_days),
        "two hours on": at(two_hours_on),
        "two hours back": at(two_hours_back),
    }


def test_a_storm_and_a_half_day_of_one_ward_are_not_its_neighbours(calendar):
    elsewhere = load_calendar(NEIGHBOUR)
    # Tue 14/7 and the afternoon of Wed 10/6 are worked there.
    assert elsewhere.same_day_due(at("13/07/2026 15:01")) == at("14/07/2026 17:00")
    assert elsewhere.same_day_due(at("10/06/2026 11:30")) == at("10/06/2026 17:00")
