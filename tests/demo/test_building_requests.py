"""The demo's building shows a request in every state, at whatever hour it is loaded."""

from datetime import UTC, datetime

import pytest

from buildings.models import SharedPlace
from buildings.requests.models import BuildingRequest, RequestLateness, RequestState, WardReferral
from portal.demo.building_requests import STORIES, load_requests
from portal.demo.places import SHARED
from tests.factories.requests import neighbour_in, staffed_building

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("at", [MORNING, SUNDAY_NIGHT])
def test_every_state_is_shown_and_loading_twice_is_once(at):
    building = staffed_building()
    for kind, name, floor in SHARED:
        SharedPlace.objects.create(building=building, kind=kind, name=name, floor=floor)
    residents = [neighbour_in(building) for _resident in range(3)]
    for floor in range(3, 9):
        building.apartments.create(floor=floor, number=f"{floor:02d}09")

    for _twice in range(2):
        load_requests(building.ward, residents, at=at)

    assert BuildingRequest.objects.count() == len(STORIES)
    assert set(BuildingRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert RequestLateness.objects.get().state == "explained"
    assert WardReferral.objects.get().answered_at is None
    assert BuildingRequest.objects.get(lateness__isnull=False).next_due_at < at
