"""The report: one page, one request of many presses, nothing typed is lost."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from buildings.requests.models import BuildingRequest, RequestPhoto
from tests.clients import as_user
from tests.factories.people import UserFactory
from tests.factories.requests import (
    a_request,
    lift_of,
    picture,
)

from .conftest import body, form_of, report

pytestmark = pytest.mark.django_db


def test_a_posters_code_chooses_place_and_kind_and_the_report_takes_one_page(building, resident):
    lift, client = lift_of(building), as_user(resident)
    first = client.get(reverse("requests:new", args=[building.ward.slug, building.slug]), {"noi": lift.code})
    page = client.get(first.url)
    assert f'value="place-{lift.code}" selected' in body(page)
    assert re.search(r'value="lift"[^>]*checked', body(page))

    sent = client.post(first.url, report(lift), follow=True)

    request = BuildingRequest.objects.get()
    assert (request.place, request.reporter, request.private) == (lift, resident, False)
    assert request.promise in body(sent)
    assert str(request.answerable) in body(sent)


def test_in_english_the_kinds_and_the_advice_are_english(building, resident):
    client = as_user(resident)
    page = client.get(f"/en{form_of(building)}").content.decode()

    assert ("Thang máy" in page, "Lift" in page) == (False, True)
    assert "do not force the doors" in page


def test_the_same_form_sent_three_times_is_one_request_and_its_address_leads_there(building, resident):
    client, lift, token = as_user(resident), lift_of(building), uuid.uuid4()
    for _time in range(3):
        answer = client.post(form_of(building, token), report(lift, token=str(token), send="anyway"))

    request = BuildingRequest.objects.get()
    assert answer.url == client.get(form_of(building, token)).url == request.get_absolute_url()


def test_a_token_somebody_else_used_is_no_way_to_their_request(building, resident):
    theirs = a_request(building)
    answer = as_user(resident).get(form_of(building, theirs.token))

    assert answer.status_code == 200


def test_who_scans_a_poster_without_living_there_is_told_whom_to_call(building):
    address = form_of(building, noi=lift_of(building).code)
    visitor, stranger = Client().get(address), as_user(UserFactory()).get(address)

    for page in (visitor, stranger):
        assert page.status_code == 200
        assert 'href="tel:+842438751201"' in body(page)
        assert "<form class=" not in body(page)
    assert "Đăng nhập để báo" in body(visitor)
    assert "chưa có căn hộ được xác nhận" in body(stranger)


def test_a_stranger_posts_nothing(building):
    as_user(UserFactory()).post(form_of(building), report(lift_of(building)))
    Client().post(form_of(building), report(lift_of(building)))

    assert BuildingRequest.objects.count() == 0


def test_neighbours_reports_of_the_same_place_are_shown_before_sending(building, resident):
    lift, client = lift_of(building), as_user(resident)
    same = a_request(building, place=lift)
    assert "Hàng xóm đã báo rồi?" in body(client.get(form_of(building, noi=lift.code)))

    asked = client.post(form_of(building), report(lift))
    assert (BuildingRequest.objects.count(), "vẫn gửi" in body(asked)) == (1, True)
    assert "Thang rung mạnh ở tầng 5." in body(asked)  # what was typed is still there

    client.post(same.get_absolute_url(), {"move": "support"})
    assert same.supports.get().user == resident
    client.post(form_of(building), report(lift, send="anyway"))
    assert BuildingRequest.objects.count() == 2


def test_a_private_report_of_a_neighbour_is_never_shown_as_alike(building, resident):
    lift = lift_of(building)
    a_request(building, place=lift, private=True)

    assert as_user(resident).post(form_of(building), report(lift)).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"what": " "}, "Viết vài chữ về việc đang xảy ra."),
        ({"category": ""}, "Chọn nhóm việc."),
        ({"category": "khong-co"}, "khong-co"),
        ({"spot": "place-zzz"}, "place-zzz"),
        ({"spot": "other", "where": ""}, "Viết chỗ cụ thể."),
        ({"urgency": "xyz"}, "xyz"),
        ({"what": "a" * 2001}, "2000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(building, resident, wrong, words):
    said = report(lift_of(building), **{"where": "cạnh phòng rác", **wrong})
    answer = as_user(resident).post(form_of(building), said)

    assert (answer.status_code, BuildingRequest.objects.count()) == (400, 0)
    assert words in body(answer)
    assert said["where"] in body(answer)


def test_html_in_a_report_stays_text(building, resident):
    client = as_user(resident)
    said = report(lift_of(building), what="<script>alert(1)</script><b>đậm</b>")
    page = client.post(form_of(building), said, follow=True)

    assert "<script>alert(1)" not in body(page)
    assert "&lt;b&gt;đậm" in body(page)


def test_a_day_has_a_limit_and_says_so(building, resident):
    for _time in range(10):
        a_request(building, by=resident)
    answer = as_user(resident).post(form_of(building), report(lift_of(building, "Thang máy số 3")))

    assert (answer.status_code, "Trong 24 giờ qua" in body(answer)) == (429, True)


def heavy(name: str) -> SimpleUploadedFile:
    """A picture of its own, 120 kB heavy."""
    content = picture(sum(map(ord, name))).read()
    return SimpleUploadedFile(name, content + b"\0" * (120_000 - len(content)), "image/jpeg")


def test_what_is_too_much_for_one_sending_is_named_and_nothing_typed_is_lost(building, resident, settings):
    settings.MAX_FILES_BYTES = 250_000
    client, lift, token = as_user(resident), lift_of(building), uuid.uuid4()
    three = [heavy(f"anh-{number}.jpg") for number in range(3)]
    page = client.post(form_of(building, token), {**report(lift, token=str(token)), "photos": three})

    assert not BuildingRequest.objects.exists()
    kept = RequestPhoto.objects.of_form(token, resident)
    assert sorted(photo.name for photo in kept) == ["anh-0.jpg", "anh-1.jpg"]
    assert "Thang rung mạnh ở tầng 5." in body(page)
    assert "1 tệp sau chưa được nhận: “anh-2.jpg”" in body(page)

    client.post(form_of(building, token), {**report(lift, token=str(token)), "photos": [heavy("anh-2.jpg")]})
    assert BuildingRequest.objects.get().photos.count() == 3


def test_the_hint_beside_the_pictures_says_how_much_before_it_is_too_much(building, resident):
    page = body(as_user(resident).get(form_of(building)))

    assert "Mỗi ảnh nhỏ hơn 15 MB, mỗi lần gửi không quá 60 MB." in page


def test_what_is_too_much_for_anybody_is_refused_unread_with_what_to_do(building, resident, settings):
    settings.MAX_REQUEST_BYTES, settings.MAX_REQUEST_BYTES_SIGNED_IN = 100_000, 200_000
    address, said = form_of(building), report(lift_of(building))
    visitor = Client().post(address, {**said, "photos": [heavy("a.jpg")]})
    page = as_user(resident).post(address, {**said, "photos": [heavy("a.jpg"), heavy("b.jpg")]})

    assert [visitor.status_code, page.status_code] == [413, 413]
    assert "Bấm nút quay lại của trình duyệt" in body(page)
    assert not RequestPhoto.objects.exists()
