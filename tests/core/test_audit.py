"""The chain of events: appended, sealed, and told when it was touched."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.core import audit
from portal.core.models import AuditEvent, User

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def alice():
    return User.objects.create_user("alice@example.vn", full_name="Nguyễn Thị An")


@pytest.fixture
def chain(alice):
    at = timezone.now()
    for number, action in enumerate(("received", "assigned", "approved")):
        audit.record(alice, action, by=alice, at=at + timedelta(minutes=number), note=f"bước {number}")
    return audit.history_of(alice)


def test_events_of_one_thing_are_numbered_and_each_names_the_one_before(chain):
    events = list(chain)
    assert [event.seq for event in events] == [1, 2, 3]
    assert events[0].previous_hash == ""
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert audit.verify(chain) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "refused"),
        ("actor_name", "Người khác"),
        ("actor_id", 4711),
        ("at", timezone.now() - timedelta(days=1)),
        ("data", {"note": "khác"}),
        ("public", True),
        ("ward_id", 2),
    ],
)
def test_a_changed_row_is_found(chain, field, value):
    AuditEvent.objects.filter(seq=2).update(**{field: value})
    assert audit.verify(chain.all()).seq == 2


def test_a_removed_row_is_found(chain):
    AuditEvent.objects.filter(seq=2).delete()
    assert audit.verify(chain.all()).seq == 3


def test_a_row_changed_and_sealed_anew_is_found_at_its_successor(chain):
    event = chain.get(seq=2)
    event.action = "refused"
    event.hash = audit._hash(event)
    event.save()
    assert audit.verify(chain.all()).seq == 3


def test_swapped_rows_are_found(chain):
    AuditEvent.objects.filter(seq=2).update(seq=9)
    AuditEvent.objects.filter(seq=3).update(seq=2)
    AuditEvent.objects.filter(seq=9).update(seq=3)
    assert audit.verify(chain.all()).seq == 2


def test_two_writers_cannot_fork_a_chain(alice, chain):
    last = chain.get(seq=3)
    last.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        last.save(force_insert=True)


def test_the_record_outlives_the_person_it_names(alice, chain):
    stream = audit.stream_of(alice)
    alice.delete()
    events = AuditEvent.objects.filter(stream=stream)
    assert [event.actor_name for event in events] == ["Nguyễn Thị An"] * 3
    assert audit.verify(events) is None


def test_what_the_system_did_has_no_actor(alice):
    event = audit.record(alice, "expired", by=None, at=timezone.now())
    assert (event.actor_id, event.actor_name) == (None, "")


def test_streams_of_different_things_do_not_meet(alice):
    bob = User.objects.create_user("bob@example.vn", full_name="Trần Văn Bình")
    audit.record(alice, "received", by=None, at=timezone.now())
    assert audit.record(bob, "received", by=None, at=timezone.now()).seq == 1
