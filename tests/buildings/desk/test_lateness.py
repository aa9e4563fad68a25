"""A late request of a building: no way past it but the one, for whoever owes the answer (as at the ward's desk)."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from buildings.requests import actions, contractors, lateness, referrals
from buildings.requests import transitions as moves
from buildings.requests.models import BuildingRequest, RequestLateness
from buildings.roles import Position
from portal.core import outbox, workflow
from portal.core.lateness import NewDateRefused
from portal.core.models import Notification
from portal.core.notifications import read
from tests.factories.buildings import (
    ApartmentFactory,
    BuildingFactory,
    MembershipFactory,
    ResidencyFactory,
    manager_of,
    officer,
)
from tests.factories.people import UserFactory
from tests.factories.requests import AT, a_request, accepted, finished, neighbour_in, picture, worker

from .conftest import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

process = lateness.process
SAID = {"cause": "own", "text": "Tôi quên gọi thợ.", "remedy": "Xem danh sách mỗi sáng."}
NEXT_YEAR = AT + timedelta(days=60)


def waiting(request):
    by = worker(accepted(request))
    day = (AT + timedelta(days=30)).date()
    return actions.wait(request, by=by, at=AT + timedelta(minutes=20), waiting_for="part", back_on=day, reason="a")


def planned(request):
    return actions.plan(request, by=worker(request), at=AT + timedelta(minutes=5), planned_for=AT + timedelta(hours=3))


# Where each move of the managers starts, and what its action is called with besides.
ROAD = {
    "accept": (lambda request: request, {}),
    "plan": (accepted, {"planned_for": NEXT_YEAR}),
    "finish": (planned, {"note": "a", "token": uuid.uuid4()}),
    "wait": (accepted, {"waiting_for": "part", "back_on": NEXT_YEAR.date(), "reason": "a"}),
    "resume": (waiting, {}),
    "assign": (accepted, {}),
    "reclassify": (accepted, {"category": "power", "urgency": "normal", "reason": "a"}),
    "join": (accepted, {}),
    "refer": (accepted, {"reason": "a"}),
    "refuse": (accepted, {"reason": "a", "elsewhere": "b"}),
}
# What the gate lets through, and why.
LET_THROUGH = {
    "confirm": "the resident's right, or their silence",
    "reopen": "the resident's right; its own gate is a window of days",
    "answer": "the resident's word",
    "withdraw": "the resident's right",
    "support": "a neighbour's right",
    "comment": "nobody's mouth is shut",
    "rate": "the resident's right",
    "note": "said among the managers, it moves nothing on",
    "bring_back": "a day has come; it makes nothing later",
    "come_back": "the ward has answered; nothing of the managers' was late meanwhile",
    "mark_late": "the gate itself",
    "release": "the gate itself, made by the process alone",
}


@pytest.fixture
def late(building):
    """Accepted, and past its promise; nobody has noticed yet. The manager answers for it."""
    return accepted(a_request(building, category="cleaning"))


@pytest.fixture
def at(late):
    return late.next_due_at + timedelta(minutes=1)


@pytest.fixture
def case(late, at):
    return lateness.find_late(late, at=at)


@pytest.fixture
def chair(building):
    return manager_of(building, Position.BOARD_CHAIR)


def fresh(case) -> RequestLateness:
    return RequestLateness.objects.select_related("request__building__ward", "request__reporter").get(pk=case.pk)


def reread(request) -> BuildingRequest:
    return BuildingRequest.objects.get(pk=request.pk)


def to_signature(case, manager, judge, *, at, new_due_at):
    process.explain(case, by=manager, at=at, **SAID)
    process.accept_explanation(fresh(case), by=judge, at=at)
    return process.draft_apology(fresh(case), by=manager, at=at, text="Chúng tôi đã quên.", new_due_at=new_due_at)


# --- The gate ------------------------------------------------------------------------------------------


def test_the_gate_is_shut_from_the_moment_the_request_is_late_noticed_or_not(late):
    due, a_moment = late.next_due_at, timedelta(microseconds=1)

    assert [moves.is_blocked(late, at) for at in (due, due + a_moment)] == [False, True]
    assert lateness.find_late(late, at=due) is None
    assert lateness.find_late(late, at=due + a_moment).due_at == due
    assert moves.is_blocked(reread(late), due)  # whatever the hour, while the case is open


def test_a_leader_of_the_ward_who_lives_there_has_no_part_in_what_they_wait_for():
    """Without a board and a head of the managers the ward's leaders judge, sign and let go on."""
    building = BuildingFactory(slug="bang-lang")
    manager_of(building)
    leader, another = (UserFactory() for _leader in range(2))
    for person in (leader, another):
        MembershipFactory(user=person, position=Position.LEADER, ward=building.ward)
    ResidencyFactory(user=leader, apartment=ApartmentFactory(building=building))
    request = accepted(a_request(building, by=leader))
    case = lateness.find_late(request, at=request.next_due_at + timedelta(minutes=1))

    rules = (lateness.judges, lateness.signs, lateness.overrides)
    assert [[may(person, case) for may in rules] for person in (leader, another)] == [[False] * 3, [True] * 3]


