import pytest

from home import search
from home.kinds import Kind
from services.catalogue.models import Procedure, ProcedureVersion
from tests.home.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def birth(db):
    procedure = Procedure.objects.create(
        code="1.001193",
        slug="dang-ky-khai-sinh",
        name="Đăng ký khai sinh",
        purpose="Ghi sự kiện sinh.",
        decided_by="Chủ tịch UBND phường",
        result_title="Giấy khai sinh",
        result_book="khai-sinh",
        result_suffix="KS",
        live=True,
    )
    ProcedureVersion.objects.create(procedure=procedure, number=1, definition={}, published_at=AT)
    return procedure


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
    assert response.context["procedures"] == [birth]
    assert [found.title for found in response.context["announcements"]] == ["Đăng ký khai sinh lưu động"]
    assert "/chon-phuong/dang-ky-khai-sinh/" in response.content.decode()


def test_a_query_is_shown_as_text(client, db):
    page = client.get("/tim-kiem/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
