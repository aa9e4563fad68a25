"""The right deadline follows from the category and the urgency, and the clock stands when it should."""

from datetime import UTC, date, datetime, timedelta

import pytest

from buildings.requests import actions, clocks, rules
from buildings.requests.models import Urgency
from portal.core.calendar import WorkingCalendar
from tests.factories.requests import AT, a_request, accepted, worker

OFFICE = WorkingCalendar()


def hanoi(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour - 7, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("category", "urgency", "sent", "answer", "done"),
    [
        # Monday 23/11 at nine; Friday 27/11 late; Saturday night.
        ("lift", "emergency", hanoi(23, 9), hanoi(23, 9, 30), hanoi(23, 13)),
        ("lift", "emergency", hanoi(28, 23), hanoi(28, 23, 30), hanoi(29, 3 + 7) - timedelta(hours=7)),
        ("lift", "urgent", hanoi(23, 9), hanoi(23, 11), hanoi(24, 17)),
        ("lift", "urgent", hanoi(27, 16), hanoi(30, 9), hanoi(30, 17)),
        ("lift", "normal", hanoi(23, 9), hanoi(24, 9), hanoi(30, 17)),
        ("fire", "emergency", hanoi(28, 23), hanoi(28, 23, 15), hanoi(28, 23) + timedelta(hours=4)),
        ("power", "urgent", hanoi(23, 16), hanoi(24, 9), hanoi(24, 17)),
        ("water", "emergency", hanoi(29, 9), hanoi(29, 10), hanoi(29, 17)),
        ("leak", "normal", hanoi(23, 9), hanoi(24, 9), hanoi(23, 17) + timedelta(days=9)),
        ("noise", "normal", hanoi(28, 23), hanoi(30, 17), hanoi(23, 17) + timedelta(days=15)),
        ("cleaning", "normal", hanoi(23, 9), hanoi(24, 9), hanoi(25, 17)),
        ("other", "urgent", hanoi(23, 9), hanoi(23, 14), hanoi(25, 17)),
        ("structure", "normal", hanoi(23, 9), hanoi(24, 9), hanoi(23, 17) + timedelta(days=14)),
    ],
)
def test_the_deadline_follows_from_category_and_urgency(category, urgency, sent, answer, done):
    limit = rules.limit(category, urgency)

    assert (clocks.answer_due(OFFICE, limit, sent), clocks.done_due(OFFICE, limit, sent)) == (answer, done)


@pytest.mark.parametrize("category", rules.categories())
def test_what_is_more_urgent_is_never_due_later_and_an_answer_never_after_the_work(category):
    for sent in (hanoi(23, 9), hanoi(23, 16, 59), hanoi(27, 20), hanoi(29, 3 + 7)):
        dues = [
            (clocks.answer_due(OFFICE, limit, sent), clocks.done_due(OFFICE, limit, sent))
            for limit in (
                rules.limit(category, urgency) for urgency in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL)
            )
        ]

        assert [answer for answer, _done in dues] == sorted(answer for answer, _done in dues)
        assert [done for _answer, done in dues] == sorted(done for _answer, done in dues)
        assert all(answer <= done for answer, done in dues)


def test_every_category_has_a_name_and_an_example():
    assert len(rules.categories()) == 14
    assert {key for key, each in rules.categories().items() if not (each.name and each.example)} == set()


@pytest.mark.django_db
def test_the_promise_is_kept_in_the_words_the_resident_read():
    request = a_request()

    assert request.promise == "Trả lời trong 8 giờ làm việc; làm xong trước 17:00 30/11/2026."
    assert (request.due_at, request.promised_at) == (hanoi(30, 17), hanoi(30, 17))
    assert request.next_due_at == hanoi(24, 9)


@pytest.mark.django_db
def test_the_clock_stands_while_the_resident_is_waited_for_and_goes_on_with_what_was_left():
    request = accepted(a_request())
    waiting = actions.wait(
        request,
        by=worker(request),
        at=hanoi(24, 9),
        waiting_for="resident",
        back_on=date(2026, 11, 30),
        reason="Cần vào nhà để kiểm tra.",
    )
    assert (waiting.next_due_at, waiting.stopped_at) == (None, hanoi(24, 9))

    resumed = actions.resume(request, by=worker(request), at=hanoi(26, 9))

    # Four working days and seven hours were left on Tuesday at nine, and are left on Thursday at nine.
    assert (resumed.promised_at, resumed.next_due_at) == (hanoi(23, 17) + timedelta(days=9), resumed.promised_at)
    assert resumed.due_at == hanoi(30, 17)


@pytest.mark.django_db
def test_waiting_for_a_part_is_the_managers_own_time():
    request = accepted(a_request())
    waiting = actions.wait(
        request,
        by=worker(request),
        at=hanoi(24, 9),
        waiting_for="part",
        back_on=date(2026, 11, 27),
        reason="Đặt cáp mới.",
    )

    assert (waiting.next_due_at, waiting.stopped_at) == (hanoi(30, 17), None)


def test_an_emergency_that_waited_goes_on_by_the_clock_on_the_wall():
    due = clocks.after_stop(OFFICE, hanoi(28, 12), hanoi(28, 10), hanoi(28, 20), any_hour=True)

    assert due == hanoi(28, 22)
    assert hanoi(23, 9) == AT