def test_every_move_stands_behind_the_gate_or_says_why_not():
    gated = {name for name, move in moves.MOVES.items() if move.gate is moves.is_blocked}

    assert set(moves.MOVES) - gated == set(LET_THROUGH)
    assert gated == set(ROAD)


@pytest.mark.parametrize("noticed", [False, True], ids=["before the watch", "with an open case"])
@pytest.mark.parametrize("name", list(ROAD))
def test_no_move_of_the_managers_passes(building, manager, head, chair, name, noticed):
    reach, said = ROAD[name]
    request = reach(a_request(building))
    at = request.next_due_at + timedelta(minutes=1)
    if name == "join":
        said = {"into": a_request(building, at=at)}
    if name == "assign":
        said = {"answerable": manager}
    if noticed:
        lateness.find_late(request, at=at)
    before = BuildingRequest.objects.filter(pk=request.pk).values().get()

    for by in (manager, head, chair):
        with pytest.raises((workflow.Blocked, PermissionDenied)):
            getattr(actions, name)(request, by=by, at=at, **said)

    assert BuildingRequest.objects.filter(pk=request.pk).values().get() == before


@pytest.mark.parametrize("noticed", [False, True], ids=["before the watch", "with an open case"])
def test_neither_a_contractor_nor_the_ward_is_a_way_round(late, manager, at, noticed):
    if noticed:
        lateness.find_late(late, at=at)
    for way in (
        lambda: contractors.send_link(late, by=manager, at=at, name="a"),
        lambda: referrals.refer(late, by=manager, at=at, reason="a"),
    ):
        with pytest.raises(workflow.Blocked):
            way()

    assert (late.contractor_links.count(), late.referrals.count()) == (0, 0)


def test_the_gate_is_asked_again_on_the_locked_row(late, manager, at):
    with transaction.atomic(), pytest.raises(workflow.Blocked):
        workflow.apply(workflow.lock(late), moves.FINISH, by=manager, at=at)


def test_shut_from_the_moment_after_the_promise(late, manager):
    due = late.next_due_at

    assert moves.FINISH in workflow.available(moves.MANAGER_MOVES, late, manager, at=due)
    assert moves.FINISH not in workflow.available(moves.MANAGER_MOVES, late, manager, at=due + timedelta(seconds=1))


def test_the_residents_rights_pass(case, late, at):
    neighbour = neighbour_in(late.building)
    actions.comment(late, by=late.reporter, at=at, text="Bao giờ xong?")
    actions.withdraw(late, by=late.reporter, at=at)

    assert reread(late).state == "withdrawn"
    assert neighbour != late.reporter


# --- Who answers ---------------------------------------------------------------------------------------


def test_one_case_against_whoever_answers_for_it(late, at, manager):
    first, second = (lateness.find_late(late, at=at) for _time in range(2))

    assert (first, first.responsible, first.number, first.escalated) == (second, manager, 1, False)


