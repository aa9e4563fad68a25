"""The follow-up register: whose rows, in which order, found how, at what cost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buildings.roles import Position
from portal.core import outbox
from services.dossiers import actions
from services.dossiers.actions.signing import note_reading
from services.dossiers.models import Dossier
from services.registers import follow_up
from services.registers.forms import FollowUpFilter
from tests.factories.buildings import officer
from tests.factories.dossiers import advance
from tests.factories.people import UserFactory

from .conftest import NOW
from .many import accept_many

REGISTER = reverse("registers:follow_up")


def listed(response) -> list[str]:
    return [entry.dossier.code for entry, _due, _tone in response.context["rows"]]


def test_it_is_for_the_desk_alone(client, ward, resident):
    for user in (resident, UserFactory(), officer(Position.WARD_EDITOR, ward)):
        client.force_login(user)
        assert client.get(REGISTER).status_code == 404


def test_a_dossier_is_entered_when_it_is_accepted_and_stays(client, clerk, accepted):
    accepted("submitted"), accepted("refused")
    first, second, third = accepted(), accepted("processing"), accepted("delivered")

    response = client.get(REGISTER)

    assert set(listed(response)) == {first.code, second.code, third.code}


@pytest.mark.postgres
def test_rows_stand_in_order_of_acceptance_with_their_serials(client, clerk, ward, resident, version):
    accept_many(ward, version, resident, 3, at=NOW - timedelta(hours=5))

    entries = [entry for entry, _due, _tone in client.get(REGISTER).context["rows"]]

    assert [entry.serial for entry in entries] == [3, 2, 1]
    accepted_at = [entry.dossier.accepted_at for entry in entries]
    assert accepted_at == sorted(accepted_at, reverse=True)


def test_the_serial_is_the_number_of_the_receipt(client, clerk, accepted):
    accepted("refused")
    accepted(), accepted()

    entries = [entry for entry, _due, _tone in client.get(REGISTER).context["rows"]]

    assert sorted(entry.serial for entry in entries) == [1, 2]


def test_every_column_of_form_07_is_filled(accepted, ward):
    dossier = accepted("delivered")

    (row,) = follow_up.rows([dossier], ward)

    assert row == (
        1,
        dossier.code,
        "Cấp Giấy xác nhận tình trạng hôn nhân",
        "Nguyễn Thị Hường",
        "Số 5, phố Vạn Hạnh; 0912 345 678",
        "Ủy ban nhân dân phường Việt Hưng",
        dossier.accepted_at,
        dossier.due_at,
        dossier.delivered_at,
        "Bản điện tử trên cổng",
        "Chưa mở bản điện tử",
    )
    assert [column.label for column in follow_up.COLUMNS] == [
        "STT",
        "Mã hồ sơ",
        "Tên thủ tục hành chính",
        "Tên tổ chức, cá nhân",
        "Địa chỉ, số điện thoại",
        "Cơ quan chủ trì giải quyết",
        "Nhận hồ sơ",
        "Hẹn trả kết quả",
        "Trả kết quả",
        "Phương thức nhận kết quả",
        "Ký nhận",
    ]


@pytest.mark.parametrize(
    ("handed", "way", "signed_for"),
    [
        (
            {"way": "counter", "received_by": "Trần Văn Chồng (chồng)", "paper_shown": "Thẻ căn cước"},
            "Tại Bộ phận Một cửa",
            "Trần Văn Chồng (chồng) (Thẻ căn cước) ký nhận 10:00 23/11/2026",
        ),
        ({"way": "home", "received_by": "Nguyễn Thị Hường"}, "Tại nhà", "Nguyễn Thị Hường ký nhận 10:00 23/11/2026"),
        (
            {"way": "post", "tracking_number": "EA123456789VN", "sent_on": date(2026, 11, 23)},
            "Qua bưu chính công ích",
            "Gửi EA123456789VN ngày 23/11/2026; chưa xác nhận",
        ),
    ],
)
def test_the_book_says_who_has_the_result_and_how(client, clerk, accepted, ward, handed, way, signed_for):
    dossier = accepted("done")
    outbox.run_all(at=NOW)  # the result is printed
    dossier = actions.deliver(dossier, by=clerk, at=NOW, **handed)

    (row,) = follow_up.rows([dossier], ward)

    assert row[-3:] == (NOW, way, signed_for)
    assert signed_for in client.get(REGISTER).text


def test_what_the_resident_says_or_opens_is_in_the_book(accepted, ward, clerk, resident):
    by_post, opened = accepted("done"), accepted("done")
    outbox.run_all(at=NOW)  # the results are printed
    by_post = actions.deliver(by_post, by=clerk, at=NOW, way="post", tracking_number="EA1VN")
    by_post = actions.confirm_receipt(by_post, by=resident, at=NOW + timedelta(hours=2))
    opened = actions.deliver(opened, by=clerk, at=NOW)
    note_reading(opened, at=NOW + timedelta(hours=1))

    assert [row[-1] for row in follow_up.rows(list(Dossier.objects.order_by("code")), ward)] == [
        "Gửi EA1VN; đã nhận 12:00 23/11/2026",
        "Mở bản điện tử 11:00 23/11/2026",
    ]


def test_results_nobody_has_yet_are_told_from_those_handed_over(client, clerk, accepted):
    accepted("processing")
    waiting, given = accepted("done"), accepted("delivered")

    assert listed(client.get(REGISTER, {"tra": "chua-tra"})) == [waiting.code]
    assert "Chưa trả" in client.get(REGISTER, {"tra": "chua-tra"}).text.split("<tbody")[1]
    assert listed(client.get(REGISTER, {"tra": "da-tra"})) == [given.code]


@pytest.mark.postgres
@pytest.mark.parametrize("words", ["đặng", "DANG", "anh dang", "0987 654 321", "654321"])
def test_words_find_by_name_without_diacritics_and_by_phone(client, clerk, accepted, words):
    wanted = accepted(name="Đặng Thị Ánh", owner=UserFactory(phone="+84987654321"))
    accepted(name="Trần Văn Bình")

    assert listed(client.get(REGISTER, {"q": words})) == [wanted.code]
    assert listed(client.get(REGISTER, {"q": wanted.code[-4:]})) == [wanted.code]


def test_words_are_looked_for_in_the_books_of_all_years(client, clerk, accepted, clock):
    wanted = accepted(name="Đặng Thị Ánh")
    clock.shift(timedelta(days=400))
    client.force_login(clerk)  # the sign-in of last year has ended

    assert listed(client.get(REGISTER)) == []
    assert listed(client.get(REGISTER, {"q": "dang"})) == [wanted.code]


def test_days_are_days_in_vietnam_and_both_included(client, clerk, ward, resident, version):
    late_evening = NOW.replace(hour=16, minute=59)  # 23:59 in Hanoi
    accept_many(ward, version, resident, 2, at=late_evening)  # 23:59 on the 23rd, 0:00 on the 24th

    first = client.get(REGISTER, {"tu": "2026-11-23", "den": "2026-11-23"})
    second = client.get(REGISTER, {"tu": "2026-11-24", "den": "2026-11-24"})
    both = client.get(REGISTER, {"tu": "2026-11-23"})

    assert [len(listed(response)) for response in (first, second, both)] == [1, 1, 2]


def test_filters_narrow_by_procedure_state_and_channel(client, clerk, accepted, version):
    at_desk = accepted(channel="counter")
    online = accepted("processing")

    assert listed(client.get(REGISTER, {"trang_thai": "accepted"})) == [at_desk.code]
    assert listed(client.get(REGISTER, {"nop": "counter"})) == [at_desk.code]
    assert listed(client.get(REGISTER, {"nop": "online"})) == [online.code]
    assert len(listed(client.get(REGISTER, {"thu_tuc": version.procedure_id}))) == 2
    assert "Không có dòng nào khớp" in client.get(REGISTER, {"trang_thai": "withdrawn"}).text


@pytest.mark.postgres
def test_what_the_police_decide_stands_under_their_name_and_can_be_taken_out_alone(client, clerk, accepted, ward):
    own, theirs = accepted(), accepted(policed=True)

    assert [row[5] for row in follow_up.rows([own, theirs], ward)] == [
        "Ủy ban nhân dân phường Việt Hưng",
        "Công an phường Việt Hưng",
    ]
    assert listed(client.get(REGISTER, {"co_quan": "police"})) == [theirs.code]
    assert listed(client.get(REGISTER, {"co_quan": "committee"})) == [own.code]


def test_the_filter_of_time_agrees_with_the_words_in_the_row(client, clerk, accepted, clock):
    kept, running, given_up = accepted("done"), accepted(), accepted("submitted")
    given_up = advance(advance(given_up, "accept", at=NOW), "withdraw", at=NOW)
    words = {"con-han": [running.code], "dung-han": [kept.code], "qua-han": []}
    for standing, codes in words.items():
        assert listed(client.get(REGISTER, {"han": standing})) == codes

    clock.shift(timedelta(days=30))
    client.force_login(clerk)

    late = client.get(REGISTER, {"han": "qua-han"})
    assert listed(late) == [running.code]
    assert [due for _entry, due, _tone in late.context["rows"]] == ["late"]
    assert listed(client.get(REGISTER, {"han": "dung-han"})) == [kept.code]
    assert given_up.code not in listed(late)


@pytest.mark.postgres
def test_what_was_promised_anew_is_late_only_once_that_promise_is_broken(client, clerk, accepted, clock):
    """The first promise is long past; the words in the row and the filter follow the new one."""
    running = accepted()
    anew = NOW + timedelta(days=30)
    Dossier.objects.filter(pk=running.pk).update(rescheduled_to=anew)
    found = {}
    for days in (20, 31):
        clock.move_to(NOW + timedelta(days=days))
        client.force_login(clerk)
        found[days] = {name: listed(client.get(REGISTER, {"han": name})) for name in ("con-han", "qua-han")}
        rows = client.get(REGISTER).context["rows"]
        found[days]["words"] = [due for _entry, due, _tone in rows]

    assert found == {
        20: {"con-han": [running.code], "qua-han": [], "words": ["rescheduled"]},
        31: {"con-han": [], "qua-han": [running.code], "words": ["late"]},
    }


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\0b"},
        {"tu": "32/13/2026"},
        {"tu": "0001-01-01"},
        {"den": "9999-12-31"},
        {"trang_thai": "draft"},
        {"thu_tuc": "zzz"},
        {"truoc": "x"},
        {"truoc": "0001-01-01T00:00:00+14:00~6d8dbb5e-9d9e-4f43-9a64-7b0e6f1c2a11"},
        {"truoc": "2026-01-01T00:00:00~6d8dbb5e-9d9e-4f43-9a64-7b0e6f1c2a11"},
        {"sau": "2026-01-01T00:00:00+00:00~zzz"},
        {"sau": "\0~\0"},
        {"phuong": "\0"},
    ],
)
def test_nonsense_in_the_address_is_passed_over(client, clerk, accepted, query):
    accepted()

    assert client.get(REGISTER, query).status_code == 200


def test_a_hostile_name_is_text(client, clerk, accepted):
    accepted(name="<script>alert(1)</script>")

    text = client.get(REGISTER).text

    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_another_wards_dossiers_are_in_no_row_search_or_count(client, clerk, accepted, neighbour):
    theirs, own = accepted(name="CANARYB", ward=neighbour), accepted()

    for query in ({}, {"q": "canaryb"}, {"phuong": neighbour.slug}, {"q": theirs.code}):
        response = client.get(REGISTER, query)
        assert theirs.code not in listed(response)
        assert "CANARYB" not in response.text.replace("canaryb", "")
    assert client.get(REGISTER).context["count"] == 1

    client.force_login(officer(Position.CLERK, neighbour))
    assert listed(client.get(REGISTER)) == [theirs.code]
    assert listed(client.get(REGISTER, {"q": own.code})) == []


@pytest.mark.postgres
def test_turning_pages_shows_every_row_once_and_leads_back(client, clerk, ward, resident, version):
    accept_many(ward, version, resident, 60, at=NOW - timedelta(hours=5))
    pages, query = [], {}
    while True:
        response = client.get(REGISTER, query)
        pages.append(listed(response))
        if not response.context["page"].earlier:
            break
        query = {"truoc": response.context["page"].earlier}

    assert [len(page) for page in pages] == [25, 25, 10]
    assert len(set().union(*pages)) == 60
    back = client.get(REGISTER, {"sau": response.context["page"].later})
    assert listed(back) == pages[1]
    first = client.get(REGISTER, {"sau": back.context["page"].later})
    assert listed(first) == pages[0]
    assert first.context["page"].later == ""


def test_a_page_does_not_move_when_new_dossiers_arrive(client, clerk, ward, resident, version, accepted):
    accept_many(ward, version, resident, 30, at=NOW - timedelta(hours=5), receipts=False)
    query = {"truoc": client.get(REGISTER).context["page"].earlier}
    before = listed(client.get(REGISTER, query))

    accepted()

    assert listed(client.get(REGISTER, query)) == before


@pytest.mark.postgres
@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("query", [{}, {"q": "thi"}, {"han": "con-han"}])
def test_the_list_takes_the_same_queries_whatever_its_length(
    client, clerk, ward, resident, version, rows, query, django_assert_max_num_queries
):
    accept_many(ward, version, resident, rows, at=NOW - timedelta(hours=5))

    with django_assert_max_num_queries(14):
        response = client.get(REGISTER, query)

    assert len(listed(response)) == min(rows, 25)


def test_the_filter_writes_out_what_it_left_to_the_calendar(db):
    assert timezone.localdate().year == 2026
    assert FollowUpFilter({"q": "", "han": "qua-han", "x": "y"}).query == {
        "han": "qua-han",
        "tu": "2026-01-01",
        "den": "2026-12-31",
    }
