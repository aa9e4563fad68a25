"""The leader's calendar of due times, the load of each person, and giving work to somebody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from services.dossiers import actions
from services.dossiers.models import Dossier

from .conftest import NOW, make_officer

LOAD, WORK = reverse("desk:load"), reverse("desk:work")


@pytest.fixture
def leader(client, officers):
    client.force_login(officers["leader"])
    return officers["leader"]


def of(officer):
    return reverse("desk:load_of", args=[officer.pk])


def test_each_day_says_how_many_fall_due_and_leads_to_them(client, send, leader):
    dossiers = [send(), send()]

    response = client.get(LOAD)

    due = {day.date: number for week in response.context["weeks"] for day, number in week if number}
    assert due == {date(2026, 2, 6): 2}  # eight working hours from Thursday, 9:30
    listed = client.get(WORK, {"xem": "phuong", "han": "2026-02-06"}).context["lines"]
    assert {line.dossier.pk for line in listed} == {dossier.pk for dossier in dossiers}
    assert client.get(WORK, {"xem": "phuong", "han": "2026-02-07"}).context["lines"] == []
    assert client.get(WORK, {"xem": "phuong", "han": "ngày mai"}).status_code == 200


def test_everybody_has_their_load(client, send, walk, leader, officers, clock):
    send(), walk(send(), "approve")
    clerk = officers["clerk"]
    waiting = send()
    actions.request_supplement(waiting, by=clerk, at=NOW, items=[("muc_dich", "a")], reason="b", contact="c")

    loads = {load.officer: (load.steps, load.late, load.minutes) for load in client.get(LOAD).context["loads"]}

    assert loads == {
        clerk: (1, 0, 120),
        officers["specialist"]: (1, 0, 300),
        officers["leader"]: (0, 0, 0),
        officers["registry_clerk"]: (0, 0, 0),
    }
    clock.shift(timedelta(days=20))
    client.force_login(leader)
    assert {load.late for load in client.get(LOAD).context["loads"]} == {0, 1}


def test_several_are_given_to_a_colleague_each_for_itself(client, send, walk, ward, leader, officers):
    colleague = make_officer("clerk", ward, "Lê Thị Lan", login="lan")
    clerk = Dossier.objects.get(pk=send().pk).current_step.assignee
    mine = list(Dossier.objects.filter(current_step__assignee=clerk))
    ticked = [f"{dossier.pk}:{dossier.current_step.turn}" for dossier in mine]
    other = colleague if clerk != colleague else officers["clerk"]

    response = client.post(of(clerk), {"ho_so": ticked, "to": other.pk, "reason": "Chia bớt việc"})

    assert [outcome.done for outcome in response.context["outcomes"]] == [True]
    mine[0].refresh_from_db()
    assert mine[0].current_step.assignee == other
    assert mine[0].hand_overs.last().receiver == other


def test_work_is_not_given_to_another_position(client, send, leader, officers):
    dossier = send()
    ticked = [f"{dossier.pk}:{dossier.current_step.turn}"]

    response = client.post(of(officers["clerk"]), {"ho_so": ticked, "to": officers["specialist"].pk})

    outcome = response.context["outcomes"][0]
    assert not outcome.done
    assert "không giữ vị trí của bước này" in outcome.words
    dossier.refresh_from_db()
    assert dossier.current_step.assignee == officers["clerk"]


def test_nothing_ticked_and_nobody_chosen_are_said(client, send, leader, officers):
    send()

    assert "Đánh dấu ít nhất một hồ sơ." in client.post(of(officers["clerk"]), {"to": officers["leader"].pk}).text
    assert "Chọn người nhận việc." in client.post(of(officers["clerk"]), {}).text


def test_only_leaders_see_it_and_only_their_own_desk(client, send, officers, strangers):
    send()
    client.force_login(officers["clerk"])
    assert client.get(LOAD).status_code == 403
    client.force_login(strangers["leader"])
    assert {load.steps for load in client.get(LOAD).context["loads"]} == {0}
    assert client.get(of(officers["clerk"])).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_calendar_costs_as_many_queries_whatever_the_number(
    client, send, leader, officers, number, django_assert_max_num_queries
):
    for _count in range(number):
        send()

    with django_assert_max_num_queries(20):
        client.get(LOAD)
    with django_assert_max_num_queries(26):
        client.get(of(officers["clerk"]))
