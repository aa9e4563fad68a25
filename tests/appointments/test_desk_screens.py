"""The clerk's day: who is expected, what becomes of it, booking by telephone, the ward's capacity."""

from datetime import date

import pytest
from django.urls import reverse

from portal.core import audit
from portal.core.models import CalendarDay
from services.appointments import booking
from services.appointments.models import VisitHours
from services.dossiers import actions
from tests.clients import as_user
from tests.factories.appointments import booked
from tests.factories.buildings import WardFactory, officer
from tests.factories.people import UserFactory

from .conftest import NOW, TUESDAY_9, hanoi, told

LIST = reverse("desk:appointments")
TUESDAY = {"ngay": "2026-11-24"}


@pytest.fixture
def desk(clerk):
    return as_user(clerk)


def listed(response) -> list[str]:
    return [row.appointment.dossier.code for row in response.context["rows"]]


def mark(client, appointment, name: str):
    return client.post(reverse("desk:mark_appointment", args=[appointment.pk]), {"mark": name})


def test_the_day_in_order_with_purpose_and_originals(desk, dossier, send):
    later, sooner = send(), send()
    booked(later, hanoi(24, 14), at=NOW)
    booked(sooner, hanoi(24, 8), at=NOW)
    booked(dossier, hanoi(25, 8), at=NOW)

    response = desk.get(LIST, TUESDAY)

    assert listed(response) == [sooner.code, later.code]
    assert "Hai bên cùng ký" in response.text
    assert "Ảnh thẻ căn cước" in response.text
    assert listed(desk.get(LIST)) == []  # today
    assert listed(desk.get(reverse("desk:print_appointments"), TUESDAY)) == [sooner.code, later.code]


def test_days_are_turned_by_working_days(desk):
    CalendarDay.objects.create(date="2026-11-24", kind="closed", note="Bão")

    response = desk.get(LIST)

    assert (response.context["before"], response.context["after"]) == (date(2026, 11, 20), date(2026, 11, 25))
    assert desk.get(LIST, {"ngay": "không phải ngày"}).context["day"] == date(2026, 11, 23)


def test_who_moved_cancelled_or_withdrew_is_not_expected(desk, send):
    moved, cancelled, withdrawn = send(), send(), send()
    for hour, one in enumerate((moved, cancelled, withdrawn), start=9):
        booked(one, hanoi(24, hour), at=NOW)
    booked(moved, hanoi(25, 9), at=NOW)
    booking.cancel(cancelled.appointments.get(), by=cancelled.owner, at=NOW)
    actions.withdraw(withdrawn, by=withdrawn.owner, at=NOW, reason="")

    assert listed(desk.get(LIST, TUESDAY)) == []


def test_marks_are_offered_from_the_time_on_and_refused_before(desk, clerk, appointment, clock):
    assert "Không đến" not in desk.get(LIST, TUESDAY).text
    assert mark(desk, appointment, "came").status_code == 409

    clock.move_to(TUESDAY_9)
    desk = as_user(clerk)

    assert "Không đến" in desk.get(LIST, TUESDAY).text
    assert mark(desk, appointment, "came").url == f"{LIST}?phuong=viet-hung&ngay=2026-11-24"
    appointment.refresh_from_db()
    assert appointment.state == "came"


def test_a_second_mark_of_the_same_kind_is_a_conflict(clerk, appointment, clock):
    clock.move_to(TUESDAY_9)
    desk = as_user(clerk)
    mark(desk, appointment, "came")

    response = mark(desk, appointment, "came")

    assert response.status_code == 409
    assert "Đã đến" in response.text


def test_a_made_up_mark_does_nothing(clerk, appointment, clock):
    clock.move_to(TUESDAY_9)

    mark(as_user(clerk), appointment, "cancelled")

    appointment.refresh_from_db()
    assert appointment.is_booked


def test_an_officer_marks_nothing_of_their_own(clerk, send, clock):
    own = booked(send(owner=clerk), TUESDAY_9, at=NOW)
    clock.move_to(TUESDAY_9)

    assert mark(as_user(clerk), own, "came").status_code == 403


def test_another_ward_sees_marks_and_books_nothing(appointment, dossier):
    WardFactory(neighbour=True, staffed=True)
    stranger = as_user(officer("clerk", WardFactory(neighbour=True)))

    assert listed(stranger.get(LIST, {**TUESDAY, "phuong": "viet-hung"})) == []
    assert mark(stranger, appointment, "came").status_code == 404
    for name, pk in (("cancel_appointment", appointment.pk), ("book_appointment", dossier.pk)):
        assert stranger.get(reverse(f"desk:{name}", args=[pk])).status_code == 404
        assert stranger.post(reverse(f"desk:{name}", args=[pk])).status_code == 404
    assert stranger.get(reverse("desk:find_for_appointment"), {"ma": dossier.code}).status_code == 200


def test_residents_find_no_list(resident):
    assert as_user(resident).get(LIST).status_code == 404


