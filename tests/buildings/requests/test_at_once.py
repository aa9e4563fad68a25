"""Two people at the same request in the same moment, and a server that dies in the middle of a report."""

import uuid
from datetime import timedelta

import pytest

from buildings.requests import actions, notifications, photos
from buildings.requests.models import BuildingRequest, RequestPhoto
from portal.core import workflow
from portal.core.audit import history_of, verify
from portal.core.models import Notification
from tests.core.at_once import at_once, needs_row_locks
from tests.factories.requests import (
    AT,
    a_request,
    accepted,
    finished,
    lift_of,
    neighbour_in,
    picture,
    staffed_building,
    worker,
)

HOUR = timedelta(hours=1)
together = [needs_row_locks, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def kinds(results) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def moves_of(request, *names) -> int:
    return history_of(request).filter(action__in=names).count()


@pytest.mark.django_db
def test_a_report_that_breaks_off_leaves_nothing_but_its_pictures_and_takes_no_number(monkeypatch):
    building = staffed_building()
    reporter, token = neighbour_in(building), uuid.uuid4()
    photos.add(token, picture(), by=reporter, at=AT)

    def dies(request, *, at):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(notifications, "sent", dies)
        with pytest.raises(RuntimeError):
            a_request(building, by=reporter, token=token)
    assert (BuildingRequest.objects.count(), Notification.objects.count()) == (0, 0)
    assert RequestPhoto.objects.of_form(token, reporter).count() == 1

    again = a_request(building, by=reporter, token=token)
    assert (again.code[-4:], again.photos.count()) == ("0001", 1)


@pytest.mark.parametrize("time", range(2))
class TestAtOnce:
    pytestmark = together

    def test_the_same_report_twice_is_one(self, time):
        building = staffed_building()
        reporter, lift, token = neighbour_in(building), lift_of(building), uuid.uuid4()

        def send():
            return a_request(building, by=reporter, token=token, place=lift)

        first, second = at_once(send, send)
        assert first.pk == second.pk
        assert BuildingRequest.objects.count() == 1

    def test_confirmed_and_opened_again_ends_open_with_one_history(self, time):
        request = finished(accepted(a_request()))
        at_once(
            lambda: actions.confirm(request, by=request.reporter, at=AT + 2 * HOUR),
            lambda: actions.reopen(request, by=request.reporter, at=AT + 2 * HOUR, reason="Vẫn kêu."),
        )

        request.refresh_from_db()
        assert (request.state, request.reopened) == ("accepted", 1)
        assert verify(history_of(request)) is None

    def test_the_reporter_on_two_telephones_and_days_of_silence_close_it_once(self, time):
        request = finished(accepted(a_request()))
        who = (request.reporter, request.reporter, None)
        results = at_once(*[lambda by=by: actions.confirm(request, by=by, at=AT + 200 * HOUR) for by in who])

        request.refresh_from_db()
        assert kinds(results) == ["BuildingRequest", "IllegalMove", "IllegalMove"]
        assert (request.state, moves_of(request, "confirm")) == ("closed", 1)
        assert verify(history_of(request)) is None

    def test_two_of_the_staff_report_it_done_and_it_is_done_once(self, time):
        request = accepted(a_request())
        results = at_once(*[lambda: finished(request)] * 2)

        request.refresh_from_db()
        assert kinds(results) == ["BuildingRequest", "IllegalMove"]
        assert (request.state, moves_of(request, "finish")) == ("done", 1)
        assert Notification.objects.filter(recipient=request.reporter, kind__contains="done").count() == 1

    def test_refused_by_one_while_another_reports_it_done_is_one_of_both(self, time):
        request = accepted(a_request())
        results = at_once(
            lambda: finished(request),
            lambda: actions.refuse(request, by=worker(request), at=AT + HOUR, reason="Không phải việc của tòa nhà."),
        )

        request.refresh_from_db()
        assert kinds(results) == ["BuildingRequest", "IllegalMove"]
        assert request.state == ("done" if isinstance(results[0], BuildingRequest) else "refused")
        assert moves_of(request, "finish", "refuse") == 1

    def test_two_managers_accept_and_one_is_told_who_was_quicker(self, time):
        request = a_request()
        results = at_once(*[lambda: accepted(request)] * 2)

        assert sorted(isinstance(result, workflow.IllegalMove) for result in results) == [False, True]

    def test_two_requests_joined_into_each_other_wait_for_nobody(self, time):
        building = staffed_building()
        one, other = a_request(building), a_request(building)
        by = worker(one)
        results = at_once(
            lambda: actions.join(one, other, by=by, at=AT + HOUR),
            lambda: actions.join(other, one, by=by, at=AT + HOUR),
        )

        assert kinds(results) == ["BuildingRequest", "NotAlike"]

    def test_the_same_picture_twice_is_one(self, time):
        token, by = uuid.uuid4(), neighbour_in(staffed_building())
        first, second = at_once(*[lambda: photos.add(token, picture(), by=by, at=AT)] * 2)

        assert first.pk == second.pk
