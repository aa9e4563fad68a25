"""The ward's calendar at the desk: a storm, a half day, a swapped Saturday, and what holds for every ward."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from portal.core import outbox
from portal.core.audit import history_of
from portal.core.calendar import CLOSED, VIETNAM, load_calendar, parse_hours
from portal.core.models import AuditEvent, CalendarDay

from .conftest import NOW

CALENDAR = reverse("desk:calendar")
ADD = reverse("desk:calendar_add")
WORDS = {"note": "Nghỉ tránh bão số 1", "source": "Công điện 05/CĐ-UBND ngày 05/02/2026"}


@pytest.fixture
def leader(client, officers):
    client.force_login(officers["leader"])
    return officers["leader"]


@pytest.fixture
def holiday(db):
    """Monday 16/2 to Friday 20/2: Tết, for every ward."""
    return CalendarDay.objects.bulk_create(
        CalendarDay(date=date(2026, 2, day), kind="closed", note="Tết Bính Ngọ", source="Bộ luật Lao động")
        for day in range(16, 21)
    )


@pytest.fixture
def storm(ward):
    return CalendarDay.objects.create(date=date(2026, 2, 6), kind="closed", ward_code=ward.code, **WORDS)


def typed(first: date | None, last: date | None = None, **more) -> dict:
    dates = {
        f"{name}_{part}": value
        for name, day in (("from_date", first), ("to_date", last))
        if day
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year))
    }
    return {**dates, **WORDS, **more}


def own_days(ward) -> dict[date, str]:
    return dict(CalendarDay.objects.filter(ward_code=ward.code).values_list("date", "kind"))


# --- Changed -------------------------------------------------------------------------------------------


def test_a_storm_closes_the_working_days_of_its_period(client, ward, other_ward, leader):
    response = client.post(ADD, typed(date(2026, 2, 6), date(2026, 2, 9), kind="closed"), follow=True)

    # Friday and Monday; the weekend between is closed anyway.
    assert own_days(ward) == {date(2026, 2, 6): "closed", date(2026, 2, 9): "closed"}
    assert "Đã ghi 2 ngày" in response.text
    assert load_calendar(ward).working_day_after(date(2026, 2, 5)) == date(2026, 2, 10)
    assert load_calendar(other_ward).is_working(date(2026, 2, 6))


def test_a_half_day(client, ward, leader):
    client.post(ADD, typed(date(2026, 2, 13), kind="hours", hours="8:00 – 11:30"))
    assert load_calendar(ward).hours(date(2026, 2, 13)) == parse_hours("08:00-11:30")
    assert CalendarDay.objects.get().hours == "08:00-11:30"


def test_a_swapped_saturday_in_the_wards_own_hours(client, ward, leader):
    ward.office_hours = "07:30-11:30,13:00-17:00"
    ward.save()
    client.post(ADD, typed(date(2026, 2, 7), kind="working"))
    assert load_calendar(ward).hours(date(2026, 2, 7)) == parse_hours("07:30-11:30,13:00-17:00")


def test_a_ward_may_work_on_a_day_all_others_have_off(client, ward, other_ward, leader, holiday):
    client.post(ADD, typed(date(2026, 2, 16), kind="hours", hours="08:00-10:00"))
    assert load_calendar(ward).hours(date(2026, 2, 16)) == parse_hours("08:00-10:00")
    assert load_calendar(other_ward).hours(date(2026, 2, 16)) == CLOSED


def test_a_change_is_recorded_with_what_was_before(client, ward, leader, storm):
    edit = reverse("desk:calendar_edit", args=[storm.pk])
    assert client.get(edit).context["form"].initial["source"] == WORDS["source"]

    client.post(edit, {"kind": "hours", "hours": "13:00-17:00", "note": "Bão tan sớm", "source": "Công điện 06"})

    event = history_of(storm).get()
    assert (event.action, event.actor_id, event.ward_id) == ("set_calendar_day", leader.pk, ward.pk)
    assert event.data == {
        "date": "2026-02-06",
        "kind": "hours",
        "hours": "13:00-17:00",
        "note": "Bão tan sớm",
        "source": "Công điện 06",
        "before": {"kind": "closed", "hours": "", **WORDS},
    }
    assert load_calendar(ward).hours(storm.date) == parse_hours("13:00-17:00")


def test_taking_a_day_away_needs_a_document_too_and_leaves_a_record(client, ward, leader, storm):
    remove = reverse("desk:calendar_remove", args=[storm.pk])
    assert list(client.post(remove, {"source": " "}).context["form"].errors) == ["source"]
    assert own_days(ward) == {storm.date: "closed"}

    client.post(remove, {"source": "Công điện 07/CĐ-UBND"})

    assert own_days(ward) == {}
    assert load_calendar(ward).is_working(storm.date)
    event = AuditEvent.objects.get()
    assert (event.stream, event.action) == (f"calendarday:{storm.pk}", "clear_calendar_day")
    assert event.data["source"] == "Công điện 07/CĐ-UBND"
    assert client.post(remove, {"source": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": ""}, "source"),
        ({"note": ""}, "note"),
        ({"kind": ""}, "kind"),
        ({"kind": "hours", "hours": ""}, "hours"),
        ({"kind": "hours", "hours": "12:00-08:00"}, "hours"),
        ({"kind": "hours", "hours": "sáng"}, "hours"),
        ({"kind": "working"}, "kind"),  # a Friday is worked anyway
    ],
)
def test_what_makes_no_sense_is_said_at_its_question(client, ward, leader, change, field):
    response = client.post(ADD, typed(date(2026, 2, 6), **{"kind": "closed", **change}))
    assert list(response.context["form"].errors) == [field]
    assert own_days(ward) == {}


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, None, "from_date"),
        (date(2026, 2, 9), date(2026, 2, 6), "to_date"),
        (date(2026, 2, 9), date(2026, 3, 12), "to_date"),  # 32 days
        (date(2026, 1, 4), None, "from_date"),  # 32 days ago
        (date(2028, 1, 3), None, "from_date"),
    ],
)
def test_a_period_stays_within_reason(client, ward, leader, first, last, field):
    response = client.post(ADD, typed(first, last, kind="closed"))
    assert list(response.context["form"].errors) == [field]
    assert own_days(ward) == {}


def test_a_day_the_ward_has_entered_is_changed_where_it_stands(client, ward, leader, storm):
    response = client.post(ADD, typed(date(2026, 2, 5), date(2026, 2, 6), kind="hours", hours="08:00-10:00"))
    assert "06/02/2026 đã được phường ghi" in response.context["form"].errors["from_date"][0]
    assert own_days(ward) == {storm.date: "closed"}


def test_a_storm_moves_what_has_not_started_and_keeps_what_was_promised(client, ward, leader, send, walk):
    dossier = walk(send(), "approve")  # accepted on Thursday 5/2, three working days
    promised, running = dossier.due_at, dossier.current_step.due_at
    waiting = dossier.steps.filter(started_at=None).order_by("seq")
    before = [step.planned_start_at for step in waiting]

    client.post(ADD, typed(date(2026, 2, 6), kind="closed"))
    outbox.run_all(at=timezone.now())

    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.current_step.due_at) == (promised, running)
    after = [step.planned_start_at for step in waiting.all()]
    assert after != before
    assert all(new >= old for old, new in zip(before, after, strict=True))
    assert not any(load_calendar(ward).hours(moment.astimezone(VIETNAM).date()) == CLOSED for moment in after[1:])


# --- Whose ---------------------------------------------------------------------------------------------


def test_the_desk_reads_and_the_leader_changes(client, officers, storm):
    for position in ("clerk", "specialist", "registry_clerk"):
        client.force_login(officers[position])
        page = client.get(f"{CALENDAR}?thang=2026-02")
        assert WORDS["note"] in page.text
        assert ADD not in page.text
        for address in (ADD, *(reverse(f"desk:calendar_{name}", args=[storm.pk]) for name in ("edit", "remove"))):
            assert client.get(address).status_code == 403
            assert client.post(address, typed(date(2026, 2, 9), kind="closed")).status_code == 403
    assert CalendarDay.objects.get() == storm


def test_another_wards_day_and_everybodys_are_not_the_leaders_to_change(client, strangers, holiday, storm):
    client.force_login(strangers["leader"])
    for row in (storm, holiday[0]):
        for name in ("edit", "remove"):
            address = reverse(f"desk:calendar_{name}", args=[row.pk])
            assert client.get(address).status_code == 404
            assert client.post(address, {"kind": "working", **WORDS}).status_code == 404
    assert not CalendarDay.objects.filter(edited=True).exists()
    assert WORDS["note"] not in client.get(f"{CALENDAR}?thang=2026-02").text


# --- Shown ---------------------------------------------------------------------------------------------


def cells(client, month: str) -> dict[int, str]:
    soup = BeautifulSoup(client.get(f"{CALENDAR}?thang={month}").content, "html.parser")
    grid = soup.select_one("table.month__grid")
    assert len(grid.select("thead th[scope=col]")) == 7
    found = {}
    for cell in grid.select("td.month__day:not(.month__day--outside)"):
        found[int(cell.select_one(".month__number").contents[0])] = cell.select_one(".month__word").get_text()
    return found


def test_every_day_of_the_month_says_in_words_how_it_is_worked(client, ward, leader, holiday, storm):
    CalendarDay.objects.create(date=date(2026, 2, 7), kind="working", ward_code=ward.code, **WORDS)
    CalendarDay.objects.create(date=date(2026, 2, 13), kind="hours", hours="08:00-11:00", ward_code=ward.code, **WORDS)
    words = cells(client, "2026-02")
    assert sorted(words) == list(range(1, 29))
    by_word = {word: [day for day in words if words[day] == word] for word in set(words.values())}
    assert by_word == {
        "Nghỉ": [1, 6, 8, 14, 15, 16, 17, 18, 19, 20, 21, 22, 28],
        "Làm bù": [7],
        "Giờ riêng": [13],
        "Làm việc": [2, 3, 4, 5, 9, 10, 11, 12, 23, 24, 25, 26, 27],
    }


def test_the_list_below_names_reason_document_and_whose_the_day_is(client, ward, leader, holiday, storm):
    CalendarDay.objects.create(date=date(2026, 2, 20), kind="hours", hours="08:00-10:00", ward_code=ward.code, **WORDS)
    response = client.get(f"{CALENDAR}?thang=2026-02")
    days = response.context["month"].days_that_differ()
    assert [(day.date.day, bool(day.own), bool(day.general)) for day in days] == [
        (6, True, False),
        (16, False, True),
        (17, False, True),
        (18, False, True),
        (19, False, True),
        (20, True, True),
    ]
    assert WORDS["source"] in response.text
    assert "Thay cho lịch chung: Tết Bính Ngọ" in response.text


def test_a_working_day_with_a_remark_is_no_swapped_day(client, leader, ward):
    CalendarDay.objects.create(date=date(2026, 11, 24), kind="working", note="Ngày Văn hóa Việt Nam: chưa xác nhận")
    assert cells(client, "2026-11")[24] == "Làm việc"


@pytest.mark.parametrize("month", ["", "2026-13", "xx", "0001-01", "9999-12"])
def test_an_address_that_makes_no_sense_shows_this_month(client, leader, ward, month):
    assert client.get(CALENDAR, {"thang": month}).context["month"].first == date(2026, 2, 1)


def test_the_month_takes_few_queries_however_full(client, leader, ward, holiday, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        assert client.get(f"{CALENDAR}?thang=2026-02").status_code == 200
    assert NOW.date() == date(2026, 2, 5)
