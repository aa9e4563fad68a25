"""Promises: made with what they follow from, kept once, never lost."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from portal.celery import app
from portal.core import outbox, parked, tasks
from portal.core.models import Job, Notification
from tests.factories.people import UserFactory

from .at_once import at_once, needs_row_locks

pytestmark = pytest.mark.postgres
KIND = "test.write_letter"


@pytest.fixture
def letters(monkeypatch):
    """A handler that keeps what it was asked for; told to, it fails."""
    written = []

    def write(to, fail=False):
        written.append(to)
        if fail:
            raise RuntimeError("no ink")

    monkeypatch.setitem(outbox._handlers, KIND, write)
    return written


def promise(key="an", at=None, **payload):
    return outbox.enqueue(KIND, key, at=at or timezone.now(), payload={"to": key, **payload})


@pytest.mark.django_db
def test_a_rolled_back_transaction_promises_nothing(letters):
    class Change(Exception):
        pass

    with pytest.raises(Change), transaction.atomic():
        promise()
        raise Change
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_same_key_is_one_promise(letters):
    assert promise().pk == promise().pk
    assert outbox.run_all(at=timezone.now()) == 1
    assert letters == ["an"]
    promise()  # kept already: the promise stays kept
    assert outbox.run_all(at=timezone.now()) == 0


@pytest.mark.django_db
def test_a_promise_without_a_handler_is_refused_at_once():
    with pytest.raises(LookupError):
        outbox.enqueue("test.nobody", "1", at=timezone.now())


@pytest.mark.django_db
def test_a_promise_for_later_waits(letters):
    job = promise(at=timezone.now() + timedelta(hours=1))
    assert outbox.run_all(at=timezone.now()) == 0
    assert outbox.run(job.pk, at=timezone.now()) is False
    assert outbox.run_all(at=timezone.now() + timedelta(hours=1)) == 1


@pytest.mark.django_db
def test_a_failing_handler_is_tried_again_after_growing_waits_then_parked(letters):
    job, at = promise(fail=True), timezone.now()
    waits = []
    for _attempt in range(outbox.MAX_ATTEMPTS):
        assert outbox.run(job.pk, at=at) is False
        job.refresh_from_db()
        waits.append((job.run_at - at).total_seconds())
        assert outbox.run(job.pk, at=at) is False  # not before its time
        at = job.run_at
    assert waits[:4] == [15, 30, 60, 120]
    assert waits[-1] == 6 * 3600
    assert (job.state, job.attempts) == (Job.State.PARKED, outbox.MAX_ATTEMPTS)
    assert job.last_error == "RuntimeError: no ink"
    assert len(letters) == outbox.MAX_ATTEMPTS
    assert outbox.run_all(at=at + timedelta(days=30)) == 0  # parked: a person looks


@pytest.mark.django_db
def test_a_failing_job_holds_nobody_else_up(letters):
    promise("bình", fail=True)
    promise("an")
    assert outbox.run_all(at=timezone.now() + timedelta(seconds=1)) == 1
    assert Job.objects.get(payload__to="an").state == Job.State.DONE


@pytest.mark.django_db
def test_a_leased_job_is_left_to_its_worker_until_the_lease_ends(letters):
    at = timezone.now()
    job = promise(at=at)
    Job.objects.filter(pk=job.pk).update(leased_until=at + settings.OUTBOX_LEASE)  # a worker took it, and was killed
    assert outbox.run(job.pk, at=at + timedelta(minutes=1)) is False
    assert outbox.run(job.pk, at=at + settings.OUTBOX_LEASE + timedelta(seconds=1)) is True
    assert letters == ["an"]


@pytest.mark.django_db
def test_a_job_is_delivered_five_times_and_done_once(letters):
    job, at = promise(), timezone.now()
    assert [outbox.run(job.pk, at=at) for _delivery in range(5)] == [True, False, False, False, False]
    assert letters == ["an"]


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_five_workers_taking_the_same_job_in_the_same_moment_do_it_once(letters):
    job, at = promise(), timezone.now()
    assert sorted(at_once(*[lambda: outbox.run(job.pk, at=at)] * 5)) == [False, False, False, False, True]
    assert letters == ["an"]


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_the_same_promise_made_five_times_in_the_same_moment_is_one(letters):
    assert len({job.pk for job in at_once(*[promise] * 5)}) == 1


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_the_broker_is_told_after_the_commit_and_not_before(letters, monkeypatch):
    told = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **options: told.append(args))
    with transaction.atomic():
        job = promise()
        assert told == []
    assert told == [(job.pk,)]
    job.refresh_from_db()
    assert job.hinted_at


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_the_row_stays_and_the_sweep_brings_it_back(letters, monkeypatch):
    def down(args, **options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.run_job, "apply_async", down)
    with transaction.atomic():
        job = promise()  # the person who submits notices nothing
    assert Job.objects.get().state == Job.State.WAITING
    assert outbox.sweep(at=timezone.now()) == 0

    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **options: tasks.run_job(*args))
    assert outbox.sweep(at=timezone.now()) == 1
    job.refresh_from_db()
    assert (job.state, letters) == (Job.State.DONE, ["an"])


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_the_sweep_does_not_say_again_what_was_said_a_moment_ago(letters, monkeypatch):
    told = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **options: told.append(args))
    at = timezone.now()
    promise(at=at)
    assert outbox.sweep(at=at) == 0
    assert outbox.sweep(at=at + settings.OUTBOX_HINT_AGAIN + timedelta(seconds=5)) == 1  # the message was lost
    assert len(told) == 2


@pytest.fixture
def hints(monkeypatch):
    """What is said to the broker: kind and queue, in this order; nobody listens."""
    told = []

    def note(args, *, queue, **options):
        told.append((Job.objects.get(pk=args[0]).kind, queue))

    monkeypatch.setattr(tasks.run_job, "apply_async", note)
    return told


@pytest.fixture
def papers(monkeypatch):
    """A kind of slow work."""
    monkeypatch.setattr(outbox, "_handlers", {**outbox._handlers})
    monkeypatch.setattr(outbox, "_slow", {*outbox._slow})
    outbox.handles("test.print", slow=True)(lambda: None)
    return lambda *names, at: outbox.enqueue_many("test.print", {name: {} for name in names}, at=at)


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_slow_work_goes_to_the_queue_of_its_own(letters, papers, hints):
    papers("1", at=timezone.now())
    promise()
    assert hints == [("test.print", "portal-slow"), (KIND, "portal")]


@pytest.mark.broker
@pytest.mark.django_db
def test_a_flood_of_slow_work_leaves_room_for_the_quick_and_does_not_fill_its_own_queue(letters, papers, hints):
    at = timezone.now()
    papers(*map(str, range(7)), at=at - timedelta(hours=1))
    promise(at=at)

    assert outbox.sweep(at=at, limit=5) == 6
    assert hints == [(KIND, "portal")] + [("test.print", "portal-slow")] * 5
    assert outbox.sweep(at=at + timedelta(seconds=20), limit=5) == 0  # none of it is done: they lie in the queues still
    Job.objects.filter(kind="test.print", hinted_at__isnull=False).update(state=Job.State.DONE)
    assert outbox.sweep(at=at + timedelta(seconds=40), limit=5) == 2


def test_a_worker_that_is_not_told_which_serves_both_queues():
    assert set(app.amqp.queues.consume_from) == {"portal", "portal-slow"}
    assert {queue.exchange.name for queue in app.amqp.queues.consume_from.values()} == {"portal", "portal-slow"}


def test_what_the_clock_starts_waits_its_turn_but_for_what_somebody_waits_for():
    def queue_of(name):
        return app.amqp.router.route({}, settings.CELERY_BEAT_SCHEDULE[name]["task"])["queue"].name

    quick = {name for name in settings.CELERY_BEAT_SCHEDULE if queue_of(name) == "portal"}
    assert quick == {"sweep-outbox", "publish-scheduled-pages"}


# --- Given up ------------------------------------------------------------------------------------
@pytest.fixture
def give_up(letters):
    """Promises that fail the last time they may."""

    def fail(*names):
        at = timezone.now()
        for name in names:
            job = promise(name, fail=True, at=at)
            Job.objects.filter(pk=job.pk).update(attempts=outbox.MAX_ATTEMPTS - 1)
        outbox.run_all(at=at)

    return fail


@pytest.mark.django_db
def test_operators_are_told_once_of_what_was_given_up_and_nobody_else_is(give_up):
    operator, _resident = UserFactory(is_superuser=True), UserFactory()
    give_up("an", "bình")
    notice = Notification.objects.get()
    assert (notice.recipient, notice.kind) == (operator, "core.parked")
    assert KIND in notice.body
    assert "no ink" not in notice.body


@pytest.mark.django_db
def test_a_job_that_takes_its_worker_with_it_each_time_is_given_up_too(letters):
    job, at = promise(), timezone.now()
    Job.objects.filter(pk=job.pk).update(attempts=outbox.MAX_ATTEMPTS, leased_until=at)  # as a killed worker leaves it
    assert outbox.run(job.pk, at=at + timedelta(seconds=1)) is False
    job.refresh_from_db()
    assert (job.state, job.last_error, letters) == (Job.State.PARKED, "NeverEnded: ", [])


@pytest.mark.django_db
def test_a_given_up_job_is_given_up_though_nobody_can_be_told(give_up, monkeypatch):
    monkeypatch.setattr(parked, "tell_operators", Mock(side_effect=OSError))
    give_up("an")
    assert Job.objects.get().state == Job.State.PARKED


@pytest.mark.django_db
def test_the_command_shows_what_was_given_up_and_begins_it_anew(give_up, capsys):
    give_up("an", "bình")
    call_command("parked")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{KIND}:an  promised ")
    assert second.endswith("12 tries  RuntimeError: no ink")

    call_command("parked", "--again", "test.other")
    assert capsys.readouterr().out == "0 begun anew\n"
    call_command("parked", "--again")
    assert capsys.readouterr().out == "2 begun anew\n"
    Job.objects.update(payload={"to": "an"})  # there is ink
    assert outbox.run_all(at=timezone.now()) == 2
    assert {job.attempts for job in Job.objects.all()} == {1}


# --- Forgetting ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_was_kept_is_forgotten_after_thirty_days_and_what_was_not_never(letters, monkeypatch):
    monkeypatch.setattr(outbox, "FORGOTTEN_AT_ONCE", 2)
    now = timezone.now()
    for name in ("a", "b", "c"):
        promise(name)
    outbox.run_all(at=now + timedelta(seconds=1))
    young = promise("young")
    Job.objects.filter(pk=young.pk).update(state=Job.State.DONE, done_at=now + timedelta(days=5))
    waiting = promise("waiting", at=now + timedelta(days=90))
    parked = promise("parked", at=now + timedelta(days=90))
    Job.objects.filter(pk=parked.pk).update(state=Job.State.PARKED)

    assert outbox.forget(at=now + timedelta(days=29)) == 0
    assert outbox.forget(at=now + timedelta(days=31)) == 3
    assert set(Job.objects.all()) == {young, waiting, parked}
