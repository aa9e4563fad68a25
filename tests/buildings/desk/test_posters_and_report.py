"""Posters that open "report here"; a month in numbers, and the same numbers on paper."""

from datetime import date, timedelta

import pypdfium2
import pytest

from buildings.desk import report
from buildings.desk.posters import address_of
from buildings.desk.report import Month
from buildings.models import SharedPlace
from buildings.requests import actions
from tests.factories.requests import AT, a_request, accepted, finished, lift_of

from .conftest import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOVEMBER = Month(date(2026, 11, 1))


def words_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


@pytest.fixture
def places(building):
    made = [lift_of(building), lift_of(building, "Thang máy số 1")]
    for floor in (2, 3):
        made.append(
            SharedPlace.objects.create(building=building, kind="corridor", name=f"Hành lang tầng {floor}", floor=floor)
        )
    return made


def test_a_page_a_place_chosen_one_by_one_or_by_floor(desk, places):
    answer = desk.client.get(desk.url("posters"), {"in": 1, "noi": places[0].code, "tang": ["2"], "kho": "a5"})

    pages = words_of(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    assert [place.name in page for place, page in zip((places[2], places[0]), pages, strict=True)] == [True, True]
    assert all("114" in page for page in pages)
    typed = f"/{places[0].building.ward.slug}/toa-nha/{places[0].building.slug}/bao/"
    assert all(typed in page.replace("\r\n", "") for page in pages)  # where the code cannot be read


def test_a4_is_one_page_a_place_too(desk, places):
    answer = desk.client.get(desk.url("posters"), {"in": 1, "noi": [place.code for place in places], "kho": "a4"})

    document = pypdfium2.PdfDocument(answer.content)
    assert (len(document), round(document[0].get_size()[0])) == (4, 595)


def test_the_code_opens_the_report_with_its_place(building, places):
    address = address_of(places[0])

    assert address.endswith(f"/{building.ward.slug}/toa-nha/{building.slug}/bao/?noi={places[0].code}")


def test_nothing_on_the_form_is_called_optional(desk, places):
    form = desk.client.get(desk.url("posters")).content.decode().partition("Nơi cần dán chưa có")[0]
    assert ("Khổ giấy" in form, "không bắt buộc" in form) == (True, False)


def test_nothing_chosen_is_said_in_words(desk, places):
    assert "Chọn ít nhất một nơi." in desk.client.get(desk.url("posters"), {"in": 1}).content.decode()


def test_no_place_of_another_building_is_printed(desk, places):
    from tests.factories.requests import staffed_building  # noqa: PLC0415

    elsewhere = lift_of(staffed_building(slug="bang-lang"))

    assert desk.client.get(desk.url("posters"), {"in": 1, "noi": elsewhere.code})["Content-Type"] != "application/pdf"


@pytest.fixture
def november(building, manager):
    """Three done: one after an hour, one rated, one late; one refused; one only sent. Two in October."""
    for days in (25, 30):
        a_request(building, at=AT - timedelta(days=days), category="cleaning")
    first = finished(accepted(a_request(building)))  # answered after 10 minutes, done after an hour
    rated = finished(accepted(a_request(building, at=AT + timedelta(minutes=1))), at=AT + timedelta(hours=3, minutes=1))
    actions.confirm(rated, by=rated.reporter, at=AT + timedelta(hours=4))
    actions.rate(rated, by=rated.reporter, at=AT + timedelta(hours=4), score=4)
    refused = a_request(building, category="fees", at=AT)
    actions.refuse(refused, by=manager, at=AT + timedelta(hours=2), reason="a", elsewhere="b")
    a_request(building, category="noise", at=AT)
    return first


def test_each_statistic_counts_what_it_says(building, november):
    figures = {figure.count.__name__: figure.count(building, NOVEMBER) for figure in report.FIGURES}

    assert figures == {
        "count_sent": 4,
        "count_done": 2,
        "hours_to_answer": 0.2,
        "hours_to_done": 2.0,
        "count_late": 0,
        "count_reopened": 0,
        "count_refused": 1,
        "count_overridden": 0,
        "mean_rating": 4.0,
        "count_ratings": 1,
    }
    assert report.by_category(building, NOVEMBER) == {"lift": 2, "fees": 1, "noise": 1}
    assert report.by_category(building, NOVEMBER.before) == {"cleaning": 2}
    assert report.by_score(building, NOVEMBER) == {5: 0, 4: 1, 3: 0, 2: 0, 1: 0}


def test_the_paper_says_what_the_screen_says(desk, november):
    screen = desk.get("report").context["report"]
    paper = " ".join(words_of(desk.get("report_print").content))

    for row in screen.rows:
        assert row.now_in_words in paper
    assert "tháng 11/2026" in paper


def test_in_english_the_screen_says_the_kinds_in_english_and_the_paper_stays_vietnamese(desk, november):
    screen = desk.client.get(f"/en{desk.url('report')}").content.decode()
    paper = " ".join(words_of(desk.client.get(f"/en{desk.url('report_print')}").content))

    assert ("Lift" in screen, "Thang máy" in screen) == (True, False)
    assert ("Lift" in paper, "Thang máy" in paper, "Yêu cầu đã gửi" in paper) == (False, True, True)


def test_a_month_without_anything_has_a_report(desk):
    answer = desk.get("report", thang="2026-02")

    assert answer.status_code == 200
    assert [row.now for row in answer.context["report"].rows if row.now] == []


@pytest.mark.parametrize("asked", ["2027-01", "khong", "0001-01", "2026-13", ""])
def test_what_is_no_month_is_the_current_one(desk, asked):
    assert desk.get("report", thang=asked).context["report"].month == NOVEMBER


def test_the_board_reads_it(building):
    from buildings.roles import Position  # noqa: PLC0415
    from tests.factories.buildings import manager_of  # noqa: PLC0415

    assert Desk(building, manager_of(building, Position.BOARD_CHAIR)).get("report").status_code == 200


def test_thirty_requests_cost_the_queries_of_one(desk, building, django_assert_max_num_queries):
    for _one in range(30):
        finished(accepted(a_request(building)))
    desk.get("report")
    with django_assert_max_num_queries(45):
        desk.get("report")


# --- Places that have no poster yet ------------------------------------------------------------------------


def add(desk, **data):
    return desk.client.post(desk.url("posters_add"), data)


def test_floors_are_added_on_the_spot_and_chosen_for_their_posters(desk, building, places):
    made = add(desk, them="tang", tu="1", den="3")
    shown = desk.client.get(made.url)
    corridors = building.shared_places.filter(kind="corridor").order_by("floor")
    printed = words_of(desk.client.get(f"{made.url}&in=1&kho=a5").content)

    assert list(corridors.values_list("name", "floor")) == [
        ("Hành lang tầng 1", 1),
        ("Hành lang tầng 2", 2),
        ("Hành lang tầng 3", 3),
    ]
    assert shown.content.decode().count(" checked") == 3 + 1  # and the size of the paper
    assert [place.name in page for place, page in zip(corridors, printed, strict=True)] == [True] * 3


def test_pressed_twice_floors_are_there_once(desk, building):
    for _twice in range(2):
        add(desk, them="tang", tu="-1", den="2")

    found = building.shared_places.order_by("floor").values_list("name", "kind")
    assert list(found) == [
        ("Tầng hầm 1", "parking"),
        ("Hành lang tầng 1", "corridor"),
        ("Hành lang tầng 2", "corridor"),
    ]


def test_in_blocks_a_floor_is_one_of_its_block_as_far_as_it_goes_up(desk, building):
    low, high = building.blocks.create(name="A", floors=2), building.blocks.create(name="B")
    add(desk, them="tang", tu="2", den="3")
    add(desk, them="tang", tu="4", den="4", khoi=high.pk)

    assert low.top_floor == 2
    assert list(building.shared_places.order_by("name").values_list("name", flat=True)) == [
        "Hành lang tầng 2, khối A",
        "Hành lang tầng 2, khối B",
        "Hành lang tầng 3, khối B",
        "Hành lang tầng 4, khối B",
    ]


def test_a_place_is_added_on_the_spot(desk, building):
    made = add(desk, them="noi", kind="pump_room", name="Phòng bơm hầm 2", floor="-2")
    place = building.shared_places.get()

    assert made.url == f"{desk.url('posters')}?noi={place.code}"
    assert "Phòng bơm hầm 2" in words_of(desk.client.get(f"{made.url}&in=1").content)[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"them": "tang", "tu": "3", "den": "1"}, "Tầng cuối không thể dưới tầng đầu."),
        ({"them": "tang", "tu": "1", "den": "900"}, "Tầng từ -10 đến 9."),
        ({"them": "tang", "tu": "", "den": "x"}, "Nhập số tầng."),
        ({"them": "noi", "kind": "lift", "name": ""}, "error-summary"),
        ({}, "Thêm các tầng"),
    ],
)
def test_what_is_no_place_is_said_beside_its_field(desk, building, data, said):
    answer = add(desk, **data)

    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert not building.shared_places.exists()


def test_the_board_prints_but_adds_nothing(building):
    from buildings.roles import Position  # noqa: PLC0415
    from tests.factories.buildings import manager_of  # noqa: PLC0415

    chair = Desk(building, manager_of(building, Position.BOARD_CHAIR))

    assert "Thêm các tầng" not in chair.get("posters").content.decode()
    assert add(chair, them="tang", tu="1", den="1").status_code == 404


def test_in_english_a_poster_stays_vietnamese(desk, building):
    made = add(desk, them="noi", kind="lift", name="Thang máy số 2", floor="5")
    printed = words_of(desk.client.get(f"/en{made.url}&in=1").content)[0]

    assert "Thang máy số 2, tầng 5" in printed
