"""The screens of absences: who sees, who records, what the substitute is told."""

from datetime import date

import pytest
from django.urls import reverse

from buildings.absences import absence_of, record_absence
from buildings.models import Absence
from portal.core.models import Notification

from .conftest import NOW, make_officer

LIST = reverse("desk:absences")
RECORD = reverse("desk:absence_record")


@pytest.fixture
def colleague(ward, officers):
    return make_officer("clerk", ward, "Phạm Văn Lộc", login="loc")


@pytest.fixture
def away(ward, officers, colleague):
    """The clerk is away from tomorrow on, and a colleague stands in."""
    return record_absence(
        officers["clerk"],
        ward,
        from_date=date(2026, 2, 6),
        to_date=date(2026, 2, 10),
        substitute=colleague,
        by=officers["leader"],
        at=NOW,
        reason="Khám bệnh",
    )


def typed(first: date, last: date, substitute, **more) -> dict:
    dates = {
        f"{name}_{part}": value
        for name, day in (("from_date", first), ("to_date", last))
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year))
    }
    return {**dates, "substitute": substitute.pk, **more}


def test_a_leader_records_for_everybody_and_the_substitute_is_told(client, ward, officers, colleague):
    client.force_login(officers["leader"])
    data = typed(date(2026, 2, 6), date(2026, 2, 7), colleague, user=officers["clerk"].pk, reason="Tập huấn")

    response = client.post(RECORD, data, follow=True)

    absence = Absence.objects.get()
    assert (absence.user, absence.substitute, absence.recorded_by) == (
        officers["clerk"],
        colleague,
        officers["leader"],
    )
    assert "Phạm Văn Lộc làm thay" in response.text
    notice = Notification.objects.get(recipient=colleague)
    assert notice.title == "Bạn làm thay clerk Việt Hưng từ 06/02/2026 đến hết 07/02/2026"
    assert notice.url == f"{LIST}?phuong=viet-hung"


def test_a_substitute_who_recorded_it_needs_no_notice(client, ward, officers):
    client.force_login(officers["leader"])
    client.post(RECORD, typed(date(2026, 2, 6), date(2026, 2, 7), officers["leader"], user=officers["clerk"].pk))
    assert Absence.objects.get().substitute == officers["leader"]
    assert not Notification.objects.exists()


def test_an_officer_speaks_for_themself_whoever_they_name(client, ward, officers, colleague):
    client.force_login(officers["clerk"])
    page = client.get(RECORD)
    assert "user" not in page.context["form"].fields
    client.post(RECORD, typed(date(2026, 2, 6), date(2026, 2, 7), colleague, user=officers["specialist"].pk))
    assert absence_of(officers["clerk"], ward, date(2026, 2, 6))
    assert absence_of(officers["specialist"], ward, date(2026, 2, 6)) is None


def test_what_is_refused_is_said_at_its_question(client, ward, officers, away):
    client.force_login(officers["specialist"])
    response = client.post(RECORD, typed(date(2026, 2, 6), date(2026, 2, 7), officers["clerk"]))
    assert "không giữ đủ vị trí" in response.context["form"].errors["substitute"][0]
    response = client.post(RECORD, typed(date(2026, 2, 4), date(2026, 2, 7), officers["leader"]))
    assert "đã qua" in response.context["form"].errors["from_date"][0]
    assert Absence.objects.get() == away


def test_nobody_of_another_ward_can_be_named(client, officers, strangers):
    client.force_login(officers["clerk"])
    response = client.post(RECORD, typed(date(2026, 2, 6), date(2026, 2, 7), strangers["clerk"]))
    assert list(response.context["form"].errors) == ["substitute"]


def test_the_list_shows_what_is_and_will_be_to_the_whole_desk(
    client, officers, away, clock, django_assert_max_num_queries
):
    client.force_login(officers["specialist"])
    with django_assert_max_num_queries(12):
        response = client.get(LIST)
    assert [(row, now) for row, now, _theirs in response.context["rows"]] == [(away, False)]
    clock.move_to("2026-02-10T16:59:00+00:00")  # 23:59 in Hanoi
    client.force_login(officers["specialist"])
    assert [now for _row, now, _theirs in client.get(LIST).context["rows"]] == [True]
    clock.move_to("2026-02-10T17:00:00+00:00")
    client.force_login(officers["specialist"])
    assert client.get(LIST).context["rows"] == []


def test_the_reason_is_for_the_person_and_the_leader(client, officers, colleague, away):
    def reads(user) -> bool:
        client.force_login(user)
        return "Khám bệnh" in client.get(LIST).text

    assert [reads(officers["clerk"]), reads(officers["leader"]), reads(colleague)] == [True, True, False]


def test_ending_is_theirs_and_the_leaders(client, officers, colleague, strangers, away):
    end = reverse("desk:absence_end", args=[away.pk])
    for user, status in ((colleague, 403), (strangers["leader"], 404), (officers["clerk"], 200)):
        client.force_login(user)
        assert client.get(end).status_code == status
        if status != 200:
            assert client.post(end).status_code == status
    assert Absence.objects.standing().get() == away

    client.post(end)

    assert not Absence.objects.standing().exists()
    assert client.post(end).status_code == 404


def test_an_officer_of_two_wards_chooses_the_ward(client, ward, other_ward, officers, colleague):
    both = make_officer("clerk", ward, "An", login="both")
    both.memberships.create(position="clerk", ward=other_ward, began_at=NOW)
    helper = make_officer("clerk", other_ward, "Bình", login="binh")
    client.force_login(both)
    client.post(f"{RECORD}?phuong=giang-bien", typed(date(2026, 2, 6), date(2026, 2, 6), helper))
    assert Absence.objects.get().ward == other_ward
    assert client.get(f"{LIST}?phuong=viet-hung").context["rows"] == []
