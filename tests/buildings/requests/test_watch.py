"""What time alone brings about: a wait that ends, silence that counts as yes, lateness."""

from datetime import date, timedelta

import pytest

from buildings.requests import actions, lateness, watch
from buildings.requests import transitions as moves
from portal.core import workflow
from tests.factories.requests import (
    AT,
    a_request,
    accepted,
    finished,
    worker,
)

from .conftest import told

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_day_a_request_waits_for_brings_it_back(building):
    request = accepted(a_request(building))
    actions.wait(
        request,
        by=worker(request),
        at=AT + HOUR,
        waiting_for="part",
        back_on=date(2026, 11, 25),
        reason="Chờ cáp.",
    )
    assert watch.watch(at=AT + DAY) == 0

    watch.watch(at=AT + 2 * DAY)

    request.refresh_from_db()
    assert (request.state, request.back_on, request.waiting_for) == ("accepted", None, "")
    assert "requests.back" in told(request.answerable)


def test_the_residents_word_brings_back_what_waits_for_it(building):
    request = accepted(a_request(building))
    facts = {"waiting_for": "resident", "back_on": date(2026, 11, 30), "reason": "Khi nào có người ở nhà?"}
    actions.wait(request, by=worker(request), at=AT + HOUR, **facts)

    actions.comment(request, by=request.reporter, at=AT + 2 * HOUR, text="Chiều nay tôi ở nhà.")

    request.refresh_from_db()
    assert (request.state, request.stopped_at) == ("accepted", None)


def test_silence_after_done_is_warned_of_once_and_counts_as_yes(building):
    request = finished(accepted(a_request(building)))
    assert watch.watch(at=AT + DAY) == 0
    for _twice in range(2):
        watch.watch(at=AT + 3 * DAY + 8 * HOUR)
    request.refresh_from_db()
    assert (request.state, told(request.reporter).count("requests.silence")) == ("done", 1)

    watch.watch(at=AT + 8 * DAY)

    request.refresh_from_db()
    assert (request.state, request.ended_by) == ("closed", "silence")


def test_a_late_request_is_held_up_for_the_managers_and_not_for_the_resident(building):
    request = a_request(building)
    late = request.next_due_at + HOUR
    with pytest.raises(workflow.Blocked):
        actions.accept(request, by=worker(request), at=late)

    for _twice in range(2):
        watch.watch(at=late)

    request.refresh_from_db()
    case = request.latenesses.get()
    assert (request.lateness, request.was_late, case.responsible) == (case, True, request.answerable)
    for move in (moves.ACCEPT, moves.PLAN, moves.FINISH, moves.REFUSE, moves.JOIN, moves.ASSIGN, moves.RECLASSIFY):
        assert workflow.available([move], request, worker(request), at=late) == []
    assert "requests.late" in told(request.reporter)
    assert actions.comment(request, by=request.reporter, at=late, text="Vẫn chưa có ai đến.")
    assert actions.withdraw(request, by=request.reporter, at=late).state == "withdrawn"


def test_what_is_due_now_is_not_late_yet(building):
    request = a_request(building)
    watch.watch(at=request.next_due_at)
    assert not request.latenesses.exists()

    watch.watch(at=request.next_due_at + timedelta(seconds=1))
    assert request.latenesses.count() == 1


def test_a_beat_dead_for_a_day_opens_the_case_of_what_came_back_and_was_late_meanwhile(building):
    request = accepted(a_request(building))
    facts = {"waiting_for": "part", "back_on": date(2026, 11, 30), "reason": "Chờ cáp."}
    actions.wait(request, by=worker(request), at=AT + HOUR, **facts)

    watch.watch(at=AT + 10 * DAY)

    request.refresh_from_db()
    assert (request.state, request.lateness_id is not None) == ("accepted", True)


def test_one_that_fails_holds_up_no_other(building, monkeypatch):
    broken, sound = a_request(building), a_request(building)
    note_late = lateness.note_late

    def fails(locked, *, at):
        if locked.pk == broken.pk:
            raise RuntimeError
        return note_late(locked, at=at)

    monkeypatch.setattr(lateness, "note_late", fails)
    assert watch.watch(at=AT + 5 * DAY) == 1
    assert (broken.latenesses.count(), sound.latenesses.count()) == (0, 1)
