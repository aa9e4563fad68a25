"""A contractor's link: one request's work and nothing else; it expires, is revoked, and only its digest is kept."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from buildings.requests import actions, contractors, photos
from buildings.requests.models import BuildingRequest, ContractorLink, RequestComment, RequestPhoto
from portal.core.models import Notification
from tests.factories.requests import a_request, accepted, finished, neighbour_in, picture

from .conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LEAK = "Nước nhỏ giọt từ trần phòng tắm"


@pytest.fixture
def asked(building):
    reporter = neighbour_in(building, full_name="Hoàng Yến Nhi", phone="+84912345678")
    flat = reporter.residencies.get().apartment
    return accepted(a_request(building, by=reporter, apartment=flat, category="leak", what=LEAK))


@pytest.fixture
def secret(asked, manager):
    return contractors.send_link(asked, by=manager, at=NOW, name="Cơ điện Sông Hồng", days=7)[1]


def address(secret: str) -> str:
    return reverse("building_desk:contractor", args=[secret])


def send(secret: str, **said):
    data = {"finished": "1", "text": "Đã thay gioăng.", "token": uuid.uuid4(), "pictures": [picture(5)], **said}
    return Client().post(address(secret), data)


def test_it_opens_without_an_account_and_shows_the_work(secret, asked):
    page = Client().get(address(secret))

    assert page.status_code == 200
    assert LEAK in page.content.decode()
    assert asked.apartment.number in page.content.decode()
    assert page["Cache-Control"].split(",")[0] == "max-age=0"


def test_the_address_goes_to_no_other_site_and_the_form_can_be_sent(secret):
    """Under "no-referrer" browsers post with `Origin: null`, which is refused as forged: the form would never work."""
    page = Client().get(address(secret))

    assert page["Referrer-Policy"] == "same-origin"


def test_a_link_is_not_sent_from_without_end(secret, monkeypatch):
    monkeypatch.setattr("buildings.desk.views.contractor.SENDINGS", "2/h/key")

    answers = [send(secret, finished="0", token=uuid.uuid4()).status_code for _each in range(3)]

    assert answers == [302, 302, 429]


def test_who_lives_there_is_not_shown(secret, asked, manager):
    actions.note(asked, by=manager, at=NOW, text="Chủ nhà khó tính")
    actions.comment(asked, by=asked.reporter, at=NOW, text="Gọi 0912345678")
    page = Client().get(address(secret)).content.decode()

    for private in ("Hoàng Yến Nhi", "912345678", "912 345 678", "khó tính"):
        assert private not in page


def test_a_picture_of_the_conversation_stays_with_the_two_who_talk(secret, asked):
    """What the resident shows the managers is not the contractor's, what the contractor shows them not the resident's."""
    token = uuid.uuid4()
    photos.add(token, picture(3), by=asked.reporter, at=NOW)
    actions.comment(asked, by=asked.reporter, at=NOW, text="Chỉ cho ban quản lý", token=token)
    shown = asked.photos.get()
    send(secret, finished="0")
    sent = asked.photos.exclude(pk=shown.pk).get()
    reporter = Client()
    reporter.force_login(asked.reporter)

    assert Client().get(reverse("building_desk:contractor_photo", args=[secret, shown.pk])).status_code == 404
    assert reporter.get(reverse("requests:photo", args=[sent.pk])).status_code == 404
    assert reporter.get(reverse("requests:photo", args=[shown.pk])).status_code == 200


def test_only_the_digest_is_kept(secret):
    link = ContractorLink.objects.get()

    assert link.digest == contractors.digest_of(secret)
    assert secret not in {str(value) for value in ContractorLink.objects.values_list().get()}


def test_the_manager_is_shown_the_address_once(desk, asked):
    desk.move(asked, "nha-thau", name="Cơ điện Sông Hồng", days=7)

    first, second = desk.get("request", asked.pk), desk.get("request", asked.pk)
    link = first.context["new_link"]
    assert Client().get(link.partition("//")[2].partition("/")[2].join(["/", ""])).status_code == 200
    assert (second.context["new_link"], BuildingRequest.objects.get().contractor.name) == ("", "Cơ điện Sông Hồng")


def test_done_is_said_with_pictures_and_the_manager_finishes(secret, asked, manager, desk):
    assert send(secret).status_code == 302

    assert ContractorLink.objects.get().finished_at == NOW
    assert list(asked.photos.values_list("kind", flat=True)) == [RequestPhoto.Kind.DONE]
    assert Notification.objects.filter(recipient=manager, kind="requests.contractor").count() == 1
    assert BuildingRequest.objects.get().state == "accepted"  # the manager looks first
    desk.move(asked, "xong", note="Nhà thầu đã thay gioăng.", token=uuid.uuid4())
    assert BuildingRequest.objects.get().state == "done"


def test_done_without_a_picture_is_not_taken(secret):
    assert "không bắt buộc" not in Client().get(address(secret)).content.decode()
    answer = send(secret, pictures=[])

    assert (answer.status_code, RequestComment.objects.count()) == (200, 0)


def test_a_question_is_read_by_the_managers_alone(secret, asked):
    send(secret, finished="0", text="Cần chìa khóa phòng kỹ thuật", pictures=[])

    said = RequestComment.objects.get()
    assert (said.internal, said.contractor.name, said.author) == (True, "Cơ điện Sông Hồng", None)


def test_pressed_twice_is_said_once(secret):
    token = uuid.uuid4()
    for _time in range(2):
        send(secret, token=token)

    assert (RequestComment.objects.count(), RequestPhoto.objects.count()) == (1, 1)


def test_what_is_no_picture_is_refused_in_words(secret):
    from django.core.files.base import ContentFile  # noqa: PLC0415

    answer = send(secret, pictures=[ContentFile(b"MZ\x90", name="anh.jpg")])

    assert (answer.status_code, RequestComment.objects.count()) == (200, 0)


def over(secret) -> list[int]:
    before = RequestComment.objects.count()
    statuses = [Client().get(address(secret)).status_code, send(secret).status_code]
    assert RequestComment.objects.count() == before
    return statuses


def test_it_expires(secret, clock):
    clock.move_to(NOW + timedelta(days=7))

    assert over(secret) == [410, 410]


def test_it_is_revoked(secret, asked, desk):
    desk.client.post(desk.url("revoke", asked.pk))

    assert over(secret) == [410, 410]


def test_a_new_link_ends_the_old_one(secret, asked, manager):
    contractors.send_link(asked, by=manager, at=NOW, name="Thang máy Hà Nội", days=3)

    assert over(secret) == [410, 410]


def test_it_ends_with_the_work(secret, asked):
    finished(asked)

    assert over(secret) == [410, 410]


def test_no_link_lives_longer_than_a_fortnight(asked, manager):
    with pytest.raises(ValueError, match="14 days"):
        contractors.send_link(asked, by=manager, at=NOW, name="a", days=15)


def test_a_wrong_secret_is_nothing_and_is_counted(secret):
    client = Client()
    statuses = [client.get(address("khong-phai")).status_code for _try in range(31)]

    assert statuses == [404] * 30 + [429]


def test_no_picture_of_another_request_and_none_of_the_conversation(secret, asked, building, manager):
    other = finished(accepted(a_request(building)))
    theirs = other.photos.get()
    own = finished(asked).photos.get()  # the manager's own proof

    for photo in (theirs, own):
        answer = Client().get(reverse("building_desk:contractor_photo", args=[secret, photo.pk]))
        assert answer.status_code in (404, 410)


def test_the_link_opens_nothing_else(secret, asked, desk):
    client = Client()
    client.get(address(secret))

    for name, args in (("request", [asked.pk]), ("move", [asked.pk, "xong"]), ("work", [])):
        assert client.get(desk.url(name, *args)).status_code == 302  # to sign in
    assert client.get(asked.get_absolute_url()).status_code in (302, 404)
