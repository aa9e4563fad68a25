"""Calendar files: what a calendar reads in them is what was said."""

from dataclasses import replace
from datetime import UTC, date, datetime

import icalendar
import pytest

from portal.core.calendar import VIETNAM
from portal.core.ical import Event, calendar_file

AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
MEETING = Event(
    uid="hop-dan-cu-1",
    sequence=0,
    starts_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 3, tzinfo=UTC),
    summary="Họp dân cư; tòa CT2, tầng 1",
    description="Mang thẻ\nThắc mắc \\ hỏi ban quản lý",
    location="Nhà văn hóa, số 5",
    url="https://portal.example/viet-hung/",
    organizer="viet-hung@portal.example",
    organizer_name="Phường Việt Hưng",
)


def read(*events) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendar_file(events, at=AT))


def test_a_calendar_reads_back_what_was_written():
    [event] = read(MEETING).events
    assert event.uid == "hop-dan-cu-1"
    assert event.summary == MEETING.summary
    assert event.description == MEETING.description
    assert event.location == MEETING.location
    assert event.url == MEETING.url
    assert event.start == datetime(2026, 11, 24, 9, tzinfo=VIETNAM)
    assert event.end == datetime(2026, 11, 24, 10, tzinfo=VIETNAM)
    assert event.stamp == AT
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (
        "mailto:viet-hung@portal.example",
        "Phường Việt Hưng",
    )


def test_texts_are_escaped_and_moments_written_with_their_zone():
    text = calendar_file([MEETING], at=AT).decode()
    assert "SUMMARY:Họp dân cư\\; tòa CT2\\, tầng 1\r\n" in text
    assert "Mang thẻ\\nThắc mắc \\\\ hỏi" in text
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261124T090000\r\n" in text
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_text_cannot_write_lines_of_its_own():
    [event] = read(replace(MEETING, summary="Họp\r\nATTENDEE:mailto:ai@do.vn")).events
    assert "ATTENDEE" not in event
    with pytest.raises(ValueError, match="CR or LF"):
        read(replace(MEETING, url="https://a.vn/\r\nX-B:1"))


@pytest.mark.parametrize(
    ("events", "method", "statuses"),
    [
        ([MEETING], "PUBLISH", ["CONFIRMED"]),
        ([replace(MEETING, sequence=1, cancelled=True)], "CANCEL", ["CANCELLED"]),
        ([MEETING, replace(MEETING, uid="2", cancelled=True)], "PUBLISH", ["CONFIRMED", "CANCELLED"]),
        ([], "PUBLISH", []),
    ],
)
def test_what_is_called_off_says_so(events, method, statuses):
    calendar = read(*events)
    assert calendar["METHOD"] == method
    assert [event["STATUS"] for event in calendar.events] == statuses


def test_days_without_a_clock_are_whole_days():
    [event] = read(replace(MEETING, starts_at=date(2026, 11, 24), ends_at=date(2026, 11, 26))).events
    assert (event.start, event.end) == (date(2026, 11, 24), date(2026, 11, 26))


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="naive"):
        calendar_file([replace(MEETING, starts_at=datetime(2026, 11, 24, 9))], at=AT)  # noqa: DTZ001
