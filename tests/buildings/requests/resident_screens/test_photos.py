"""Photos of a report: kept while it is written, looked into, forgotten."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from buildings.requests import photos
from buildings.requests.models import BuildingRequest, RequestPhoto
from tests.clients import as_user
from tests.factories.requests import (
    AT,
    lift_of,
    picture,
)

from .conftest import DAY, HOUR, as_upload, body, form_of, report

pytestmark = pytest.mark.django_db


def test_without_script_photos_are_kept_while_the_report_is_still_being_written(building, resident):
    client, token, lift = as_user(resident), uuid.uuid4(), lift_of(building)
    said = report(lift, token=str(token))
    del said["send"]
    kept = client.post(
        form_of(building, token),
        {**said, "add": "photos", "photos": [as_upload(picture(1)), as_upload(picture(2))]},
    )
    assert body(kept).count("photos__photo") == 2
    assert "Thang rung mạnh" in body(kept)

    first = RequestPhoto.objects.earliest("added_at", "pk")
    client.post(form_of(building, token), {**said, "remove": str(first.pk)})
    client.post(form_of(building, token), {**said, "send": "send", "camera": as_upload(picture(3))})

    assert BuildingRequest.objects.get().photos.count() == 2
    assert RequestPhoto.objects.filter(request=None).count() == 0


def test_with_script_each_photo_arrives_by_itself_and_the_same_one_twice_is_one(building, resident):
    client, token = as_user(resident), str(uuid.uuid4())
    answers = [
        client.post(reverse("requests:add_photo"), {"token": token, "photo": as_upload(picture(number))}).json()
        for number in (1, 2, 2)
    ]

    assert (len({answer["id"] for answer in answers}), RequestPhoto.objects.count()) == (2, 2)
    assert client.get(answers[0]["thumbnail_url"])["Content-Type"] == "image/jpeg"
    client.post(reverse("requests:add_photo"), {"token": token, "remove": answers[0]["id"]})
    assert RequestPhoto.objects.count() == 1


def test_twenty_photos_are_the_most(building, resident):
    client, token = as_user(resident), uuid.uuid4()
    small = [picture(number, size=(120, 120 + number)) for number in range(21)]
    answers = [
        client.post(reverse("requests:add_photo"), {"token": str(token), "photo": as_upload(each)}).status_code
        for each in small
    ]

    assert answers == [200] * 20 + [400]


@pytest.mark.bucket
def test_twenty_photos_at_once_go_with_the_form(building, resident):
    twenty = [as_upload(picture(number, size=(120, 120 + number))) for number in range(20)]
    as_user(resident).post(form_of(building), report(lift_of(building), photos=twenty))

    assert BuildingRequest.objects.get().photos.count() == 20


def bomb() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    return SimpleUploadedFile("bom.png", out.getvalue(), "image/png")


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: SimpleUploadedFile("anh.jpg", b"MZ not a picture", "image/jpeg"), "không phải ảnh"),
        (lambda: SimpleUploadedFile("anh.jpg", b"   ", "image/jpeg"), "rỗng"),
        (lambda: SimpleUploadedFile("anh.jpg", b"\xff\xd8\xff" + b"0" * 16_000_000, "image/jpeg"), "lớn hơn 15 MB"),
        (bomb, "kích thước quá lớn"),
    ],
)
def test_what_is_no_photo_is_refused_in_words_and_the_report_is_kept(building, resident, upload, words):
    client = as_user(resident)
    alone = client.post(reverse("requests:add_photo"), {"token": str(uuid.uuid4()), "photo": upload()})
    assert (alone.status_code, words in alone.json()["error"]) == (400, True)

    answer = client.post(form_of(building), report(lift_of(building), photos=[upload()]))
    assert (answer.status_code, words in body(answer), "Thang rung mạnh" in body(answer)) == (400, True, True)


def test_where_a_photo_was_taken_is_not_kept(building, resident):
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "HoangYen"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (300, 300)).save(out, "JPEG", exif=exif)
    upload = SimpleUploadedFile("anh.jpg", out.getvalue(), "image/jpeg")
    assert b"HoangYen" in out.getvalue()

    as_user(resident).post(form_of(building), report(lift_of(building), photos=[upload]))

    with RequestPhoto.objects.get().file.open() as kept:
        assert b"HoangYen" not in kept.read()


@pytest.mark.bucket
def test_photos_of_a_report_never_sent_are_forgotten_after_a_day(building, resident):
    photo = photos.add(uuid.uuid4(), picture(), by=resident, at=AT)
    assert photos.forget(at=AT + DAY - HOUR) == 0
    assert photos.forget(at=AT + DAY + HOUR) == 1
    assert not photo.file.storage.exists(photo.file.name)
