"""From report to rating: who may do what, what is kept, who is told."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buildings.models import Residency, people_of
from buildings.requests import actions, photos
from buildings.requests.models import BuildingRequest, RequestPhoto
from buildings.roles import OPERATOR_POSITIONS, Position
from portal.core import workflow
from portal.core.audit import history_of, verify
from portal.core.models import Notification
from tests.factories.buildings import BuildingFactory, manager_of
from tests.factories.people import UserFactory
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

from .conftest import told

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_report_is_acknowledged_at_once_by_a_named_person(building):
    reporter = neighbour_in(building)
    request = a_request(building, by=reporter)

    assert request.answerable == manager_of(building, Position.BUILDING_HEAD)  # a lift is the head's to answer for
    assert (told(reporter), told(request.answerable)) == (["requests.sent"], ["requests.sent"])
    notice = Notification.objects.get(recipient=reporter)
    assert request.promise in notice.body
    assert request.what not in notice.title + notice.body


def test_the_same_report_sent_three_times_is_one(building):
    token, reporter = uuid.uuid4(), neighbour_in(building)
    sent = {a_request(building, by=reporter, token=token).pk for _time in range(3)}

    assert len(sent) == BuildingRequest.objects.count() == 1
    assert Notification.objects.filter(recipient=reporter).count() == 1


def test_a_token_that_somebody_else_used_first_stands_in_nobodys_way(building):
    """It stands in the address of the form, which a neighbour may have sent along."""
    token, stranger, reporter = uuid.uuid4(), neighbour_in(building), neighbour_in(building)
    photos.add(token, picture(), by=stranger, at=AT)
    theirs = a_request(building, by=stranger, token=token)
    said = actions.comment(theirs, by=stranger, at=AT, text="Kêu to hơn rồi", token=token)

    photos.add(token, picture(), by=reporter, at=AT)
    mine = a_request(building, by=reporter, token=token)
    answer = actions.comment(mine, by=reporter, at=AT, text="Vẫn kêu", token=token)

    assert (mine.pk != theirs.pk, answer.pk != said.pk) == (True, True)
    assert [photo.added_by for photo in mine.photos.all()] == [reporter]


def test_whoever_works_there_no_more_is_told_nothing_and_the_others_are(building):
    request = a_request(building)
    gone = request.answerable
    membership = gone.memberships.get()
    membership.ended_at = AT
    membership.save()
    before = set(Notification.objects.values_list("pk", flat=True))

    actions.comment(request, by=request.reporter, at=AT, text="Vẫn kêu")

    told = Notification.objects.exclude(pk__in=before)
    assert {notice.recipient for notice in told} == {held.user for held in people_of(building, *OPERATOR_POSITIONS)}
    assert gone not in {notice.recipient for notice in told}


def test_codes_of_a_building_and_a_year_have_no_gaps(building):
    codes = [a_request(building).code for _time in range(3)]

    assert codes == [f"YC{building.pk}-26-000{number}" for number in (1, 2, 3)]


def test_only_who_lives_there_reports(building):
    stranger, gone = UserFactory(), neighbour_in(building)
    Residency.objects.filter(user=gone).update(state="ended", ended_at=AT - DAY)

    for person in (stranger, gone, manager_of(building)):
        with pytest.raises(PermissionDenied):
            a_request(building, by=person)


def test_a_place_of_another_building_and_a_neighbours_flat_are_refused(building):
    elsewhere = lift_of(BuildingFactory(slug="bang-lang", name="Bằng Lăng"))
    other = neighbour_in(building).residencies.get().apartment

    with pytest.raises(ValueError):
        a_request(building, place=elsewhere)
    with pytest.raises(ValueError):
        a_request(building, apartment=other)


def test_a_building_whose_operator_is_not_on_the_portal_says_so():
    with pytest.raises(actions.NobodyAnswers):
        a_request(BuildingFactory())


def test_reports_of_a_day_have_a_limit(building):
    reporter = neighbour_in(building)
    for _time in range(10):
        a_request(building, by=reporter)

    with pytest.raises(actions.TooManyReports):
        a_request(building, by=reporter)
    assert a_request(building, by=reporter, at=AT + DAY + HOUR)


def test_what_is_about_a_flat_or_of_a_private_kind_is_not_shown_to_neighbours(building):
    reporter = neighbour_in(building)
    own = reporter.residencies.get().apartment

    assert a_request(building, by=reporter, apartment=own, category="leak").private
    assert a_request(building, by=reporter, category="noise").private
    assert not a_request(building, by=reporter).private


def test_an_emergency_wakes_the_whole_staff(building):
    request = a_request(building, urgency="emergency")

    for position in (Position.BUILDING_MANAGER, Position.BUILDING_HEAD):
        notice = Notification.objects.get(recipient=manager_of(building, position))
        assert notice.title == f"KHẨN CẤP: yêu cầu {request.code}"


def test_done_needs_a_picture_of_it_and_words(building):
    """The picture of what is broken, sent with the report, shows nothing of the repair."""
    reporter, reported = neighbour_in(building), uuid.uuid4()
    photos.add(reported, picture(1), by=reporter, at=AT)
    request = accepted(a_request(building, by=reporter, token=reported))
    with pytest.raises(actions.NeedsProof):
        actions.finish(request, by=worker(request), at=AT + HOUR, note="Đã sửa.", token=uuid.uuid4())
    with pytest.raises(actions.NeedsProof):
        token = uuid.uuid4()
        photos.add(token, picture(), by=worker(request), at=AT + HOUR)
        actions.finish(request, by=worker(request), at=AT + HOUR, note=" ", token=token)

    done = finished(request)

    assert (done.state, done.next_due_at, done.was_late) == ("done", None, False)
    assert [photo.kind for photo in done.photos.all()] == [RequestPhoto.Kind.REPORT, RequestPhoto.Kind.DONE]


def test_the_photo_of_the_first_time_does_not_show_the_second_repair(building):
    request = finished(accepted(a_request(building)))
    reopened = actions.reopen(request, by=request.reporter, at=AT + DAY, reason="Vẫn kêu.")

    with pytest.raises(actions.NeedsProof):
        actions.finish(reopened, by=worker(request), at=AT + DAY + HOUR, note="Đã sửa lại.", token=uuid.uuid4())


def test_confirmed_rated_once_and_opened_again_within_the_window(building):
    request = finished(accepted(a_request(building)))
    closed = actions.confirm(request, by=request.reporter, at=AT + DAY)
    actions.rate(closed, by=request.reporter, at=AT + DAY, score=4)
    with pytest.raises(workflow.IllegalMove):
        actions.rate(closed, by=request.reporter, at=AT + DAY, score=5)

    with pytest.raises(workflow.Blocked):
        actions.reopen(closed, by=request.reporter, at=AT + 16 * DAY, reason="Hỏng lại.")
    again = actions.reopen(closed, by=request.reporter, at=AT + 10 * DAY, reason="Hỏng lại.")

    assert (again.state, again.reopened, again.ended_at, again.due_at) == ("accepted", 1, None, request.due_at)
    assert again.promised_at > AT + 10 * DAY
    assert verify(history_of(again)) is None


def test_a_refusal_gives_its_reason_and_another_place_and_is_looked_at_again_once_by_the_head(building):
    request = a_request(building, category="parking")
    assert request.answerable == worker(request)
    refused = actions.refuse(
        request, by=worker(request), at=AT + HOUR, reason="Bãi xe do phường quản lý.", elsewhere="UBND phường"
    )
    again = actions.reopen(refused, by=request.reporter, at=AT + DAY, reason="Bãi xe này của tòa nhà.")
    assert again.answerable == manager_of(building, Position.BUILDING_HEAD)

    final = actions.refuse(again, by=again.answerable, at=AT + DAY + HOUR, reason="Đã xem lại: của phường.")
    with pytest.raises(workflow.IllegalMove):
        actions.reopen(final, by=request.reporter, at=AT + 2 * DAY, reason="Không đồng ý.")


@pytest.mark.parametrize("planned", [-HOUR, 8 * DAY])
def test_a_plan_lies_ahead_and_keeps_the_promise(building, planned):
    request = a_request(building)

    with pytest.raises(actions.BadDate):
        actions.plan(request, by=worker(request), at=AT, planned_for=AT + planned)
    assert actions.plan(request, by=worker(request), at=AT, planned_for=AT + DAY).state == "planned"


@pytest.mark.parametrize("back_on", [date(2026, 11, 22), date(2026, 11, 23), date(2027, 3, 1)])
def test_a_wait_ends_on_a_day_to_come_and_not_too_far_away(building, back_on):
    request = accepted(a_request(building))

    with pytest.raises(actions.BadDate):
        actions.wait(request, by=worker(request), at=AT + HOUR, waiting_for="part", back_on=back_on, reason="Chờ cáp.")


def test_a_request_is_given_to_the_staff_of_its_own_building_alone(building):
    request, elsewhere = a_request(building), staffed_building(slug="bang-lang", name="Bằng Lăng")
    head = manager_of(building, Position.BUILDING_HEAD)
    given = actions.assign(request, by=head, at=AT, answerable=head, executor=worker(request))
    assert (given.answerable, given.executor) == (head, worker(request))

    for person in (manager_of(elsewhere), manager_of(building, Position.BOARD_CHAIR), request.reporter):
        with pytest.raises(PermissionDenied):
            actions.assign(request, by=head, at=AT, answerable=person)


def test_nobody_handles_a_request_of_their_own(building):
    head = manager_of(building, Position.BUILDING_HEAD)
    flat = neighbour_in(building).residencies.get().apartment
    Residency.objects.filter(apartment=flat).update(user=head)
    request = a_request(building, by=head)

    assert request.answerable == manager_of(building)
    with pytest.raises(PermissionDenied):
        actions.accept(request, by=head, at=AT)


def test_another_kind_or_urgency_counts_from_the_report_and_says_why(building):
    request = a_request(building, urgency="emergency")
    lower = actions.reclassify(
        request, by=worker(request), at=AT + HOUR / 4, category="lift", urgency="normal", reason="Không có người kẹt."
    )

    assert lower.promised_at > request.promised_at == lower.due_at
    assert lower.promise == request.promise
    assert history_of(lower).last().data["was"] == "lift, emergency"
    private = actions.reclassify(
        lower, by=worker(request), at=AT + HOUR, category="noise", urgency="normal", reason="Là tiếng ồn."
    )
    assert private.private


def test_the_board_looks_on(building):
    request = a_request(building)

    with pytest.raises(PermissionDenied):
        actions.accept(request, by=manager_of(building, Position.BOARD_CHAIR), at=AT)


def test_the_ward_is_asked_while_the_clock_stands_and_its_answer_brings_the_request_back(building):
    request = accepted(a_request(building))
    with_ward = actions.refer(request, by=worker(request), at=AT + HOUR, reason="Cống ngoài phố bị tắc.")
    assert (with_ward.state, with_ward.next_due_at) == ("with_ward", None)

    back = actions.come_back(with_ward, by=UserFactory(), at=AT + 7 * DAY, answer="Đã nạo vét.")

    assert (back.state, back.promised_at) == ("accepted", request.promised_at + 7 * DAY - HOUR)


def test_notes_are_the_managers_and_comments_reach_the_other_side(building):
    request = a_request(building)
    actions.note(request, by=worker(request), at=AT, text="Nhà thầu cũ làm ẩu.")
    assert told(request.reporter) == ["requests.sent"]

    actions.comment(request, by=worker(request), at=AT, text="Chiều nay thợ đến.")
    assert told(request.reporter).count("requests.said") == 1
    with pytest.raises(PermissionDenied):
        actions.comment(request, by=neighbour_in(building), at=AT, text="Tôi cũng thấy.")
    with pytest.raises(PermissionDenied):
        actions.note(request, by=request.reporter, at=AT, text="Ghi chú.")


def test_a_comment_sent_twice_is_said_once(building):
    request, token = a_request(building), uuid.uuid4()
    for _twice in range(2):
        actions.comment(request, by=request.reporter, at=AT, text="Vẫn kêu.", token=token)

    assert request.comments.count() == 1
