"""The pages of a conversation: the resident's, the desk's, the leader's list, the glance on the dossier's page."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buildings.roles import Position
from services.conversation.models import Message
from services.conversation.page import A_PAGE
from tests.clients import as_user
from tests.factories.buildings import WardFactory, officer
from tests.factories.dossiers import DossierFactory, photo
from tests.factories.people import UserFactory

from .conftest import NOW

pytestmark = pytest.mark.django_db

SECRET = "Nghi trùng hồ sơ năm ngoái"


def theirs(dossier) -> str:
    return reverse("conversation:conversation", args=[dossier.pk])


def ours(dossier) -> str:
    return reverse("desk:conversation", args=[dossier.pk])


def text_of(response) -> str:
    """What a reader sees, without marks and with single spaces."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode())[1]


def queries_of(client, address) -> int:
    """How often the page asks the database, once what is new has been marked as read."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# --- The resident ------------------------------------------------------------------------------------


def test_a_resident_writes_and_finds_their_message_with_line_breaks_and_links(dossier, resident):
    client = as_user(resident)
    text = "Chào phường,\r\nxem https://portal.example/?a=1&b=2 giúp tôi <b>nhé</b>."

    sent = client.post(theirs(dossier), {"kind": "message", "text": text})
    assert sent.url == f"{theirs(dossier)}#moi-nhat"

    html = client.get(theirs(dossier)).content.decode()
    assert "Chào phường,<br>" in html
    assert '<a href="https://portal.example/?a=1&amp;b=2" rel="nofollow">' in html
    assert "&lt;b&gt;nhé&lt;/b&gt;" in html
    assert "\r" not in Message.objects.get().text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x"])
def test_only_addresses_of_the_web_become_links(say, dossier, resident, address):
    say(resident, f"Bấm {address} đi")

    assert "<a" not in as_user(resident).get(theirs(dossier)).content.decode().partition("thread__text")[2][:120]


def test_a_double_click_is_one_message(dossier, resident):
    client = as_user(resident)
    data = {"kind": "message", "text": "Một lần thôi", "token": token_in(client.get(theirs(dossier)))}

    for _click in range(2):
        assert client.post(theirs(dossier), data).status_code == 302

    assert Message.objects.count() == 1


def test_every_page_gives_out_another_token(dossier, resident):
    client = as_user(resident)

    assert token_in(client.get(theirs(dossier))) != token_in(client.get(theirs(dossier)))


def test_four_thousand_characters_are_taken_however_the_browser_ends_its_lines(dossier, resident):
    lines = "\r\n".join(["x" * 39] * 100)  # 3,999 characters, and 99 more if a line break were two

    assert as_user(resident).post(theirs(dossier), {"kind": "message", "text": lines}).status_code == 302


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"kind": "message", "text": " "}, "Viết nội dung cần gửi."),
        ({"kind": "message", "text": "x" * 4001}, "4000"),
        ({"kind": "note", "text": "x"}, "note"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_sent(dossier, resident, data, words):
    answer = as_user(resident).post(theirs(dossier), data)

    assert answer.status_code == 400
    assert words in text_of(answer)
    assert Message.objects.count() == 0


def test_a_file_goes_along_and_is_opened_by_both_sides_alone(dossier, resident, officers):
    client = as_user(resident)
    client.post(theirs(dossier), {"kind": "message", "text": "Ảnh đây", "files": [photo()]})
    address = Message.objects.get().files.get().url

    assert address in client.get(theirs(dossier)).content.decode()
    for person in (resident, officers["registry_clerk"]):
        answer = as_user(person).get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Cache-Control"] == "private, no-store"
    for person in (UserFactory(), officer(Position.CLERK, WardFactory(neighbour=True))):
        assert as_user(person).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_file_that_is_none_is_refused_in_words(dossier, resident):
    wrong = SimpleUploadedFile("virus.jpg", b"MZ not a picture", "image/jpeg")

    answer = as_user(resident).post(theirs(dossier), {"kind": "message", "text": "Ảnh đây", "files": [wrong]})

    assert (answer.status_code, Message.objects.count()) == (400, 0)
    assert "virus.jpg" in text_of(answer)


def test_too_many_messages_in_a_minute_are_held_back_with_the_words_kept(dossier, resident):
    client = as_user(resident)
    for number in range(6):
        client.post(theirs(dossier), {"kind": "message", "text": f"Tin {number}"})

    answer = client.post(theirs(dossier), {"kind": "message", "text": "Tin thứ bảy"})

    assert (answer.status_code, Message.objects.count()) == (429, 6)
    assert "Tin thứ bảy" in answer.content.decode()


def test_opening_the_page_marks_as_read_and_asking_only_for_its_head_does_not(say, dossier, resident, officers):
    say(officers["clerk"], "Mời bạn xem.")
    client = as_user(resident)

    client.head(theirs(dossier))
    assert Message.objects.get().read_at is None
    first, second = text_of(client.get(theirs(dossier))), text_of(client.get(theirs(dossier)))

    assert Message.objects.get().read_at == NOW
    assert " Mới " in first
    assert " Mới " not in second
    assert "Đã đọc lúc" in text_of(as_user(officers["clerk"]).get(ours(dossier)))


def test_a_long_ended_dossier_is_read_but_not_written_to(say, ward, resident, clock):
    dossier = DossierFactory(ward=ward, owner=resident, refused=True)
    say(resident, "Câu hỏi cũ", about=dossier)
    clock.move_to(NOW + timedelta(days=91))
    client = as_user(resident)

    page = client.get(theirs(dossier)).content.decode()
    assert "Câu hỏi cũ" in page
    assert "<textarea" not in page
    assert client.post(theirs(dossier), {"kind": "message", "text": "Còn ai không?"}).status_code == 409


def test_a_draft_has_no_such_page(ward, resident):
    draft = DossierFactory(ward=ward, owner=resident)

    assert as_user(resident).get(theirs(draft)).status_code == 404


# --- Notes stay inside -------------------------------------------------------------------------------


def test_the_resident_meets_a_note_nowhere(say, dossier, resident, officers):
    note = say(officers["specialist"], f"{SECRET}.", kind="note", files=[photo()])
    client = as_user(resident)
    looked_up = client.post(reverse("dossiers:lookup"), {"code": dossier.code, "secret": dossier.secret})

    assert dossier.code in looked_up.content.decode()
    for answer in (
        client.get(theirs(dossier)),
        client.get(dossier.get_absolute_url()),
        client.get(reverse("dossiers:confirmation", args=[dossier.pk])),
        client.get(reverse("core:inbox")),
        client.get(reverse("dossiers:list")),
        looked_up,
    ):
        html = answer.content.decode()
        assert SECRET not in html
        assert str(note.pk) not in html
    assert client.get(note.files.get().url).status_code == 404
    assert SECRET in text_of(as_user(officers["clerk"]).get(ours(dossier)))
    assert "Ghi chú nội bộ" in text_of(as_user(officers["clerk"]).get(ours(dossier)))


def test_an_officer_does_not_read_the_notes_about_their_own_dossier(say, ward, officers):
    own = DossierFactory(ward=ward, owner=officers["clerk"], processing=True)
    say(officers["specialist"], SECRET, about=own, kind="note")
    client = as_user(officers["clerk"])

    assert client.get(ours(own)).status_code == 403
    assert client.post(ours(own), {"kind": "note", "text": "x"}).status_code == 403
    for address in (reverse("desk:dossier", args=[own.pk]), theirs(own), own.get_absolute_url()):
        answer = client.get(address)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()


# --- The desk ----------------------------------------------------------------------------------------


def test_the_desk_answers_notes_and_says_that_no_answer_is_needed(say, dossier, resident, officers):
    say(resident, "Bao giờ xong ạ?")
    client = as_user(officers["clerk"])
    assert "Tin mới nhất không cần trả lời" in text_of(client.get(ours(dossier)))

    client.post(ours(dossier), {"kind": "note", "text": "Hỏi lại chị Ánh."})
    assert Message.objects.waiting().count() == 1
    client.post(reverse("desk:settle", args=[dossier.pk]))
    assert Message.objects.waiting().count() == 0
    client.post(ours(dossier), {"kind": "message", "text": "Thứ Năm ạ."})

    seen = text_of(as_user(resident).get(theirs(dossier)))
    assert "Thứ Năm ạ." in seen
    assert "Trần Thu Hà · Phường Việt Hưng" in seen
    assert "Hỏi lại" not in seen


def test_only_the_leader_is_offered_to_answer_a_complaint(say, dossier, resident, officers):
    complaint = say(resident, "Cán bộ hẹn hai lần không gặp.", kind="complaint")
    answer = {"kind": f"answer:{complaint.pk}", "text": "Xin lỗi bạn."}

    colleague = as_user(officers["specialist"])
    assert "Lãnh đạo phường trả lời." in text_of(colleague.get(ours(dossier)))
    assert colleague.post(ours(dossier), answer).status_code == 400
    leader = as_user(officers["leader"])
    page = leader.get(ours(dossier), {"loai": f"answer:{complaint.pk}"}).content.decode()
    assert re.search(rf'value="answer:{complaint.pk}"[^>]* checked', page)
    assert leader.post(ours(dossier), answer).status_code == 302
    complaint.refresh_from_db()
    assert complaint.answered_at == NOW


def test_the_leaders_list_shows_what_is_due_first_and_what_is_late(say, ward, resident, officers, clock):
    late = DossierFactory(ward=ward, owner=resident, accepted=True)
    fresh = DossierFactory(ward=ward, owner=resident, accepted=True)
    say(resident, "Chờ lâu quá.", about=late, kind="complaint")
    say(resident, "Mới hôm nay.", about=fresh, kind="complaint", at=NOW + timedelta(days=8))
    clock.move_to(NOW + timedelta(days=8, minutes=1))

    shown = text_of(as_user(officers["leader"]).get(reverse("desk:complaints")))

    assert shown.index("Quá hạn") < shown.index(late.code) < shown.index("Còn hạn") < shown.index(fresh.code)


def test_the_desks_navigation_leads_the_leader_to_what_waits_and_nobody_else(say, resident, officers):
    say(resident, kind="complaint"), say(resident, kind="complaint")
    address = reverse("desk:complaints")

    assert re.search(
        rf'href="{address}".*?\(2\)', as_user(officers["leader"]).get(reverse("desk:work")).content.decode()
    )
    assert address not in as_user(officers["clerk"]).get(reverse("desk:work")).content.decode()


def test_answered_complaints_are_a_list_of_their_own(say, dossier, resident, officers):
    complaint = say(resident, "Chờ lâu quá.", kind="complaint")
    say(officers["leader"], "Xin lỗi bạn.", answers=complaint)
    client = as_user(officers["leader"])

    assert dossier.code not in text_of(client.get(reverse("desk:complaints")))
    assert dossier.code in text_of(client.get(reverse("desk:complaints"), {"xem": "da-tra-loi"}))


# --- At a glance -------------------------------------------------------------------------------------


def test_the_dossiers_page_tells_each_side_what_is_new(say, dossier, resident, officers):
    own = as_user(resident)
    assert "Viết cho phường về hồ sơ này" in text_of(own.get(dossier.get_absolute_url()))
    say(resident, "Bao giờ xong ạ?", kind="complaint")
    say(officers["clerk"], "Thứ Năm ạ.")

    mine = text_of(own.get(dossier.get_absolute_url()))
    assert "1 tin chưa đọc" in mine
    assert "Thứ Năm ạ." in mine
    desk = text_of(as_user(officers["leader"]).get(reverse("desk:dossier", args=[dossier.pk])))
    assert "1 tin chưa đọc" in desk
    assert "Phản ánh chờ trả lời" in desk


# --- Not slower with more ----------------------------------------------------------------------------


def test_a_conversation_takes_as_many_queries_with_thirty_messages(say, dossier, resident, officers):
    pages = ((as_user(resident), theirs(dossier)), (as_user(officers["clerk"]), ours(dossier)))
    say(resident, files=[photo()]), say(officers["clerk"])
    few = [queries_of(client, address) for client, address in pages]
    for turn in range(28):
        say((resident, officers["clerk"])[turn % 2], f"Tin {turn}", files=[photo()] if turn % 10 == 0 else ())

    assert [queries_of(client, address) for client, address in pages] == few
    assert max(few) <= 14


def test_the_leaders_list_takes_as_many_queries_with_thirty_complaints(say, resident, officers):
    client, address = as_user(officers["leader"]), reverse("desk:complaints")
    say(resident, kind="complaint")
    few = queries_of(client, address)
    for _complaint in range(29):
        say(resident, kind="complaint")

    assert queries_of(client, address) == few <= 12


def test_a_long_conversation_opens_at_its_end_and_goes_back_by_pages(say, dossier, resident):
    for number in range(A_PAGE + 2):
        say(resident, f"Tin thứ {number}.")
    client = as_user(resident)

    newest = re.findall(r"Tin thứ (\d+)", text_of(client.get(theirs(dossier))))
    assert [int(number) for number in newest] == list(range(2, A_PAGE + 2))
    before = re.findall(r"Tin thứ (\d+)", text_of(client.get(theirs(dossier), {"trang": 2})))
    assert before == ["0", "1"]
