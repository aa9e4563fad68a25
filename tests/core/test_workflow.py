"""The one writer of `state`: where a move starts, whose it is, what it leaves behind."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from portal.core import audit, workflow
from portal.core.models import Job, User
from portal.core.numbering import next_number
from portal.core.workflow import IllegalMove, Transition

from .at_once import at_once, needs_row_locks

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# Any model with a `state` will do; this one has the fewest strings attached.
PARK = Transition("park", {"waiting"}, "parked", may=lambda user, job: user is not None and user.is_staff)
RESUME = Transition("resume", {"parked"}, "waiting", may=lambda user, job: True, public=False)
FINISH = Transition("finish", {"waiting"}, "done", may=lambda user, job: True, needs=lambda job: job.attempts > 0)
TABLE = (PARK, RESUME, FINISH)


@pytest.fixture
def officer():
    return User.objects.create_user("can-bo@example.vn", full_name="Lê Thị Cúc", is_staff=True)


@pytest.fixture
def stranger():
    return User.objects.create_user("la@example.vn", full_name="Người Lạ")


@pytest.fixture
def job():
    return Job.objects.create(kind="test", key="test:1", run_at=timezone.now())


def move(job, transition, by, **data):
    with transaction.atomic():
        return workflow.apply(workflow.lock(job), transition, by=by, at=timezone.now(), **data)


def test_a_legal_move_changes_the_state_and_leaves_a_record(job, officer):
    event = move(job, PARK, officer, set={"last_error": "giấy kẹt"}, reason="chờ sửa máy")
    job.refresh_from_db()
    assert (job.state, job.last_error) == ("parked", "giấy kẹt")
    assert (event.action, event.actor_name, event.public) == ("park", "Lê Thị Cúc", True)
    assert event.data == {"source": "waiting", "target": "parked", "reason": "chờ sửa máy"}
    assert audit.verify(audit.history_of(job)) is None


def test_a_move_from_elsewhere_is_illegal_and_changes_nothing(job, officer):
    with pytest.raises(IllegalMove):
        move(job, RESUME, officer)
    job.refresh_from_db()
    assert job.state == "waiting"
    assert not audit.history_of(job).exists()


def test_a_move_that_needs_more_than_a_state_waits_for_it(job, officer):
    with pytest.raises(IllegalMove):
        move(job, FINISH, officer)
    Job.objects.filter(pk=job.pk).update(attempts=1)
    move(job, FINISH, officer)
    job.refresh_from_db()
    assert job.state == "done"


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_a_move_that_is_not_theirs_is_denied_and_changes_nothing(job, stranger, who):
    with pytest.raises(PermissionDenied):
        move(job, PARK, stranger if who == "stranger" else None)
    job.refresh_from_db()
    assert job.state == "waiting"
    assert not audit.history_of(job).exists()


def test_the_second_of_two_writers_is_told_who_was_first_and_when(job, officer, stranger):
    stale = Job.objects.get(pk=job.pk)  # both officers opened the page
    event = move(job, PARK, officer)
    with pytest.raises(IllegalMove) as caught:
        move(stale, PARK, officer)
    assert (caught.value.last.actor_name, caught.value.last.at) == ("Lê Thị Cúc", event.at)
    assert audit.history_of(job).count() == 1


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_of_five_officers_acting_in_the_same_moment_one_wins(job, officer):
    results = at_once(*[lambda: move(job, PARK, officer)] * 5)
    assert sorted(type(result).__name__ for result in results) == ["AuditEvent"] + ["IllegalMove"] * 4
    assert {lost.last.actor_name for lost in results if isinstance(lost, IllegalMove)} == {"Lê Thị Cúc"}
    assert audit.history_of(job).count() == 1


def test_screens_offer_what_the_server_accepts(job, officer, stranger):
    assert workflow.available(TABLE, job, officer, at=timezone.now()) == [PARK]
    assert workflow.available(TABLE, job, stranger, at=timezone.now()) == []
    job.attempts = 1
    assert workflow.available(TABLE, job, stranger, at=timezone.now()) == [FINISH]


@pytest.mark.django_db(transaction=True)
def test_a_move_outside_a_transaction_is_a_mistake_of_the_programmer(job, officer):
    with pytest.raises(RuntimeError):
        workflow.apply(job, PARK, by=officer, at=timezone.now())


def test_a_failure_after_the_move_takes_the_move_back(job, officer):
    class Later(Exception):
        pass

    with pytest.raises(Later), transaction.atomic():
        workflow.apply(workflow.lock(job), PARK, by=officer, at=timezone.now())
        raise Later
    job.refresh_from_db()
    assert job.state == "waiting"
    assert not audit.history_of(job).exists()


# --- Numbers -------------------------------------------------------------------------------------
def test_numbers_have_no_gaps_and_books_do_not_share_them():
    with transaction.atomic():
        assert [next_number("a"), next_number("a"), next_number("b")] == [1, 2, 1]


def test_a_rollback_gives_the_number_back():
    class Change(Exception):
        pass

    with transaction.atomic():
        next_number("a")
    with pytest.raises(Change), transaction.atomic():
        assert next_number("a") == 2
        raise Change
    with transaction.atomic():
        assert next_number("a") == 2


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_eight_takers_in_the_same_moment_get_eight_numbers_in_a_row():
    def take():
        with transaction.atomic():
            return next_number("a")

    assert sorted(at_once(*[take] * 8)) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_a_mistake_of_the_programmer():
    with pytest.raises(RuntimeError):
        next_number("a")
