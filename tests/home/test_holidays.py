"""The days of every ward in the editors' admin: entered by the catalogue's authors, from a document."""

from datetime import date

import pytest
from django.urls import NoReverseMatch, reverse

from buildings.roles import Position
from home.editing.editors import settle
from portal.core.audit import history_of
from portal.core.calendar import CLOSED, load_calendar, parse_hours
from portal.core.models import CalendarDay
from services.dossiers import watch
from tests.factories.buildings import MembershipFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

INDEX, ADD = reverse("holidays:index"), reverse("holidays:add")
FACTS = {"note": "Ngày Văn hóa Việt Nam", "source": "Bộ luật Lao động sửa đổi"}


@pytest.fixture
def author(client):
    user = UserFactory(full_name="Người soạn", is_staff=True)
    settle(MembershipFactory(user=user, position=Position.CATALOGUE_AUTHOR).user)
    client.force_login(user)
    return user


@pytest.fixture
def planned_anew(monkeypatch):
    """For which wards what has not started was planned anew; None stands for all."""
    calls = []
    monkeypatch.setattr(watch, "calendar_changed", lambda ward, *, at: calls.append(ward))
    return calls


@pytest.fixture
def culture_day(db):
    """As the seed enters it: named, but no day off by any law."""
    return CalendarDay.objects.create(date=date(2026, 11, 24), kind="working", note="chưa xác nhận", source="NQ 80")


@pytest.fixture
def storm(db):
    return CalendarDay.objects.create(
        date=date(2026, 11, 25), kind="closed", ward_code="00127", note="Bão", source="Công điện"
    )


def edit(row) -> str:
    return reverse("holidays:edit", args=[row.pk])


def test_a_day_becomes_a_holiday_when_the_document_is_there(client, author, culture_day, planned_anew):
    assert load_calendar().is_working(culture_day.date)

    response = client.post(edit(culture_day), {"kind": "closed", "hours": "", **FACTS})

    assert response.status_code == 302, response.context["form"].errors
    assert load_calendar().hours(culture_day.date) == CLOSED
    event = history_of(culture_day).get()
    assert (event.action, event.actor_id, event.ward_id) == ("set_calendar_day", author.pk, None)
    assert (event.data["before"]["kind"], event.data["source"]) == ("working", FACTS["source"])
    assert planned_anew == [None]
    culture_day.refresh_from_db()
    assert culture_day.edited  # the seed leaves it alone


def test_a_new_day_for_every_ward(client, author, planned_anew):
    response = client.post(ADD, {"date": "2027-04-24", "kind": "hours", "hours": "8:00-11:30", **FACTS})
    assert response.status_code == 302, response.context["form"].errors
    row = CalendarDay.objects.get()
    assert (row.date, row.ward_code, row.hours) == (date(2027, 4, 24), "", "08:00-11:30")
    assert load_calendar().hours(row.date) == parse_hours("08:00-11:30")
    assert planned_anew == [None]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": ""}, "source"),
        ({"note": ""}, "note"),
        ({"date": "2026-11-24"}, "date"),  # there already
        ({"kind": "hours", "hours": "sáng"}, "hours"),
        ({"kind": "hours", "hours": ""}, "hours"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_question(client, author, culture_day, planned_anew, change, field):
    response = client.post(ADD, {"date": "2026-12-24", "kind": "closed", "hours": "", **FACTS, **change})
    assert list(response.context["form"].errors) == [field]
    assert CalendarDay.objects.get() == culture_day
    assert planned_anew == []


def test_the_date_of_a_row_stays(client, author, culture_day, planned_anew):
    client.post(edit(culture_day), {"date": "2026-12-24", "kind": "closed", "hours": "", **FACTS})
    assert CalendarDay.objects.get().date == date(2026, 11, 24)


def test_a_wards_own_days_are_not_here(client, author, culture_day, storm):
    assert "Công điện" not in client.get(INDEX).text
    assert "chưa xác nhận" in client.get(INDEX).text
    assert client.get(edit(storm)).status_code == 404
    assert client.post(edit(storm), {"kind": "working", "hours": "", **FACTS}).status_code == 404


def test_nothing_is_deleted_here():
    for name in ("delete", "history", "usage", "copy"):
        with pytest.raises(NoReverseMatch):
            reverse(f"holidays:{name}", args=[1])


@pytest.mark.parametrize("position", [Position.WARD_EDITOR, Position.LEADER])
def test_for_others_there_are_no_such_pages(client, viet_hung, culture_day, position):
    user = UserFactory(is_staff=True)
    membership = MembershipFactory(user=user, position=position, ward=viet_hung.ward)
    if position == Position.WARD_EDITOR:
        settle(membership.user)
    client.force_login(user)
    for address in (INDEX, ADD, edit(culture_day)):
        assert client.get(address).status_code == 404
        assert client.post(address, {"kind": "closed", **FACTS}).status_code == 404
