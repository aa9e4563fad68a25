"""The same trouble of several people: supported, joined, counted once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buildings.requests import actions
from buildings.requests.models import BuildingRequest, Support
from portal.core import workflow
from tests.factories.buildings import BuildingFactory
from tests.factories.requests import (
    AT,
    a_request,
    accepted,
    finished,
    neighbour_in,
    staffed_building,
    worker,
)

from .conftest import told

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_neighbours_with_the_same_trouble_are_counted_once_and_told(building):
    request, neighbour = a_request(building), neighbour_in(building)
    for _twice in range(2):
        actions.support(request, by=neighbour, at=AT + HOUR)

    finished(accepted(request))

    assert request.supports.count() == 1
    assert told(neighbour) == ["requests.accepted", "requests.done"]


def test_nobody_supports_their_own_a_private_one_or_one_of_another_building(building):
    request, private = a_request(building), a_request(building, category="noise")
    elsewhere = neighbour_in(BuildingFactory(slug="bang-lang", name="Bằng Lăng"))

    for one, person in ((request, request.reporter), (private, neighbour_in(building)), (request, elsewhere)):
        with pytest.raises(PermissionDenied):
            actions.support(one, by=person, at=AT)


def test_what_neighbours_joined_is_not_withdrawn(building):
    request = a_request(building)
    actions.support(request, by=neighbour_in(building), at=AT)

    with pytest.raises(workflow.IllegalMove):
        actions.withdraw(request, by=request.reporter, at=AT)


def test_duplicates_become_one_with_everybody_who_waits(building):
    kept, again, supporter = a_request(building), a_request(building), neighbour_in(building)
    older = actions.join(a_request(building), again, by=worker(kept), at=AT)
    actions.support(again, by=supporter, at=AT)

    joined = actions.join(again, kept, by=worker(kept), at=AT + HOUR)

    assert (joined.state, joined.joined_to, joined.next_due_at) == ("joined", kept, None)
    waiting = set(Support.objects.filter(request=kept).values_list("user", flat=True))
    assert waiting == {again.reporter_id, older.reporter_id, supporter.pk}
    older.refresh_from_db()
    assert older.joined_to == kept
    assert BuildingRequest.objects.visible_to(again.reporter).filter(pk=kept.pk).exists()


def test_requests_are_not_joined_across_buildings_nor_into_a_private_or_ended_one(building):
    request, private = a_request(building), a_request(building, category="noise")
    ended = actions.refuse(a_request(building), by=worker(request), at=AT, reason="Không phải việc của tòa nhà.")
    elsewhere = a_request(staffed_building(slug="bang-lang", name="Bằng Lăng"))

    for into in (request, private, ended, elsewhere):
        with pytest.raises(actions.NotAlike):
            actions.join(request, into, by=worker(request), at=AT)
