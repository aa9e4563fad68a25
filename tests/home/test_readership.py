"""What is counted of readers, and that nothing is known of them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.readership import counting
from home.readership.counting import Figures
from home.readership.models import Comment, DayCount
from tests.clock import stopped_at
from tests.home.conftest import AT

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (Android 14) Firefox/140.0"

clock = stopped_at(AT)


@pytest.fixture
def news(viet_hung, announce):
    return announce(viet_hung, "Lịch cắt nước")


def beacon(news, **headers):
    return Client(enforce_csrf_checks=True).post(f"{news.address}da-doc/", headers={"user-agent": BROWSER, **headers})


def figures_of(news):
    return counting.figures([news])[news.pk]


def test_who_looks_at_a_preview_is_no_reader(news, viet_hung, editor_of, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    editor = Client()
    editor.force_login(editor_of(viet_hung))
    news.live = False
    news.first_published_at = None
    news.save()
    news.save_revision()
    shown = editor.get(reverse("wagtailadmin_pages:view_draft", args=[news.pk])).content.decode()
    assert "reading." not in shown
    assert "Đăng ngày" not in shown  # it is not up yet


def test_a_read_is_counted_without_a_token_or_a_cookie(news):
    response = beacon(news)
    assert response.status_code == 204
    assert not response.cookies
    assert figures_of(news) == Figures(reads=1)


@pytest.mark.parametrize(
    "headers",
    [{"user-agent": "Googlebot/2.1"}, {"user-agent": "facebookexternalhit preview"}, {"sec-fetch-site": "cross-site"}],
)
def test_machines_and_other_sites_are_not_counted(news, headers):
    assert beacon(news, **headers).status_code == 204
    assert figures_of(news) == Figures()


def test_one_address_cannot_drive_the_number_up(news):
    for _time in range(70):
        assert beacon(news).status_code == 204
    assert figures_of(news).reads == 60


def test_a_read_is_of_its_day_in_vietnam(news):
    counting.read(news, at=AT.replace(hour=16, minute=59))
    counting.read(news, at=AT.replace(hour=17))
    assert list(DayCount.objects.order_by("day").values_list("day", "reads")) == [
        (date(2026, 11, 23), 1),
        (date(2026, 11, 24), 1),
    ]
    assert figures_of(news).reads == 2


def test_the_page_asks_without_a_form_and_sets_no_cookie(news):
    response = Client().get(news.address)
    assert f'href="{news.address}huu-ich/?tra-loi=co"' in response.content.decode()
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert not response.cookies
    assert "public" in response["Cache-Control"]


@pytest.mark.parametrize(("chosen", "expected"), [("co", "co"), ("khong", "khong"), ("x", None), ("", None)])
def test_the_answer_chosen_on_the_page_is_ticked(client, news, chosen, expected):
    response = client.get(f"{news.address}huu-ich/", {"tra-loi": chosen})
    assert response.context["form"]["useful"].value() == expected
    assert "no-store" in response["Cache-Control"]


def test_a_reader_says_why_and_nothing_of_them_is_kept(client, news):
    response = client.post(f"{news.address}huu-ich/", {"useful": "khong", "text": "  Chưa rõ giờ <b>nào</b>  "})
    assert response.url == f"{news.address}huu-ich/cam-on/"
    assert client.get(response.url).status_code == 200
    assert figures_of(news) == Figures(not_useful=1)
    comment = Comment.objects.get()
    assert (comment.text, comment.useful, comment.day) == ("Chưa rõ giờ <b>nào</b>", False, date(2026, 11, 23))
    assert {field.name for field in Comment._meta.get_fields()} == {"id", "page", "day", "useful", "text"}


def test_an_answer_needs_no_reason_and_no_reason_needs_an_answer(client, news):
    client.post(f"{news.address}huu-ich/", {"useful": "co", "text": ""})
    assert figures_of(news) == Figures(useful=1)
    refused = client.post(f"{news.address}huu-ich/", {"text": "Hay"})
    assert refused.context["form"].errors == {"useful": ["Chọn có hoặc chưa."]}
    assert "Hay" in refused.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("useful", ["co", "x"])
def test_odd_answers_are_words_not_errors(client, news, useful):
    response = client.post(f"{news.address}huu-ich/", {"useful": useful, "text": "\x00" + "a" * 600})
    assert response.status_code == 200
    assert "text" in response.context["form"].errors
    assert figures_of(news) == Figures()


def test_twenty_answers_an_hour_from_one_address(client, news):
    statuses = [client.post(f"{news.address}huu-ich/", {"useful": "co"}).status_code for _time in range(21)]
    assert statuses == [302] * 20 + [429]
    assert figures_of(news).useful == 20


def test_an_answer_needs_the_token_of_its_form(news):
    response = Client(enforce_csrf_checks=True).post(f"{news.address}huu-ich/", {"useful": "co"})
    assert response.status_code == 403


@pytest.mark.parametrize("end", ["huu-ich/", "huu-ich/cam-on/", "da-doc/"])
def test_a_draft_has_no_readers(client, viet_hung, giang_bien, announce, end):
    draft = announce(viet_hung, "Nháp", live=False)
    other = announce(viet_hung, "Tin")
    for address in (draft.address, other.address.replace("viet-hung", "giang-bien")):
        assert client.post(f"{address}{end}").status_code in {404, 405}
        assert client.get(f"{address}{end}").status_code in {404, 405}


def test_figures_of_thirty_pages_are_one_query(viet_hung, announce):
    pages = [announce(viet_hung, f"Tin {number}") for number in range(30)]
    for page in pages[:29]:
        counting.read(page, at=AT)
        counting.answer(page, useful=page != pages[0], text="", at=AT - timedelta(days=1))
    with CaptureQueriesContext(connection) as captured:
        found = counting.figures(pages)
    assert len(captured) == 1
    assert found[pages[0].pk] == Figures(reads=1, not_useful=1)
    assert found[pages[1].pk] == Figures(reads=1, useful=1)
    assert found[pages[29].pk] == Figures()


def test_words_are_forgotten_after_twelve_months_and_sums_are_not(news, clock):
    counting.answer(news, useful=True, text="Hay", at=AT)
    assert counting.forget(at=AT + timedelta(days=365)) == 0
    assert counting.forget(at=AT + timedelta(days=366)) == 1
    assert figures_of(news) == Figures(useful=1)


def test_the_editor_reads_figures_and_words_on_the_edit_screen(viet_hung, news, editor_of):
    counting.read(news, at=AT)
    counting.answer(news, useful=False, text="Thiếu <i>giờ</i>", at=AT)
    client = Client()
    client.force_login(editor_of(viet_hung))
    shown = client.get(f"/bien-tap/pages/{news.pk}/edit/").content.decode()
    assert "1 lượt đọc" in shown
    assert "Thiếu &lt;i&gt;giờ&lt;/i&gt;" in shown