def test_who_may_do_what_on_the_road(case, at, manager, head, chair):
    stranger = neighbour_in(case.request.building)
    for by in (stranger, case.request.reporter, chair):
        with pytest.raises(PermissionDenied):
            process.explain(fresh(case), by=by, at=at, **SAID)
    process.explain(fresh(case), by=manager, at=at, **SAID)
    for by in (manager, stranger, chair):
        with pytest.raises(PermissionDenied):
            process.accept_explanation(fresh(case), by=by, at=at)
    process.accept_explanation(fresh(case), by=head, at=at)
    with pytest.raises(PermissionDenied):
        process.draft_apology(fresh(case), by=chair, at=at, text="a", new_due_at=None)
    process.draft_apology(fresh(case), by=manager, at=at, text="a", new_due_at=None)
    for by in (manager, chair, stranger):
        with pytest.raises(PermissionDenied):
            process.sign_apology(fresh(case), by=by, at=at)
    for by in (manager, head, stranger):
        with pytest.raises(PermissionDenied):
            process.override(fresh(case), by=by, at=at, reason="x")


def test_the_heads_own_lateness_is_judged_by_the_board(building, head, chair):
    request = accepted(a_request(building, category="lift"))  # a lift is the head's to answer for
    at = request.next_due_at + timedelta(minutes=1)
    case = lateness.find_late(request, at=at)
    process.explain(case, by=head, at=at, **SAID)

    assert (case.responsible, case.escalated) == (head, True)
    with pytest.raises(PermissionDenied):
        process.accept_explanation(fresh(case), by=head, at=at)
    assert process.accept_explanation(fresh(case), by=chair, at=at).state == "apologising"


def test_without_a_board_the_wards_leader_judges_and_has_a_page_for_it(building, head, clock):
    leader = officer(Position.LEADER, building.ward)
    request = accepted(a_request(building, category="lift"))
    at = request.next_due_at + timedelta(minutes=1)
    clock.move_to(at)
    case = lateness.find_late(request, at=at)
    process.explain(case, by=head, at=at, **SAID)

    page = Desk(building, leader)
    assert page.get("road", request.pk, "duyet").status_code == 200
    assert page.get("request", request.pk).status_code == 404
    seen = page.get("road", request.pk, "duyet").context["seen"]
    page.client.post(page.url("road", request.pk, "duyet"), {"seen": seen})
    assert fresh(case).state == "apologising"


def test_with_a_board_the_wards_leader_has_no_part(building, case, chair, late, clock, at):
    clock.move_to(at)
    leader = officer(Position.LEADER, building.ward)

    assert Desk(building, leader).get("road", late.pk, "duyet").status_code == 404


# --- The road ------------------------------------------------------------------------------------------


def test_the_whole_road_lets_the_request_go_on_under_its_new_date(case, late, at, manager, head):
    new_date = at + timedelta(days=3)
    drafted = to_signature(case, manager, head, at=at, new_due_at=new_date)
    process.sign_apology(drafted, by=head, at=at)
    assert moves.is_blocked(reread(late), at)  # signed is not yet arrived

    outbox.run_all(at=NEXT_YEAR)
    read(Notification.objects.visible_to(late.reporter), at=at)
    outbox.run_all(at=NEXT_YEAR)

    released = reread(late)
    assert fresh(case).state == "told"
    assert fresh(case).letter.read().startswith(b"%PDF-")
    assert (released.lateness, released.promised_at, released.next_due_at) == (None, new_date, new_date)
    assert released.due_at == late.due_at  # the first promise stays on record
    assert finished(released, at=at + timedelta(hours=1)).was_late


def test_released_without_a_new_date_it_is_not_late_again_at_once(case, late, at, manager, head, chair):
    drafted = to_signature(case, manager, head, at=at, new_due_at=None)
    process.override(drafted, by=chair, at=at, reason="Cư dân cần đi lại ngay.")

    released = reread(late)
    assert not moves.is_blocked(released, at + timedelta(minutes=1))
    assert released.next_due_at > at
    assert fresh(case).overridden_by == chair


def test_a_late_answer_is_answered_and_the_promise_stands(building, head, manager, chair):
    request = a_request(building, category="cleaning")
    at = request.next_due_at + timedelta(minutes=1)
    case = lateness.find_late(request, at=at)
    process.override(case, by=chair, at=at, reason="a")

    released = reread(request)
    assert (case.new_date_allowed, released.state) == (False, "new")
    assert at < released.next_due_at <= released.promised_at
    actions.accept(released, by=manager, at=at + timedelta(minutes=1))


