"""Reporting in a minute, and following: what residents see and press, with and without script."""

import io
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from time_machine import travel

from buildings.models import Contact, Residency
from buildings.requests import actions, lateness, photos
from buildings.requests.models import BuildingRequest, RequestPhoto, RequestRating
from buildings.roles import Position
from tests.factories.buildings import BuildingFactory, manager_of
from tests.factories.people import UserFactory
from tests.factories.requests import (
    AT,
    a_request,
    accepted,
    finished,
    lift_of,
    neighbour_in,
    picture,
    staffed_building,
    worker,
)

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def now():
    with travel(AT, tick=False) as now:
        yield now


@pytest.fixture
def building():
    found = staffed_building()
    Contact.objects.create(building=found, kind=Contact.Kind.TECHNICAL, name="Trực kỹ thuật", phone="+842438751201")
    return found


@pytest.fixture
def resident(building):
    return neighbour_in(building, full_name="Đào Minh Châu")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form_of(building, token=None, **query) -> str:
    address = reverse("requests:new", args=[building.ward.slug, building.slug])
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in {**query, 'phieu': token or uuid.uuid4()}.items())}"


def report(place, **more) -> dict:
    return {
        "token": str(uuid.uuid4()),
        "spot": f"place-{place.code}",
        "category": "lift",
        "what": "Thang rung mạnh ở tầng 5.",
        "urgency": "normal",
        "send": "send",
        **more,
    }


def as_upload(content: ContentFile, name: str = "anh.jpg", mime: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.read(), mime)


def body(response) -> str:
    return response.content.decode()


# --- The report --------------------------------------------------------------------------------------------


def test_a_posters_code_chooses_place_and_kind_and_the_report_takes_one_page(building, resident):
    lift, client = lift_of(building), signed_in(resident)
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
    client = signed_in(resident)
    page = client.get(f"/en{form_of(building)}").content.decode()

    assert ("Thang máy" in page, "Lift" in page) == (False, True)
    assert "do not force the doors" in page


def test_the_same_form_sent_three_times_is_one_request_and_its_address_leads_there(building, resident):
    client, lift, token = signed_in(resident), lift_of(building), uuid.uuid4()
    for _time in range(3):
        answer = client.post(form_of(building, token), report(lift, token=str(token), send="anyway"))

    request = BuildingRequest.objects.get()
    assert answer.url == client.get(form_of(building, token)).url == request.get_absolute_url()


def test_a_token_somebody_else_used_is_no_way_to_their_request(building, resident):
    theirs = a_request(building)
    answer = signed_in(resident).get(form_of(building, theirs.token))

    assert answer.status_code == 200


def test_who_scans_a_poster_without_living_there_is_told_whom_to_call(building):
    address = form_of(building, noi=lift_of(building).code)
    visitor, stranger = Client().get(address), signed_in(UserFactory()).get(address)

    for page in (visitor, stranger):
        assert page.status_code == 200
        assert 'href="tel:+842438751201"' in body(page)
        assert "<form class=" not in body(page)
    assert "Đăng nhập để báo" in body(visitor)
    assert "chưa có căn hộ được xác nhận" in body(stranger)


def test_a_stranger_posts_nothing(building):
    signed_in(UserFactory()).post(form_of(building), report(lift_of(building)))
    Client().post(form_of(building), report(lift_of(building)))

    assert BuildingRequest.objects.count() == 0


def test_neighbours_reports_of_the_same_place_are_shown_before_sending(building, resident):
    lift, client = lift_of(building), signed_in(resident)
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

    assert signed_in(resident).post(form_of(building), report(lift)).status_code == 302


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
    answer = signed_in(resident).post(form_of(building), said)

    assert (answer.status_code, BuildingRequest.objects.count()) == (400, 0)
    assert words in body(answer)
    assert said["where"] in body(answer)


def test_html_in_a_report_stays_text(building, resident):
    client = signed_in(resident)
    said = report(lift_of(building), what="<script>alert(1)</script><b>đậm</b>")
    page = client.post(form_of(building), said, follow=True)

    assert "<script>alert(1)" not in body(page)
    assert "&lt;b&gt;đậm" in body(page)


def test_a_day_has_a_limit_and_says_so(building, resident):
    for _time in range(10):
        a_request(building, by=resident)
    answer = signed_in(resident).post(form_of(building), report(lift_of(building, "Thang máy số 3")))

    assert (answer.status_code, "Trong 24 giờ qua" in body(answer)) == (429, True)


# --- Photos ------------------------------------------------------------------------------------------------


