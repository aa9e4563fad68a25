"""Who sees a request, and what of it."""

import uuid

import pytest
from django.urls import reverse

from buildings.models import Residency
from buildings.requests import actions, photos
from buildings.requests.models import RequestPhoto, RequestRating
from tests.clients import as_user
from tests.factories.requests import (
    AT,
    a_request,
    accepted,
    finished,
    picture,
    worker,
)

from .conftest import answers, body

pytestmark = pytest.mark.django_db


SEEN, STRANGER, SIGN_IN = 200, 404, 302


@pytest.mark.parametrize(("private", "neighbour"), [(False, SEEN), (True, STRANGER)])
def test_a_shared_request_is_seen_by_neighbours_a_private_one_by_its_reporter_alone(
    building, resident, people, private, neighbour
):
    request = a_request(building, by=resident, private=private)
    token = uuid.uuid4()
    photo = photos.add(token, picture(), by=resident, at=AT)
    said = actions.comment(request, by=resident, at=AT, text="Chiều tôi ở nhà.", token=token)
    before = photos.add(uuid.uuid4(), picture(2), by=resident, at=AT)
    RequestPhoto.objects.filter(pk=before.pk).update(request=request)
    assert photos.RequestPhoto.objects.get(pk=photo.pk).comment == said

    # Managers read on their own desk; of these addresses they use the pictures'.
    everybody = dict.fromkeys(people, STRANGER) | {"nobody": SIGN_IN, "reporter": SEEN}
    assert answers(people, request.get_absolute_url()) == everybody | {"neighbour": neighbour}
    shown = everybody | {"neighbour": neighbour, "manager": SEEN}
    assert answers(people, reverse("requests:photo", args=[before.pk])) == shown
    assert answers(people, reverse("requests:thumbnail", args=[before.pk])) == shown
    assert answers(people, reverse("requests:photo", args=[photo.pk])) == everybody | {"manager": SEEN}


def test_a_photo_not_sent_yet_is_its_takers_alone(building, resident, people):
    photo = photos.add(uuid.uuid4(), picture(), by=resident, at=AT)

    expected = dict.fromkeys(people, STRANGER) | {"nobody": SIGN_IN, "reporter": SEEN}
    assert answers(people, reverse("requests:photo", args=[photo.pk])) == expected


def test_neighbours_are_not_named_to_one_another_and_read_no_conversation(building, resident, people):
    request = a_request(building, by=resident)
    actions.comment(request, by=resident, at=AT, text="Chiều tôi ở nhà một mình.")
    actions.note(request, by=worker(request), at=AT, text="Nhà này hay kêu.")
    to_own, to_neighbour = (as_user(one).get(request.get_absolute_url()) for one in (resident, people["neighbour"]))
    own, neighbours = body(to_own), body(to_neighbour)

    assert [len(page.context["comments"]) for page in (to_own, to_neighbour)] == [1, 0]
    assert "Chiều tôi ở nhà một mình." in own
    assert "Nhà này hay kêu." not in own + neighbours
    assert ("Đào Minh Châu" in neighbours, "Chiều tôi ở nhà" in neighbours) == (False, False)


def test_a_neighbour_who_joined_still_sees_it_after_moving_out(building, people):
    request, neighbour = a_request(building), people["neighbour"]
    actions.support(request, by=neighbour, at=AT)
    Residency.objects.filter(user=neighbour).update(state="ended", ended_at=AT)

    assert as_user(neighbour).get(request.get_absolute_url()).status_code == SEEN


@pytest.mark.parametrize("move", ["confirm", "reopen", "withdraw", "rate", "comment"])
def test_what_is_the_reporters_to_do_a_neighbour_cannot(building, people, move):
    request = finished(accepted(a_request(building)))
    said = {"move": move, "reason": "Chưa ổn.", "text": "Tôi nói.", "score": "5", "send": "send"}
    as_user(people["neighbour"]).post(request.get_absolute_url(), said)

    request.refresh_from_db()
    assert (request.state, request.comments.count(), RequestRating.objects.count()) == ("done", 0, 0)


def test_a_move_of_the_managers_is_no_button_of_a_residents_page(building, resident):
    request = a_request(building, by=resident)

    for move in ("accept", "finish", "release", "note", "", "x"):
        assert as_user(resident).post(request.get_absolute_url(), {"move": move}).status_code == 404
