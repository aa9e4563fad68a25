"""What anyone may read about a ward's services."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.catalogue import overview
from services.catalogue.definition import Limit, LimitDecision
from services.catalogue.models import Procedure
from tests.factories.buildings import WardFactory
from tests.factories.catalogue import PAPER, SMALL, STEPS, VISIT, published, republished
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return WardFactory()


def queries_of(client, url):
    client.get(url)  # the first one fills what a process keeps
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_everything_is_said_before_anything_is_filled_in(client, ward):
    procedure = published(
        replace(SMALL, level=3, presence_reason="Hai bên cùng ký vào sổ.", visit=VISIT, eligibility="Ai cũng được.")
    )
    page = client.get(procedure.address_in(ward)).content.decode()
    for words in (
        "Cấp giấy thử nghiệm",
        "Để thử danh mục thủ tục.",
        "Bạn cần đến phường một lần",
        "Hai bên cùng ký vào sổ.",
        "Ký vào sổ",
        "30 phút",
        "Nhiều nhất 5 bước ngắn",
        "Ai cũng được.",
        "Trong ngày làm việc. Hồ sơ nhận sau 15 giờ trả kết quả trong ngày làm việc tiếp theo.",
        "Không thu phí",
        "8.000 đồng",
        "Chủ tịch Ủy ban nhân dân phường",
        "Giấy khai sinh của con",
        "Chỉ khi: Bạn có con không? Có.",
        "Công chức thụ lý, 3 giờ làm việc",
        "Luật Hộ tịch",
        f"/viet-hung/dich-vu/{procedure.slug}/nop/",
    ):
        assert words in page, words


def test_before_filling_one_is_told_why_for_what_and_how_long_one_must_come(client, ward):
    procedure = published(replace(SMALL, level=3, presence_reason="Hai bên cùng ký vào sổ.", visit=VISIT))
    client.force_login(UserFactory())
    page = client.get(f"/viet-hung/dich-vu/{procedure.slug}/nop/").content.decode()
    for words in ("Bạn cần đến phường một lần", "Hai bên cùng ký vào sổ.", "Ký vào sổ", "30 phút"):
        assert words in page, words


def test_a_limit_shortened_by_decision_says_so(client, ward):
    three, two = Limit("working_days", 3), Limit("working_days", 2)
    decision = LimitDecision("12/QĐ-UBND", "2026-03-02")
    procedure = published(replace(SMALL, limit=two, legal_limit=three, limit_decision=decision))
    page = client.get(procedure.address_in(ward)).content.decode()
    assert "Thời hạn luật định" in page
    line = "Đã rút ngắn từ 3 ngày làm việc xuống 2 ngày làm việc, theo Quyết định số 12/QĐ-UBND ngày 02/03/2026."
    assert line in page


def test_a_limit_that_is_longer_after_a_verification_says_so(client, ward):
    longer = Limit("days", 23, note="Khi phải hỏi nơi cư trú cũ.")
    page = client.get(published(replace(SMALL, limit_after_verification=longer)).address_in(ward)).content.decode()
    for words in ("Nếu phải xác minh", "23 ngày, tính cả ngày nghỉ", "Khi phải hỏi nơi cư trú cũ."):
        assert words in page, words


def test_a_limit_that_is_the_laws_own_is_not_said_twice(client, ward):
    three = Limit("working_days", 3)
    page = client.get(published(replace(SMALL, limit=three, legal_limit=three)).address_in(ward)).content.decode()
    assert "Thời hạn luật định" not in page
    assert "Rút ngắn thời hạn" not in page


def test_a_paper_that_a_database_replaces_says_so(client, ward):
    paper = replace(PAPER, options={"replaced_by": "population"})
    page = client.get(published(replace(SMALL, papers=(paper,))).address_in(ward)).content.decode()
    assert "Không cần nộp khi phường tra cứu được trong Cơ sở dữ liệu quốc gia về dân cư." in page


def test_a_service_that_needs_no_visit_does_not_speak_of_one(client, ward):
    page = client.get(published().address_in(ward)).content.decode()
    assert "Bạn cần đến phường một lần" not in page
    assert "không phải đến phường" in page


def test_the_page_shows_what_is_published_not_the_draft(client, ward):
    procedure = published()
    procedure.purpose = "Bản nháp chưa ai được đọc."
    procedure.save_revision()
    assert "Bản nháp" not in client.get(procedure.address_in(ward)).content.decode()


def test_only_what_the_ward_offers_is_there(client, ward):
    elsewhere = WardFactory(neighbour=True)
    unpublished, foreign = published(), published(replace(SMALL, code="1.999002", name="Thủ tục của phường bên"))
    unpublished.unpublish()
    foreign.wards = [elsewhere]
    foreign = republished(foreign)
    assert client.get(unpublished.address_in(ward)).status_code == 404
    assert client.get(foreign.address_in(ward)).status_code == 404
    assert client.get(foreign.address_in(elsewhere)).status_code == 200
    assert "Thủ tục của phường bên" not in client.get(f"/{ward.slug}/dich-vu/").content.decode()


def test_a_closed_ward_has_no_services(client, ward):
    procedure = published()
    type(ward).objects.update(is_open=False)
    for address in (f"/{ward.slug}/dich-vu/", procedure.address_in(ward)):
        page = client.get(address).content.decode()
        assert ("Phường không còn nhận hồ sơ" in page, procedure.name in page) == (True, False)


def test_services_are_grouped_and_found_without_diacritics(client, ward):
    published(replace(SMALL, name="Đăng ký khai sinh"), area=Procedure.Area.CIVIL_STATUS)
    published(replace(SMALL, code="1.999002", name="Công nhận Ban quản trị"), area=Procedure.Area.HOUSING)
    everything = client.get(f"/{ward.slug}/dich-vu/").content.decode()
    assert "Hộ tịch" in everything
    assert "Nhà ở và nhà chung cư" in everything
    found = client.get(f"/{ward.slug}/dich-vu/", {"q": "dang ky KHAI"}).content.decode()
    assert "Đăng ký khai sinh" in found
    assert "Công nhận Ban quản trị" not in found
    assert "Không tìm thấy" in client.get(f"/{ward.slug}/dich-vu/", {"q": "khong co gi"}).content.decode()


@pytest.mark.parametrize("query", ["\0", "%", "'; drop table", "x" * 5000, "<script>alert(1)</script>"])
def test_any_search_is_answered(client, ward, query):
    answer = client.get(f"/{ward.slug}/dich-vu/", {"q": query})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_an_authors_text_is_text(client, ward):
    procedure = published(replace(SMALL, purpose="<script>alert(1)</script> {{ ward }}"))
    page = client.get(procedure.address_in(ward)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ ward }}" in page


def test_the_number_of_queries_does_not_grow(client, ward):
    procedure = published()
    alone = queries_of(client, f"/{ward.slug}/dich-vu/")
    for number in range(2, 31):
        published(replace(SMALL, code=f"1.9990{number:02d}"))
    assert queries_of(client, f"/{ward.slug}/dich-vu/") == alone <= 3
    assert queries_of(client, procedure.address_in(ward)) <= 5


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (30, "30 phút làm việc"),
        (120, "2 giờ làm việc"),
        (150, "2 giờ 30 phút làm việc"),
        (480, "1 ngày làm việc"),
        (780, "1 ngày 5 giờ làm việc"),
        (0, "0 phút làm việc"),
    ],
)
def test_working_time_is_told_in_words(minutes, words):
    assert overview.time_in_words(minutes) == words


def test_limits_are_told_in_words():
    assert overview.limit_in_words(Limit("working_days", 3)) == "3 ngày làm việc"
    assert overview.limit_in_words(Limit("working_minutes", 240)) == "4 giờ làm việc"
    assert "sau 14 giờ 30 trả" in overview.limit_in_words(Limit("same_day", cutoff="14:30"))


def test_a_position_the_code_no_longer_knows_does_not_break_the_page():
    old = replace(SMALL, steps=(replace(STEPS[0], position="gone"),))
    assert overview.overview(old)["steps"][0]["position"] == ""