def test_without_script_photos_are_kept_while_the_report_is_still_being_written(building, resident):
    client, token, lift = signed_in(resident), uuid.uuid4(), lift_of(building)
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
    client, token = signed_in(resident), str(uuid.uuid4())
    answers = [
        client.post(reverse("requests:add_photo"), {"token": token, "photo": as_upload(picture(number))}).json()
        for number in (1, 2, 2)
    ]

    assert (len({answer["id"] for answer in answers}), RequestPhoto.objects.count()) == (2, 2)
    assert client.get(answers[0]["thumbnail_url"])["Content-Type"] == "image/jpeg"
    client.post(reverse("requests:add_photo"), {"token": token, "remove": answers[0]["id"]})
    assert RequestPhoto.objects.count() == 1


def test_twenty_photos_are_the_most(building, resident):
    client, token = signed_in(resident), uuid.uuid4()
    small = [picture(number, size=(120, 120 + number)) for number in range(21)]
    answers = [
        client.post(reverse("requests:add_photo"), {"token": str(token), "photo": as_upload(each)}).status_code
        for each in small
    ]

    assert answers == [200] * 20 + [400]


@pytest.mark.bucket
def test_twenty_photos_at_once_go_with_the_form(building, resident):
    twenty = [as_upload(picture(number, size=(120, 120 + number))) for number in range(20)]
    signed_in(resident).post(form_of(building), report(lift_of(building), photos=twenty))

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
    client = signed_in(resident)
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

    signed_in(resident).post(form_of(building), report(lift_of(building), photos=[upload]))

    with RequestPhoto.objects.get().file.open() as kept:
        assert b"HoangYen" not in kept.read()


@pytest.mark.bucket
def test_photos_of_a_report_never_sent_are_forgotten_after_a_day(building, resident):
    photo = photos.add(uuid.uuid4(), picture(), by=resident, at=AT)
    assert photos.forget(at=AT + DAY - HOUR) == 0
    assert photos.forget(at=AT + DAY + HOUR) == 1
    assert not photo.file.storage.exists(photo.file.name)


# --- Who sees ----------------------------------------------------------------------------------------------


@pytest.fixture
def people(building, resident):
    """Everybody an address of a request may be asked by."""
    gone = neighbour_in(building)
    Residency.objects.filter(user=gone).update(state="ended", ended_at=AT)
    elsewhere = staffed_building(slug="bang-lang", name="Bằng Lăng")
    return {
        "reporter": resident,
        "neighbour": neighbour_in(building),
        "gone": gone,
        "next door": neighbour_in(elsewhere),
        "manager": manager_of(building),
        "manager next door": manager_of(elsewhere),
        "nobody": None,
    }


def answers(people, address) -> dict[str, int]:
    clients = {name: signed_in(person) if person else Client() for name, person in people.items()}
    return {name: client.get(address).status_code for name, client in clients.items()}


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
    own = body(signed_in(resident).get(request.get_absolute_url()))
    neighbours = body(signed_in(people["neighbour"]).get(request.get_absolute_url()))

    assert "Chiều tôi ở nhà một mình." in own
    assert "Nhà này hay kêu." not in own + neighbours
    assert ("Đào Minh Châu" in neighbours, "Chiều tôi ở nhà" in neighbours) == (False, False)


def test_a_neighbour_who_joined_still_sees_it_after_moving_out(building, people):
    request, neighbour = a_request(building), people["neighbour"]
    actions.support(request, by=neighbour, at=AT)
    Residency.objects.filter(user=neighbour).update(state="ended", ended_at=AT)

    assert signed_in(neighbour).get(request.get_absolute_url()).status_code == SEEN


@pytest.mark.parametrize("move", ["confirm", "reopen", "withdraw", "rate", "comment"])
def test_what_is_the_reporters_to_do_a_neighbour_cannot(building, people, move):
    request = finished(accepted(a_request(building)))
    said = {"move": move, "reason": "Chưa ổn.", "text": "Tôi nói.", "score": "5", "send": "send"}
    signed_in(people["neighbour"]).post(request.get_absolute_url(), said)

    request.refresh_from_db()
    assert (request.state, request.comments.count(), RequestRating.objects.count()) == ("done", 0, 0)


def test_a_move_of_the_managers_is_no_button_of_a_residents_page(building, resident):
    request = a_request(building, by=resident)

    for move in ("accept", "finish", "release", "note", "", "x"):
        assert signed_in(resident).post(request.get_absolute_url(), {"move": move}).status_code == 404


# --- Following ---------------------------------------------------------------------------------------------


