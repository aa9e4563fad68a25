"""While the next word is the resident's the clock stands still: fees, confirmations, later supplements."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buildings.roles import Position
from portal.core import workflow
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.dossiers import actions
from services.dossiers.assignment import CannotOwn
from services.dossiers.models import Dossier
from tests.factories.buildings import MembershipFactory, officer
from tests.factories.dossiers import AT, DossierFactory, advance
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SOON = AT + timedelta(minutes=40)


def documents(dossier, kind) -> list[str]:
    return list(IssuedDocument.objects.about(dossier).filter(kind=kind).values_list("state", flat=True))


# --- Fees ----------------------------------------------------------------------------------------------


def test_a_fee_stops_the_clock_and_its_payment_lets_it_run_on():
    dossier = DossierFactory(processing=True)
    due, step_due = dossier.due_at, dossier.current_step.due_at

    waiting = advance(dossier, "ask_fee", at=SOON)
    assert (waiting.state, waiting.next_due_at, waiting.at_risk_at) == ("awaiting_fee", None, None)
    paid = advance(waiting, "record_fee", at=SOON + timedelta(hours=24))

    assert paid.due_at == paid.calendar.add_minutes(due, 480)  # one working day later
    assert paid.next_due_at == paid.calendar.add_minutes(SOON + timedelta(hours=24), _left(paid, SOON, step_due))
    assert documents(dossier, "fee") == ["pending"]


def _left(dossier, at, due_at) -> int:
    return dossier.calendar.minutes_between(at, due_at)


def test_only_the_counter_records_a_payment():
    waiting = DossierFactory(awaiting_fee=True)

    with pytest.raises(PermissionDenied):
        actions.record_fee(waiting, by=officer(Position.SPECIALIST, waiting.ward), at=SOON, receipt_number="1")


@pytest.mark.parametrize("amount", [0, -5])
def test_a_fee_is_something(amount):
    dossier = DossierFactory(processing=True)

    with pytest.raises(ValueError, match="positive"):
        actions.ask_fee(dossier, by=dossier.current_step.assignee, at=SOON, amount=amount, reason="a")


# --- The filled e-form -----------------------------------------------------------------------------------


def test_a_civil_status_form_goes_on_only_once_its_citizen_has_agreed():
    dossier = DossierFactory(to_be_confirmed=True)
    specialist = dossier.current_step.assignee

    with pytest.raises(workflow.IllegalMove):
        actions.approve(dossier, by=specialist, at=SOON)
    confirming = advance(dossier, "ask_confirmation", at=SOON)
    confirmed = advance(confirming, "confirm", at=SOON + timedelta(minutes=5))
    moved = advance(confirmed, "approve", at=SOON + timedelta(minutes=10))

    assert (confirming.state, confirmed.state, moved.current_step.kind) == ("confirming", "processing", "sign")


def test_agreeing_twice_is_agreeing_once():
    confirmed = advance(DossierFactory(confirming=True), "confirm", at=SOON)

    again = actions.confirm(confirmed, by=confirmed.owner, at=SOON + timedelta(minutes=1))

    assert again.confirmed_at == SOON


def test_a_citizen_who_objects_sends_it_back_to_be_asked_again():
    disputed = advance(DossierFactory(confirming=True), "dispute", at=SOON)

    assert (disputed.state, disputed.confirmed_at) == ("processing", None)
    assert advance(disputed, "ask_confirmation", at=SOON + timedelta(minutes=5)).state == "confirming"


def test_nobody_else_agrees_in_the_citizens_name():
    confirming = DossierFactory(confirming=True)

    for other in (confirming.current_step.assignee, officer(Position.LEADER, confirming.ward), UserFactory()):
        with pytest.raises(PermissionDenied):
            actions.confirm(confirming, by=other, at=SOON)


# --- Visits ------------------------------------------------------------------------------------------------


def test_the_clock_stands_still_until_the_person_has_come():
    """A same-day procedure of level 3 would be late by the visit alone."""
    dossier = DossierFactory(to_be_visited=True)
    due, step_due = dossier.due_at, dossier.current_step.due_at

    waiting = advance(dossier, "ask_visit", at=SOON)
    came = advance(waiting, "record_visit", at=SOON + timedelta(hours=24))

    assert (waiting.state, waiting.next_due_at) == ("visiting", None)
    assert waiting.next_watch_at == waiting.calendar.end_of_nth_working_day(SOON, 5)  # of the first warning
    assert (came.state, came.due_at) == ("processing", came.calendar.add_minutes(due, 480))
    assert came.next_due_at == came.calendar.add_minutes(step_due, 480)


def test_at_intake_too():
    waiting = DossierFactory(visiting_at_intake=True)

    came = advance(waiting, "record_visit", at=SOON)

    assert (came.state, came.accepted_at) == ("submitted", None)
    assert came.next_due_at > SOON


def test_a_procedure_without_a_visit_asks_for_none():
    dossier = DossierFactory(processing=True)

    with pytest.raises(workflow.IllegalMove):
        actions.ask_visit(dossier, by=dossier.current_step.assignee, at=SOON)


# --- Supplements -------------------------------------------------------------------------------------------


def test_the_desk_asks_only_once():
    asked = DossierFactory(supplement=True)
    asked.supplement_requests.get().items.update(answered_at=AT)
    answered = advance(asked, "answer_supplement", at=SOON)

    with pytest.raises(workflow.IllegalMove):
        advance(answered, "request_supplement", at=SOON + timedelta(minutes=5), items=[("muc_dich", "a")])


def test_a_later_request_needs_its_legal_basis_and_the_leader():
    dossier = DossierFactory(processing=True)
    said = {"items": [("muc_dich", "a")], "reason": "b", "contact": "c"}

    with pytest.raises(ValueError, match="legal basis"):
        actions.propose_supplement(dossier, by=dossier.current_step.assignee, at=SOON, legal_basis=" ", **said)
    proposed = advance(dossier, "propose_supplement", at=SOON, items=[("muc_dich", "a")])
    assert (proposed.state, documents(dossier, "supplement")) == ("processing", [])
    with pytest.raises(PermissionDenied):
        actions.approve_supplement(proposed, by=proposed.current_step.assignee, at=SOON)
    approved = advance(proposed, "approve_supplement", at=SOON)

    assert (approved.state, documents(dossier, "supplement")) == ("supplement", ["pending"])


def test_a_later_supplement_starts_the_limit_from_zero_with_a_new_receipt_in_place_of_the_first():
    proposed = DossierFactory(proposed=True)
    approved = advance(proposed, "approve_supplement", at=SOON)
    approved.supplement_requests.get().items.update(answered_at=SOON)
    render(str(IssuedDocument.objects.about(approved).get(kind="receipt").pk), at=SOON)

    answered = advance(approved, "answer_supplement", at=SOON + timedelta(days=1))

    assert answered.state == "processing"
    assert answered.due_at == answered.calendar.end_of_nth_working_day(SOON + timedelta(days=1), 3)
    assert documents(answered, "receipt") == ["replaced", "pending"]


def test_a_request_the_leader_declines_never_reaches_the_resident():
    proposed = DossierFactory(proposed=True)

    declined = advance(proposed, "decline_supplement", at=SOON)

    assert (declined.state, declined.open_request, documents(declined, "supplement")) == ("processing", None, [])


# --- Ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("move", "state"), [("withdraw", "withdrawn"), ("stop", "stopped")])
def test_what_ends_before_a_decision_ends_with_form_05(move, state):
    ended = advance(DossierFactory(processing=True), move, at=SOON)

    slip = IssuedDocument.objects.about(ended).get(kind="stop")
    assert (ended.state, slip.context["form"]["number"], ended.next_watch_at) == (state, "Mẫu số 05", None)


def test_nothing_is_taken_back_once_it_is_signed():
    with pytest.raises(workflow.IllegalMove):
        advance(DossierFactory(signed=True), "withdraw", at=SOON)


# --- Whose hands -------------------------------------------------------------------------------------------


def test_the_control_slip_writes_itself():
    dossier = DossierFactory(at_signing=True)

    lines = [
        (line.from_step and line.from_step.kind, line.to_step.kind, str(line.giver), line.result)
        for line in dossier.hand_overs.all()
    ]
    clerk, specialist = officer(Position.CLERK, dossier.ward), officer(Position.SPECIALIST, dossier.ward)
    assert lines == [
        (None, "receive", str(dossier.owner), ""),
        ("receive", "work", str(clerk), "early"),
        ("work", "sign", str(specialist), "early"),
    ]
    assert [bool(line.received_at) for line in dossier.hand_overs.all()] == [True, True, False]


def test_it_is_numbered_once_the_dossier_has_ended_and_keeps_the_desks_notes_to_the_desk():
    dossier = DossierFactory(processing=True)
    actions.approve(dossier, by=dossier.current_step.assignee, at=SOON, note="NOIBO: xem kỹ")
    assert documents(dossier, "control") == []

    ended = advance(Dossier.objects.with_people().get(pk=dossier.pk), "stop", at=SOON + timedelta(minutes=5))

    slip = IssuedDocument.objects.about(ended).get(kind="control")
    assert (slip.context["form"]["number"], slip.suffix, len(slip.context["lines"])) == (
        "Mẫu số 06",
        "PKS-BPTNTKQ",
        ended.hand_overs.count(),
    )
    assert "NOIBO" not in str(slip.context)


def test_a_colleague_who_acts_takes_the_step_over():
    dossier = DossierFactory(processing=True)
    colleague = UserFactory()
    MembershipFactory(user=colleague, position=Position.SPECIALIST, ward=dossier.ward)

    taken = actions.take(dossier, by=colleague, at=SOON)

    assert (taken.current_step.assignee, taken.current_step.received_at) == (colleague, SOON)
    assert taken.hand_overs.last().giver == dossier.current_step.assignee


def test_the_leader_hands_work_to_another_and_only_to_who_can_own_it():
    dossier = DossierFactory(processing=True)
    leader, colleague = officer(Position.LEADER, dossier.ward), UserFactory()

    with pytest.raises(CannotOwn):
        actions.reassign(dossier, by=leader, at=SOON, to=colleague)
    MembershipFactory(user=colleague, position=Position.SPECIALIST, ward=dossier.ward)
    given = actions.reassign(dossier, by=leader, at=SOON, to=colleague, reason="Cân đối việc")

    assert (given.current_step.assignee, given.current_step.due_at) == (colleague, dossier.current_step.due_at)


def test_a_relatives_dossier_leaves_the_officers_hands_until_a_leader_approves():
    dossier = DossierFactory(processing=True)
    specialist, leader = dossier.current_step.assignee, officer(Position.LEADER, dossier.ward)

    declared = actions.declare_interest(dossier, by=specialist, at=SOON, relation="con")
    assert declared.current_step.assignee == leader
    with pytest.raises(PermissionDenied):
        actions.approve(Dossier.objects.get(pk=dossier.pk), by=specialist, at=SOON)
    with pytest.raises(PermissionDenied):
        actions.approve_interest(Dossier.objects.get(pk=dossier.pk), by=specialist, at=SOON, officer=specialist)
    actions.approve_interest(Dossier.objects.get(pk=dossier.pk), by=leader, at=SOON, officer=specialist)

    moved = actions.approve(Dossier.objects.get(pk=dossier.pk), by=specialist, at=SOON)
    assert moved.current_step.kind == "sign"


def test_the_plan_of_all_steps_is_made_at_acceptance_and_fits_the_limit():
    dossier = DossierFactory(accepted=True)
    planned = list(dossier.steps.exclude(kind="receive").order_by("seq"))

    assert [step.planned_start_at for step in planned[1:]] == [step.planned_due_at for step in planned[:-1]]
    assert max(step.planned_due_at for step in planned) <= dossier.due_at
