"""Following a request: its page, its end, the list of one's own."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from buildings.requests import actions, lateness, photos
from buildings.requests.models import RequestPhoto
from buildings.roles import Position
from tests.clients import as_user
from tests.factories.buildings import BuildingFactory, manager_of
from tests.factories.requests import (
    AT,
    a_request,
    accepted,
    finished,
    lift_of,
    neighbour_in,
    picture,
    worker,
)

from .conftest import DAY, HOUR, as_upload, body, form_of, report

pytestmark = pytest.mark.django_db


def test_the_page_says_who_answers_by_when_and_what_happened(building, resident):
    request = a_request(building, by=resident)
    head = manager_of(building, Position.BUILDING_HEAD)
    actions.assign(request, by=head, at=AT, answerable=head, executor=worker(request))
    actions.plan(request, by=head, at=AT + HOUR, planned_for=AT + DAY)
    page = body(as_user(resident).get(request.get_absolute_url()))

    for words in (str(head), str(worker(request)), request.promise, "Hẹn làm lúc 09:00 24/11/2026.", "Đã giao việc"):
        assert words in page


def test_the_time_to_be_done_by_stands_beside_the_promise_once_it_moved(building, resident, now):
    request = finished(accepted(a_request(building, by=resident)))
    pages = [body(as_user(resident).get(request.get_absolute_url()))]
    actions.reopen(request, by=resident, at=AT + DAY, reason="Lại kêu.")
    pages.append(body(as_user(resident).get(request.get_absolute_url())))
    new = a_request(building, by=resident)
    pages.append(body(as_user(resident).get(new.get_absolute_url())))
    pages.append(body(as_user(neighbour_in(building)).get(new.get_absolute_url())))
    assert ["Làm xong trước" in page for page in pages] == [False, True, False, True]


def test_done_is_confirmed_rated_or_opened_again(building, resident, now):
    request = finished(accepted(a_request(building, by=resident)))
    client = as_user(resident)
    page = body(client.get(request.get_absolute_url()))
    assert ("Đã thay con lăn cửa tầng." in page, "Đúng, đã xong" in page) == (True, True)

    assert client.post(request.get_absolute_url(), {"move": "reopen", "reason": " "}).status_code == 400
    client.post(request.get_absolute_url(), {"move": "confirm"})
    client.post(request.get_absolute_url(), {"move": "rate", "score": "2", "comment": "Lâu quá."})
    request.refresh_from_db()
    assert (request.state, request.rating.score) == ("closed", 2)

    client.post(request.get_absolute_url(), {"move": "reopen", "reason": "Lại kêu."})
    request.refresh_from_db()
    assert (request.state, request.reason) == ("accepted", "Lại kêu.")


def test_after_the_window_nothing_is_opened_again(building, resident, now):
    request = finished(accepted(a_request(building, by=resident)))
    actions.confirm(request, by=resident, at=AT + 2 * HOUR)
    now.move_to(AT + 15 * DAY)
    client = as_user(resident)
    assert "mở lại" not in body(client.get(request.get_absolute_url()))

    answer = client.post(request.get_absolute_url(), {"move": "reopen", "reason": "Lại kêu."}, follow=True)
    assert "Đã quá thời gian mở lại" in body(answer)


def test_a_comment_goes_with_its_pictures(building, resident):
    request, client, token = a_request(building, by=resident), as_user(resident), str(uuid.uuid4())
    said = {"move": "comment", "token": token, "text": "Vẫn kêu như trong ảnh.", "send": "send"}
    assert client.post(request.get_absolute_url(), said | {"text": " "}).status_code == 400
    client.post(request.get_absolute_url(), said | {"photos": as_upload(picture(5))})

    comment = request.comments.get()
    assert (comment.text, comment.photos.count()) == ("Vẫn kêu như trong ảnh.", 1)


def test_own_requests_come_first_open_ones_on_top_and_neighbours_below(building, resident):
    closed = actions.confirm(finished(accepted(a_request(building, by=resident))), by=resident, at=AT + HOUR)
    mine, theirs = a_request(building, by=resident, at=AT - DAY), a_request(building)
    hidden = a_request(building, private=True)
    page = body(as_user(resident).get(reverse("requests:mine")))

    order = [page.index(each.code) for each in (mine, closed, theirs)]
    assert order == sorted(order)
    assert hidden.code not in page


def test_the_list_asks_the_database_as_often_for_thirty_as_for_one(building, resident, django_assert_max_num_queries):
    client = as_user(resident)
    for number in range(30):
        by = resident if number % 2 else neighbour_in(building)
        made = a_request(building, by=by, at=timezone.now() - 2 * number * HOUR)
        if number % 3:
            actions.support(made, by=neighbour_in(building), at=timezone.now())
    client.get(reverse("requests:mine"))
    with django_assert_max_num_queries(16):
        assert client.get(reverse("requests:mine")).status_code == 200


def test_a_request_with_thirty_comments_and_pictures_asks_as_often_as_one(
    building, resident, django_assert_num_queries, django_assert_max_num_queries
):
    request, client = a_request(building, by=resident), as_user(resident)

    def say() -> None:
        token = uuid.uuid4()
        photos.add(token, picture(RequestPhoto.objects.count(), size=(120, 120)), by=resident, at=AT)
        actions.comment(request, by=resident, at=AT, text="Vẫn kêu.", token=token)

    say()
    client.get(request.get_absolute_url())
    with django_assert_max_num_queries(40) as one:
        client.get(request.get_absolute_url())
    for _time in range(29):
        say()
    with django_assert_num_queries(len(one)):
        client.get(request.get_absolute_url())


@pytest.mark.bucket
def test_the_signed_apology_is_its_readers_alone(building, resident):
    late = a_request(building, by=resident)
    case = lateness.new_case(late, at=AT)
    actions.support(late, by=(neighbour := neighbour_in(building)), at=AT)
    page = late.get_absolute_url()
    letter = reverse("requests:letter", args=[late.pk, case.pk])
    case.letter.save("thu.pdf", ContentFile(b"%PDF-1.7"))
    assert letter not in body(as_user(resident).get(page))  # not signed yet
    assert as_user(resident).get(letter).status_code == 404

    case.signed_at, case.apology = AT, "Chúng tôi đã quên."
    case.save(update_fields=["signed_at", "apology"])

    assert letter in body(as_user(resident).get(page))
    answer = as_user(resident).get(letter)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "application/pdf", b"%PDF-1.7")
    assert letter not in body(as_user(neighbour).get(page))
    strangers = (neighbour, neighbour_in(BuildingFactory(slug="bang-lang")), worker(late))
    assert [as_user(person).get(letter).status_code for person in strangers] == [404, 404, 404]


def test_a_building_without_people_on_the_portal_says_to_call():
    building = BuildingFactory()
    resident = neighbour_in(building)
    answer = as_user(resident).post(form_of(building), report(lift_of(building)))

    assert (answer.status_code, "Hãy gọi điện thoại" in body(answer)) == (409, True)
