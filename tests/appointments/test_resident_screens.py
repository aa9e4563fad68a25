"""Choosing a day, a time, checking, done: as a resident does it, without JavaScript."""

from dataclasses import replace

import pytest
from django.urls import reverse

from portal.core.models import CalendarDay
from services.appointments import booking, queries
from services.appointments.models import VisitHours
from services.dossiers import filing
from tests.clients import as_user
from tests.factories.appointments import LEVEL_3, booked, version_with_visit
from tests.factories.buildings import officer
from tests.factories.dossiers import DossierFactory, photo, version_of
from tests.factories.people import UserFactory

from .conftest import NOW, TUESDAY_9, hanoi

CHOSEN = {"ngay": "2026-11-24", "gio": "09:00"}


@pytest.fixture
def signed_in(resident):
    return as_user(resident)


def at(name: str, dossier, **query) -> str:
    return reverse(f"appointments:{name}", args=[dossier.pk], query=query or None)


def test_the_whole_way(signed_in, dossier):
    first = signed_in.post(at("day", dossier), {"ngay": "2026-11-24"})
    assert first.url == at("time", dossier, ngay="2026-11-24")
    second = signed_in.post(first.url, {"gio": "09:00"})
    assert second.url == at("check", dossier, **CHOSEN)
    page = signed_in.get(second.url).text
    assert "Hai bên cùng ký" in page
    assert "Ảnh thẻ căn cước" in page

    done = signed_in.post(second.url)

    assert done.url == at("booked", dossier)
    assert "Đã đặt lịch hẹn" in signed_in.get(done.url).text
    assert booking.ahead_of(dossier).starts_at == TUESDAY_9


def test_days_say_how_many_times_are_left_and_full_days_are_left_out(signed_in, dossier, ward):
    VisitHours.objects.create(ward=ward, counters=1, slot_minutes=60, days_ahead=3)
    CalendarDay.objects.create(date="2026-11-24", kind="closed", note="Bão")

    response = signed_in.get(at("day", dossier))

    assert [label for _day, label in response.context["form"].fields["ngay"].choices] == [
        "Thứ 2, 23/11/2026 – còn 3 khung giờ",
        "Thứ 4, 25/11/2026 – còn 8 khung giờ",
        "Thứ 5, 26/11/2026 – còn 8 khung giờ",
    ]


def test_nothing_chosen_is_said_and_what_was_chosen_is_kept(signed_in, dossier):
    assert "Chọn một ngày." in signed_in.post(at("day", dossier)).text
    assert "Chọn một giờ." in signed_in.post(at("time", dossier, ngay="2026-11-24")).text
    assert signed_in.get(at("day", dossier, **CHOSEN)).context["form"]["ngay"].value() == "2026-11-24"
    assert signed_in.get(at("time", dossier, **CHOSEN)).context["form"]["gio"].value() == "09:00"


@pytest.mark.parametrize("query", [{}, {"ngay": "hôm nay"}, {"ngay": "2026-11-28"}, {"ngay": "2020-01-01"}])
def test_a_day_that_is_none_leads_back_to_the_days(signed_in, dossier, query):
    assert signed_in.get(at("time", dossier, **query)).url == at("day", dossier)


@pytest.mark.parametrize(
    "query", [{}, {"ngay": "2026-11-24"}, {"ngay": "2026-11-24", "gio": "25:00"}, {"gio": "09:00"}]
)
def test_a_time_that_is_none_leads_back_to_the_days(signed_in, dossier, query):
    assert signed_in.get(at("check", dossier, **query)).url == at("day", dossier)
    assert signed_in.post(at("check", dossier, **query)).url == at("day", dossier)


def test_a_time_gone_meanwhile_is_said_plainly_with_the_next_ones(signed_in, dossier, ward, send):
    VisitHours.objects.create(ward=ward, counters=1)
    booked(send(), TUESDAY_9, at=NOW)

    for response in (signed_in.post(at("check", dossier, **CHOSEN)), signed_in.get(at("check", dossier, **CHOSEN))):
        assert response.status_code == 409
        assert [slot.starts_at for slot, _url in response.context["nearest"]] == [
            hanoi(24, 9, 30),
            hanoi(24, 10),
            hanoi(24, 10, 30),
        ]
        assert "vừa có người khác đặt" in response.text
    assert booking.ahead_of(dossier) is None


def test_sent_twice_it_is_one_appointment(signed_in, dossier):
    for _twice in range(2):
        assert signed_in.post(at("check", dossier, **CHOSEN)).url == at("booked", dossier)
    assert dossier.appointments.count() == 1


def test_moving_says_what_it_replaces(signed_in, dossier, appointment):
    page = signed_in.get(at("check", dossier, ngay="2026-11-25", gio="10:00")).text

    assert "Đổi sang giờ này" in page
    assert "Lịch hẹn cũ" in page


def test_a_time_after_the_promised_one_is_allowed_and_said(signed_in, dossier):
    page = signed_in.get(at("check", dossier, ngay="2026-12-02", gio="10:00")).text

    assert "sau giờ hẹn trả kết quả" in page