def test_booking_by_telephone(desk, dossier, resident, clerk):
    found = desk.get(reverse("desk:find_for_appointment"), {"ma": f" {dossier.code.lower()} "})
    assert found.url == reverse("desk:book_appointment", args=[dossier.pk])
    assert "Thứ 3, 24/11/2026" in desk.get(found.url).text

    done = desk.post(f"{found.url}?ngay=2026-11-24", {"gio": "09:00", "note": "Bà Hường gọi"})

    assert done.url == f"{LIST}?phuong=viet-hung&ngay=2026-11-24"
    made = dossier.appointments.get()
    assert (made.starts_at, made.booked_by, made.note) == (TUESDAY_9, clerk, "Bà Hường gọi")
    assert told(resident) == ["booked"]
    assert "Bà Hường gọi" in desk.get(LIST, TUESDAY).text


def test_a_code_nobody_has_is_said(desk, ward):
    assert "không có hồ sơ nào" in desk.get(reverse("desk:find_for_appointment"), {"ma": "H26"}).text


def test_a_time_that_went_while_on_the_telephone_keeps_the_note(desk, dossier, send, ward):
    VisitHours.objects.create(ward=ward, counters=1)
    booked(send(), TUESDAY_9, at=NOW)

    response = desk.post(
        f"{reverse('desk:book_appointment', args=[dossier.pk])}?ngay=2026-11-24", {"gio": "09:00", "note": "Gọi lại"}
    )

    assert "Giờ này không còn trống." in response.text
    assert "Gọi lại" in response.text


def test_what_cannot_be_booked_says_why(desk, send):
    ended = send(accepted=False, refused=True)
    address = reverse("desk:book_appointment", args=[ended.pk])

    assert "Không được tiếp nhận" in desk.get(address).text
    assert desk.post(f"{address}?ngay=2026-11-24", {"gio": "09:00"}).status_code == 409


def test_cancelling_by_telephone(desk, appointment, resident):
    address = reverse("desk:cancel_appointment", args=[appointment.pk])
    assert "Hủy lịch hẹn?" in desk.get(address).text

    desk.post(address, {"note": "Bị ốm"})

    appointment.refresh_from_db()
    assert (appointment.state, appointment.note) == ("cancelled", "Bị ốm")
    assert told(resident) == ["booked", "cancelled"]
    assert desk.post(address).status_code == 409


def test_what_the_calendar_has_overtaken_stands_on_every_day(desk, clerk, appointment, clock):
    CalendarDay.objects.create(date="2026-11-24", kind="closed", note="Bão")

    assert desk.get(LIST).context["stranded"] == [appointment]
    clock.move_to(TUESDAY_9)
    page = as_user(clerk).get(LIST, TUESDAY).text
    assert "Phường nghỉ giờ này" in page
    assert 'value="no_show"' not in page


def test_only_the_leader_says_how_many_the_ward_can_take(desk, ward):
    address = reverse("desk:visit_hours")
    leader = as_user(officer("leader", ward))
    given = {"slot_minutes": 15, "counters": 3, "first_start": "08:30", "last_start": "15:00", "days_ahead": 5}

    assert (desk.get(address).status_code, desk.post(address, given).status_code) == (403, 403)
    assert leader.post(address, given).url == f"{LIST}?phuong=viet-hung"

    hours = VisitHours.of(ward)
    assert (hours.slot_minutes, hours.counters, hours.days_ahead) == (15, 3, 5)
    assert audit.history_of(hours).get().data["counters"] == "3"


@pytest.mark.parametrize(
    "wrong", [{"counters": 0}, {"last_start": "08:00"}, {"days_ahead": 0}, {"slot_minutes": 7}, {"first_start": "x"}]
)
def test_nonsense_is_refused_with_what_was_typed(ward, wrong):
    leader = as_user(officer("leader", ward))
    given = {"slot_minutes": 15, "counters": 3, "first_start": "08:30", "last_start": "15:00", "days_ahead": 5}

    response = leader.post(reverse("desk:visit_hours"), given | wrong)

    assert response.context["form"].errors.keys() == set(wrong)
    assert not VisitHours.objects.exists()


def test_the_dossier_at_the_desk_shows_the_visit(desk, dossier, appointment):
    page = desk.get(reverse("desk:dossier", args=[dossier.pk])).text

    assert "09:00 ngày 24/11/2026" in page
    assert reverse("desk:book_appointment", args=[dossier.pk]) in page


def test_thirty_people_take_as_many_queries_as_one(desk, send, ward, django_assert_max_num_queries):
    VisitHours.objects.create(ward=ward, counters=20)
    for number in range(30):
        if number == 1:
            with django_assert_max_num_queries(50) as of_one:
                assert len(listed(desk.get(LIST, TUESDAY))) == 1
        booked(send(owner=UserFactory()), hanoi(24, 8 + number // 10), at=NOW)

    with django_assert_max_num_queries(len(of_one)):
        assert len(listed(desk.get(LIST, TUESDAY))) == 30
