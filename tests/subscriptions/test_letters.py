"""What a mail carries: its reason, the way out, and no header that was not meant."""

import re
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import mail

from home.models import AnnouncementPage
from home.subscriptions.models import Rhythm
from portal.core import outbox
from tests.clock import stopped_at

from .conftest import AT, publish, subscribe

pytestmark = pytest.mark.django_db

clock = stopped_at(AT)


@pytest.fixture
def letter(viet_hung, ward, announce):
    subscribe("an@x.example", ward, at=AT - timedelta(days=3))
    publish(announce(viet_hung, "Tiêm chủng <b>mở rộng</b>", summary="Mang theo sổ tiêm & thẻ."))
    return mail.outbox[0]


def test_it_says_what_where_why_and_how_to_stop(letter, ward):
    assert letter.subject == "Phường Việt Hưng: Tiêm chủng <b>mở rộng</b>"
    assert "Mang theo sổ tiêm & thẻ." in letter.body
    assert "http://localhost:8000/viet-hung/thong-bao/tiem-chung-bmo-rongb/" in letter.body
    assert "đã đăng ký nhận thông báo của Phường Việt Hưng từ ngày 20/11/2026" in letter.body
    assert re.search(r"Ngừng nhận thư: http://localhost:8000/theo-doi/ngung/\S+/", letter.body)


def test_the_html_holds_no_markup_of_the_announcement(letter):
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    assert "Tiêm chủng &lt;b&gt;mở rộng&lt;/b&gt;" in html
    assert "<b>" not in html


def test_mail_programs_are_offered_one_click(letter, client):
    headers = letter.extra_headers
    address = re.fullmatch(r"<(http://localhost:8000(/theo-doi/ngung/.+/))>", headers["List-Unsubscribe"])
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"] == "<viet-hung.localhost>"
    assert client.post(address[2], {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_the_headers_survive_being_written_out(letter):
    """A long address may start on a line of its own, but is not cut: programs would post to half of one."""
    read = message_from_bytes(letter.message().as_bytes())
    for name, value in letter.extra_headers.items():
        assert read[name].strip() == value


@pytest.mark.parametrize(
    "mischief", ["Tin\r\nBcc: all@x.example", "Tin\nBcc: all@x.example", "Tin\u2028Bcc: all@x.example"]
)
def test_a_line_break_in_a_title_begins_no_header(viet_hung, ward, announce, mischief):
    subscribe("an@x.example", ward)
    announcement = announce(viet_hung, "Tin")
    AnnouncementPage.objects.filter(pk=announcement.pk).update(title=mischief)
    publish(AnnouncementPage.objects.get(pk=announcement.pk))
    (message,) = mail.outbox
    assert message.subject == "Phường Việt Hưng: Tin Bcc: all@x.example"
    assert message.message()["Bcc"] is None
    assert message.recipients() == ["an@x.example"]


def test_an_english_reader_gets_an_english_mail_of_what_there_is_in_english(viet_hung, ward, announce):
    subscribe("an@x.example", ward, language="en")
    publish(announce(viet_hung, title_en="Vaccination", summary_en="Bring the booklet."))
    publish(announce(viet_hung, "Chỉ tiếng Việt"))
    both, vietnamese = mail.outbox
    assert both.subject.endswith(": Vaccination")
    assert "http://localhost:8000/en/viet-hung/thong-bao/" in both.body
    assert '<html lang="en">' in both.alternatives[0][0]
    assert '<h1 lang="vi">Chỉ tiếng Việt</h1>' in vietnamese.alternatives[0][0]


def test_the_digest_has_one_id_a_day(viet_hung, ward, announce):
    from home.subscriptions import sending  # noqa: PLC0415

    subscriber = subscribe("an@x.example", ward, rhythm=Rhythm.DAILY)
    publish(announce(viet_hung, "Một"))
    publish(announce(viet_hung, "Hai"))
    sending.promise_digest(at=AT + timedelta(hours=7))
    outbox.run_all(at=AT + timedelta(hours=7))
    (message,) = mail.outbox
    assert message.extra_headers["Message-ID"] == f"<digest-2026-11-23-{subscriber.pk.hex}@localhost>"
    assert message.body.count("Đọc thông báo:") == 2