def test_why_there_is_nothing_to_choose_is_said_in_words(resident, dossier, appointment, clock):
    clock.move_to(hanoi(24, 8))
    signed_in = as_user(resident)

    for name in ("day", "time", "check"):
        assert "2 giờ" in signed_in.get(at(name, dossier, ngay="2026-11-25", gio="10:00")).text
    assert dossier.appointments.get().is_booked


def test_cancelling_is_asked_once_more(signed_in, dossier, appointment):
    assert "Hủy lịch hẹn?" in signed_in.get(at("cancel", dossier)).text
    assert signed_in.post(at("cancel", dossier)).url == dossier.get_absolute_url()
    assert signed_in.post(at("cancel", dossier)).url == dossier.get_absolute_url()
    assert booking.ahead_of(dossier) is None


@pytest.mark.parametrize("name", ["day", "time", "check", "booked", "cancel"])
def test_for_strangers_officers_drafts_and_level_4_there_is_no_such_page(name, dossier, ward, resident):
    for stranger in (UserFactory(), officer("clerk", ward)):
        assert as_user(stranger).get(at(name, dossier, **CHOSEN)).status_code == 404
        assert as_user(stranger).post(at(name, dossier, **CHOSEN)).status_code in (404, 405)
    draft = DossierFactory(ward=ward, owner=resident, version=dossier.version)
    other = DossierFactory(ward=ward, owner=resident, accepted=True)
    for nothing in (draft, other):
        assert as_user(resident).get(at(name, nothing, **CHOSEN)).status_code == 404


def test_the_dossier_calls_to_book_then_shows_the_appointment(signed_in, dossier):
    assert "Chọn giờ hẹn" in signed_in.get(dossier.get_absolute_url()).text

    booked(dossier, TUESDAY_9, at=NOW)

    page = signed_in.get(dossier.get_absolute_url()).text
    assert "09:00 ngày 24/11/2026" in page
    assert "Đổi giờ" in page
    assert "Chọn giờ hẹn" not in page


def test_the_dossier_says_when_the_office_is_closed_then(signed_in, dossier, appointment):
    CalendarDay.objects.create(date="2026-11-24", kind="closed", note="Bão")

    page = signed_in.get(dossier.get_absolute_url()).text

    assert "Phường nghỉ vào giờ đã hẹn" in page
    assert "Chọn giờ hẹn" in page


def test_a_missed_visit_stays_in_sight_and_calls_to_book_again(resident, dossier, appointment, clerk, clock):
    clock.move_to(hanoi(24, 10))
    booking.mark(appointment, "no_show", by=clerk, at=hanoi(24, 10))

    page = as_user(resident).get(dossier.get_absolute_url()).text

    assert "Không đến" in page
    assert "Chọn giờ hẹn" in page


def test_papers_to_bring_are_those_asked_for_and_those_sent(ward, resident):
    draft = DossierFactory(ward=ward, owner=resident, version=version_with_visit())
    assert queries.originals(draft) == ["Ảnh thẻ căn cước"]

    filing.attach(draft, draft.spec.field("giay_khac"), photo("khac.jpg", colour="#333"), by=resident, at=NOW)

    assert queries.originals(draft) == ["Ảnh thẻ căn cước", "Giấy tờ khác"]


def test_what_the_page_says_of_the_promised_time_is_still_to_come(signed_in, dossier, resident, clock):
    assert "Nên đến trước lúc đó" in signed_in.get(at("day", dossier)).text

    clock.move_to(hanoi(30, 9))

    assert "Nên đến trước lúc đó" not in as_user(resident).get(at("day", dossier)).text


def test_level_4_says_nothing_of_visits(signed_in, ward, resident):
    page = signed_in.get(DossierFactory(ward=ward, owner=resident, accepted=True).get_absolute_url()).text

    assert "Đến phường một lần" not in page


def test_a_version_from_before_visits_had_a_length_asks_for_one_all_the_same(signed_in, ward, resident):
    old = version_of(replace(LEVEL_3, visit=None, presence_reason="Ký vào sổ."), slug="cu")
    dossier = DossierFactory(ward=ward, owner=resident, version=old, accepted=True)

    assert booking.visit_of(dossier).purpose == "Ký vào sổ."
    assert signed_in.get(at("day", dossier)).status_code == 200


def test_choosing_takes_the_same_queries_however_many_are_booked(
    signed_in, dossier, send, ward, django_assert_max_num_queries
):
    VisitHours.objects.create(ward=ward, counters=20)
    booked(send(), TUESDAY_9, at=NOW)
    few = {}
    for name in ("day", "time", "check"):
        with django_assert_max_num_queries(50) as queries:
            signed_in.get(at(name, dossier, **CHOSEN))
        few[name] = len(queries)
    for hour in (8, 9, 10):
        for _counter in range(10):
            booked(send(), hanoi(25, hour), at=NOW)

    for name, number in few.items():
        with django_assert_max_num_queries(number):
            signed_in.get(at(name, dossier, **CHOSEN))