def test_a_date_is_promised_anew_once(case, late, at, manager, head, chair):
    sent = process.send_apology(
        process.sign_apology(
            to_signature(case, manager, head, at=at, new_due_at=at + timedelta(days=1)), by=head, at=at
        ),
        at=at,
    )
    process.arrive(fresh(sent), at=at, how="email")
    later = reread(late).next_due_at + timedelta(minutes=1)
    second = lateness.find_late(reread(late), at=later)

    assert (second.number, second.escalated, second.new_date_allowed) == (2, True, False)
    process.explain(second, by=manager, at=later, **SAID)
    process.accept_explanation(fresh(second), by=chair, at=later)
    with pytest.raises(NewDateRefused):
        process.draft_apology(fresh(second), by=manager, at=later, text="a", new_due_at=later + timedelta(days=1))


def test_whoever_withdrew_is_still_apologised_to(case, late, at, manager, head):
    actions.withdraw(late, by=late.reporter, at=at)
    drafted = to_signature(case, manager, head, at=at, new_due_at=None)
    sent = process.send_apology(process.sign_apology(drafted, by=head, at=at), at=at)

    process.record_delivery(fresh(sent), by=manager, at=at, how="Gọi điện")

    ended = reread(late)
    assert (ended.state, ended.lateness, ended.next_due_at) == ("withdrawn", None, None)


# --- Screens -------------------------------------------------------------------------------------------


def test_the_road_on_the_screen(building, late, at, manager, head, clock):
    clock.move_to(at)
    as_manager, as_head = Desk(building, manager), Desk(building, head)

    def step(desk, slug, **said):
        seen = desk.get("road", late.pk, slug).context["seen"]
        answer = desk.client.post(desk.url("road", late.pk, slug), {"seen": seen, **said})
        assert answer.status_code == 302, answer.context["form"].errors

    step(as_manager, "giai-trinh", **SAID)
    step(as_head, "duyet")
    local = at + timedelta(days=2)
    date = {"new_date_day": local.day, "new_date_month": local.month, "new_date_year": local.year, "new_time": "17:00"}
    step(as_manager, "thu-xin-loi", text="Chúng tôi đã quên.", **date)
    assert as_head.get("letter", late.pk).content.startswith(b"%PDF-")
    step(as_head, "ky")
    outbox.run_all(at=NEXT_YEAR)
    case = late.latenesses.get()
    if case.state == "sent":  # nobody is reached outside: somebody calls
        step(as_manager, "da-den", how="goi-dien", detail="Chị Hường", **_now(at))

    assert reread(late).lateness is None
    assert as_manager.get("request", late.pk).status_code == 200
    assert as_manager.get("lateness", xem="da-xong").context["rows"][0][0] == case


def _now(at):
    local = at + timedelta(hours=7)
    return {
        "on_date_day": local.day,
        "on_date_month": local.month,
        "on_date_year": local.year,
        "on_time": f"{local:%H:%M}",
    }


def test_a_stale_page_of_the_road_says_so(building, late, at, manager, head, clock):
    clock.move_to(at)
    desk = Desk(building, manager)
    seen = desk.get("road", late.pk, "giai-trinh").context["seen"]
    process.explain(lateness.find_late(late, at=at), by=head, at=at, **SAID)

    assert desk.client.post(desk.url("road", late.pk, "giai-trinh"), {"seen": seen, **SAID}).status_code == 409


def test_evidence_is_kept_from_the_resident(building, late, at, manager, clock):
    clock.move_to(at)
    desk = Desk(building, manager)
    seen = desk.get("road", late.pk, "giai-trinh").context["seen"]
    desk.client.post(desk.url("road", late.pk, "giai-trinh"), {"seen": seen, **SAID, "evidence": picture()})
    case = late.latenesses.get()

    assert desk.get("evidence", late.pk, case.pk).status_code == 200
    assert Desk(building, late.reporter).get("evidence", late.pk, case.pk).status_code == 404
