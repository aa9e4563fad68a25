from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.kinds import Kind
from home.reading import search
from tests.factories.catalogue import SMALL, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def birth(db):
    return published(replace(SMALL, name="Đăng ký khai sinh", purpose="Ghi sự kiện sinh."), slug="dang-ky-khai-sinh")


def titles(query, ward=None):
    return [announcement.title for announcement in search.announcements(query, ward)]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query",
    [
        "dang ky khai sinh",
        "Đăng ký khai sinh",
        "DANG KY",
        "đăng kí"[:6],
        "khai sin",
        "  sinh   khai ",
        "khai-sinh",
        "phố Đức",
    ],
)
def test_diacritics_and_half_words_find_the_same(viet_hung, announce, query):
    announce(viet_hung, "Đăng ký khai sinh lưu động", body=[("paragraph", "<p>Tại <b>phố Đức Giang</b></p>")])
    announce(viet_hung, "Tổng vệ sinh")
    assert titles(query) == ["Đăng ký khai sinh lưu động"]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query", ["", "   ", "không có", "' OR 1=1 --", '"', "*", "khai NOT sinh x", "a" * 5000, "%", "(("]
)
def test_odd_queries_find_nothing_and_break_nothing(client, viet_hung, announce, query):
    announce(viet_hung, "Đăng ký khai sinh")
    response = client.get("/tim-kiem/", {"q": query})
    assert response.status_code == 200
    assert list(response.context["announcements"]) == []


def test_the_kind_and_the_summary_are_searched_too(viet_hung, announce):
    announce(viet_hung, "Lịch tháng 12", kind=Kind.OUTAGE, summary="Bảo trì trạm biến áp số 4.")
    assert titles("cat dien") == titles("tram bien ap") == ["Lịch tháng 12"]


@pytest.mark.postgres
def test_a_search_can_keep_to_one_ward(client, viet_hung, giang_bien, announce):
    announce(viet_hung, "Tiêm chủng ở Việt Hưng")
    announce(giang_bien, "Tiêm chủng ở Giang Biên")
    assert sorted(titles("tiem chung")) == ["Tiêm chủng ở Giang Biên", "Tiêm chủng ở Việt Hưng"]
    response = client.get("/tim-kiem/", {"q": "tiem chung", "phuong": "giang-bien"})
    assert [found.title for found in response.context["announcements"]] == ["Tiêm chủng ở Giang Biên"]


@pytest.mark.postgres
def test_drafts_are_not_found(viet_hung, announce):
    announce(viet_hung, "Tiêm chủng", live=False)
    taken_down = announce(viet_hung, "Tiêm chủng mở rộng")
    taken_down.unpublish()
    assert titles("tiem chung") == []


def test_services_and_announcements_are_found_together(client, viet_hung, announce, birth):
    announce(viet_hung, "Đăng ký khai sinh lưu động")
    response = client.get("/tim-kiem/", {"q": "dang ky khai sinh"})
    assert [hit.procedure for hit in response.context["procedures"]] == [birth]
    assert (
        response.context["procedures"][0].name
        == "<mark>Đăng</mark> <mark>ký</mark> <mark>khai</mark> <mark>sinh</mark>"
    )
    assert [found.title for found in response.context["announcements"]] == ["Đăng ký khai sinh lưu động"]
    assert "/chon-phuong/dang-ky-khai-sinh/" in response.content.decode()


def test_a_query_is_shown_as_text(client, db):
    page = client.get("/tim-kiem/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.postgres
def test_this_very_title_leads_then_what_begins_with_it(viet_hung, announce):
    announce(viet_hung, "Về đợt tiêm chủng tháng 12", body=[("paragraph", "<p>tiêm chủng tiêm chủng tiêm chủng</p>")])
    announce(viet_hung, "Tiêm chủng mở rộng, tiêm chủng nhắc lại")
    announce(viet_hung, "Tiêm chủng", days_ago=300, body=[("paragraph", f"<p>{'chữ khác ' * 300}</p>")])
    announce(viet_hung, "Lịch tuần", summary="Có tiêm chủng.")
    assert titles("tiem chung") == [
        "Tiêm chủng",
        "Tiêm chủng mở rộng, tiêm chủng nhắc lại",
        "Về đợt tiêm chủng tháng 12",
        "Lịch tuần",
    ]


@pytest.mark.postgres
def test_of_what_is_equally_near_the_newest_leads(viet_hung, announce):
    announce(viet_hung, "Lịch tuần 1", summary="Có tiêm chủng.", days_ago=9)
    announce(viet_hung, "Lịch tuần 3", summary="Có tiêm chủng.", days_ago=2)
    announce(viet_hung, "Lịch tuần 2", summary="Có tiêm chủng.", days_ago=5)
    assert titles("tiem chung") == ["Lịch tuần 3", "Lịch tuần 2", "Lịch tuần 1"]


def test_the_full_text_is_asked_once_and_not_for_each_announcement(viet_hung, announce):
    announce(viet_hung, "Tiêm chủng")
    with CaptureQueriesContext(connection) as captured:
        titles("tiem chung", viet_hung.ward)
    (asked,) = [query["sql"] for query in captured if " MATCH " in query["sql"]]
    with connection.cursor() as cursor:
        plan = [step[3] for step in cursor.execute(f"EXPLAIN QUERY PLAN {asked}").fetchall()]
    (full_text,) = [step for step in plan if "VIRTUAL TABLE" in step]
    assert "=" not in full_text  # "0:=M3" would be: by the number of each row


def test_what_was_found_is_marked_where_it_stands(client, viet_hung, announce):
    text = f"<p>{'Dài dòng. ' * 40}Mang theo <b>sổ hộ khẩu</b> &amp; thẻ.{' Thêm nữa.' * 40}</p>"
    announce(viet_hung, "Nghĩa vụ quân sự", summary="Khám tuyển.", body=[("paragraph", text)])
    (hit,) = client.get("/tim-kiem/", {"q": "so ho khau"}).context["hits"]
    assert hit.title == "Nghĩa vụ quân sự"
    assert "Mang theo <mark>sổ</mark> <mark>hộ</mark> <mark>khẩu</mark> &amp; thẻ." in hit.text
    assert hit.text.startswith("… ")
    assert hit.text.endswith(" …")


def test_what_is_found_in_the_other_language_says_which(client, viet_hung, announce):
    announce(viet_hung, "Cắt nước", title_en="Water off", summary_en="From midnight on.")
    (hit,) = client.get("/tim-kiem/", {"q": "midnight"}).context["hits"]
    assert (hit.text, hit.lang) == ("From <mark>midnight</mark> on.", "en")
    page = client.get("/en/tim-kiem/", {"q": "cat nuoc"}).content.decode()
    assert "Water off" in page


@pytest.mark.postgres
def test_a_search_can_keep_to_a_kind(client, viet_hung, announce):
    announce(viet_hung, "Phòng cháy mùa khô", kind=Kind.FIRE)
    announce(viet_hung, "Họp về phòng cháy", kind=Kind.EVENTS)
    response = client.get("/tim-kiem/", {"q": "phong chay", "loai": "phong-chay", "phuong": "viet-hung"})
    assert [hit.page.title for hit in response.context["hits"]] == ["Phòng cháy mùa khô"]
    assert [(each["label"], each["count"], each["current"]) for each in response.context["kinds"][1:]] == [
        (Kind.FIRE.label, 1, True),
        (Kind.EVENTS.label, 1, False),
    ]
    everything = client.get("/tim-kiem/", {"q": "phong chay", "loai": "bia-dat", "trang": "-5"})
    assert len(everything.context["hits"]) == 2


def test_a_search_asks_the_same_few_questions_however_much_it_finds(client, viet_hung, announce, birth):
    def questions():
        with CaptureQueriesContext(connection) as captured:
            client.get("/tim-kiem/", {"q": "khai sinh", "loai": "tiep-cong-dan", "phuong": "viet-hung"})
        return len(captured)

    announce(viet_hung, "Đăng ký khai sinh")
    announce(viet_hung, "Khai sinh", kind=Kind.EVENTS)
    questions()
    few = questions()
    for number in range(30):
        announce(viet_hung, f"Khai sinh lưu động {number}")
    assert questions() == few <= 8
