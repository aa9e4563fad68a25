"""Requests that ended five years ago go with all that was said and shown about them; what is younger stays."""

import uuid
from datetime import timedelta

import pytest

from buildings.requests import actions, contractors, forgetting, photos
from buildings.requests.models import BuildingRequest, ContractorLink, RequestComment, RequestPhoto
from buildings.requests.rules import limits
from portal.core import audit
from tests.factories.requests import AT, a_request, accepted, finished, neighbour_in, picture, staffed_building, worker

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

HOUR = timedelta(hours=1)
FIVE_YEARS = timedelta(days=limits().kept_days)


@pytest.fixture
def building():
    return staffed_building()


def ended(request):
    """Accepted, done by a contractor with a word and a picture, shown by the managers, agreed to."""
    manager = worker(request)
    link = contractors.open_link(
        contractors.send_link(accepted(request), by=manager, at=AT + HOUR, name="Thang máy Hà Nội", days=3)[1],
        at=AT + HOUR,
    )
    contractors.say(link, at=AT + HOUR, text="Đã xong", token=uuid.uuid4(), pictures=[picture(3)], finished=True)
    done = finished(request, at=AT + 2 * HOUR)
    return actions.confirm(done, by=done.reporter, at=AT + 3 * HOUR)


@pytest.mark.bucket
def test_after_five_years_nothing_is_left_but_the_record(building, django_capture_on_commit_callbacks):
    reporter = neighbour_in(building)
    request = ended(a_request(building, by=reporter))
    storage = RequestPhoto._meta.get_field("file").storage
    names = [name for row in request.photos.values_list("file", "thumbnail") for name in row]
    assert [storage.exists(name) for name in names] == [True] * 4

    assert forgetting.forget(at=request.ended_at + FIVE_YEARS) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forgetting.forget(at=request.ended_at + FIVE_YEARS + HOUR) == 1
    for model in (BuildingRequest, RequestComment, RequestPhoto, ContractorLink):
        assert not model.objects.exists()
    assert [storage.exists(name) for name in names] == [False] * 4
    last = audit.history_of(request).last()
    assert (last.action, last.actor_id, audit.verify(audit.history_of(request))) == ("forgotten", None, None)


def test_what_is_open_is_never_forgotten(building):
    accepted(a_request(building))
    assert forgetting.forget(at=AT + 3 * FIVE_YEARS) == 0


def test_what_others_were_joined_to_goes_after_them(building):
    kept, joined = accepted(a_request(building)), accepted(a_request(building))
    joined = actions.join(joined, kept, by=worker(kept), at=AT + HOUR)
    kept = actions.confirm(finished(kept, at=AT + 2 * HOUR), by=kept.reporter, at=AT + 3 * HOUR)
    BuildingRequest.objects.filter(pk=joined.pk).update(ended_at=kept.ended_at + timedelta(days=30))

    assert forgetting.forget(at=kept.ended_at + FIVE_YEARS + HOUR) == 0
    assert forgetting.forget(at=kept.ended_at + FIVE_YEARS + timedelta(days=31)) == 2


def test_pictures_of_a_form_that_is_still_open_stay(building):
    request = ended(a_request(building))
    photos.add(uuid.uuid4(), picture(9), by=request.reporter, at=AT + FIVE_YEARS)
    assert forgetting.forget(at=request.ended_at + FIVE_YEARS + HOUR) == 1
    assert RequestPhoto.objects.count() == 1