def test_the_page_says_who_answers_by_when_and_what_happened(building, resident):
    request = a_request(building, by=resident)
    head = manager_of(building, Position.BUILDING_HEAD)
    actions.assign(request, by=head, at=AT, answerable=head, executor=worker(request))
    actions.plan(request, by=head, at=AT + HOUR, planned_for=AT + DAY)
    page = body(signed_in(resident).get(request.get_absolute_url()))

    for words in (str(head), str(worker(request)), request.promise, "Hẹn làm lúc 09:00 24/11/2026.", "Đã giao việc"):
        assert words in page


def test_done_is_confirmed_rated_or_opened_again(building, resident, now):
    request = finished(accepted(a_request(building, by=resident)))
    client = signed_in(resident)
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
    client = signed_in(resident)
    assert "mở lại" not in body(client.get(request.get_absolute_url()))

    answer = client.post(request.get_absolute_url(), {"move": "reopen", "reason": "Lại kêu."}, follow=True)
    assert "Đã quá thời gian mở lại" in body(answer)


def test_a_comment_goes_with_its_pictures(building, resident):
    request, client, token = a_request(building, by=resident), signed_in(resident), str(uuid.uuid4())
    said = {"move": "comment", "token": token, "text": "Vẫn kêu như trong ảnh.", "send": "send"}
    assert client.post(request.get_absolute_url(), said | {"text": " "}).status_code == 400
    client.post(request.get_absolute_url(), said | {"photos": as_upload(picture(5))})

    comment = request.comments.get()
    assert (comment.text, comment.photos.count()) == ("Vẫn kêu như trong ảnh.", 1)


def test_own_requests_come_first_open_ones_on_top_and_neighbours_below(building, resident):
    closed = actions.confirm(finished(accepted(a_request(building, by=resident))), by=resident, at=AT + HOUR)
    mine, theirs = a_request(building, by=resident, at=AT - DAY), a_request(building)
    hidden = a_request(building, private=True)
    page = body(signed_in(resident).get(reverse("requests:mine")))

    order = [page.index(each.code) for each in (mine, closed, theirs)]
    assert order == sorted(order)
    assert hidden.code not in page


def test_the_list_asks_the_database_as_often_for_thirty_as_for_one(building, resident, django_assert_max_num_queries):
    client = signed_in(resident)
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
    request, client = a_request(building, by=resident), signed_in(resident)

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
    assert letter not in body(signed_in(resident).get(page))  # not signed yet
    assert signed_in(resident).get(letter).status_code == 404

    case.signed_at, case.apology = AT, "Chúng tôi đã quên."
    case.save(update_fields=["signed_at", "apology"])

    assert letter in body(signed_in(resident).get(page))
    answer = signed_in(resident).get(letter)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "application/pdf", b"%PDF-1.7")
    assert letter not in body(signed_in(neighbour).get(page))
    strangers = (neighbour, neighbour_in(BuildingFactory(slug="bang-lang")), worker(late))
    assert [signed_in(person).get(letter).status_code for person in strangers] == [404, 404, 404]


def test_a_building_without_people_on_the_portal_says_to_call():
    building = BuildingFactory()
    resident = neighbour_in(building)
    answer = signed_in(resident).post(form_of(building), report(lift_of(building)))

    assert (answer.status_code, "Hãy gọi điện thoại" in body(answer)) == (409, True)


# --- More than one sending may hold, without script --------------------------------------------------------


def heavy(name: str) -> SimpleUploadedFile:
    """A picture of its own, 120 kB heavy."""
    content = picture(sum(map(ord, name))).read()
    return SimpleUploadedFile(name, content + b"\0" * (120_000 - len(content)), "image/jpeg")


def test_what_is_too_much_for_one_sending_is_named_and_nothing_typed_is_lost(building, resident, settings):
    settings.MAX_FILES_BYTES = 250_000
    client, lift, token = signed_in(resident), lift_of(building), uuid.uuid4()
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
    page = body(signed_in(resident).get(form_of(building)))

    assert "Mỗi ảnh nhỏ hơn 15 MB, mỗi lần gửi không quá 60 MB." in page


def test_what_is_too_much_for_anybody_is_refused_unread_with_what_to_do(building, resident, settings):
    settings.MAX_REQUEST_BYTES, settings.MAX_REQUEST_BYTES_SIGNED_IN = 100_000, 200_000
    address, said = form_of(building), report(lift_of(building))
    visitor = Client().post(address, {**said, "photos": [heavy("a.jpg")]})
    page = signed_in(resident).post(address, {**said, "photos": [heavy("a.jpg"), heavy("b.jpg")]})

    assert [visitor.status_code, page.status_code] == [413, 413]
    assert "Bấm nút quay lại của trình duyệt" in body(page)
    assert not RequestPhoto.objects.exists()
