"""The road out of lateness with several people on it in the same moment: one wins, nothing passes the gate."""

from datetime import timedelta

import pytest

from buildings.roles import Position
from portal.core import workflow
from portal.core.audit import history_of
from portal.core.lateness import LatenessState as L
from portal.core.models import Notification
from services.documents.models import IssuedDocument
from services.dossiers import actions, lateness
from services.dossiers.models import Dossier, Lateness, Step
from services.dossiers.watch import watch
from tests.core.at_once import at_once, needs_row_locks
from tests.factories.buildings import MembershipFactory, officer
from tests.factories.dossiers import AT, DossierFactory, advance
from tests.factories.lateness import EXPLANATION, late_case
from tests.factories.people import UserFactory

pytestmark = [needs_row_locks, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

process = lateness.process
LATER = AT + timedelta(days=3)
NEW_DATE = AT + timedelta(days=7)


@pytest.fixture
def dossier():
    return DossierFactory(processing=True)


@pytest.fixture
def head(dossier):
    return officer(Position.LEADER, dossier.ward)


@pytest.fixture
def deputy(dossier):
    deputy = UserFactory(full_name="Phạm Thu Thủy")
    MembershipFactory(user=deputy, position=Position.LEADER, ward=dossier.ward, title="Phó Chủ tịch")
    return deputy


def kinds(results):
    return sorted(type(result).__name__ for result in results)


def done_to(subject, *names):
    return list(history_of(subject).filter(action__in=names).values_list("action", flat=True))


def test_of_two_heads_who_judge_one_explanation_one_does(dossier, head, deputy):
    case = late_case(dossier, L.EXPLAINED, at=LATER)

    results = at_once(
        lambda: process.accept_explanation(case, by=head, at=LATER),
        lambda: process.return_explanation(case, by=deputy, at=LATER, reason="Chưa rõ."),
    )

    assert kinds(results) == ["IllegalMove", "Lateness"]
    case.refresh_from_db()
    assert (case.state, case.judged_by) in [(L.APOLOGISING, head), (L.EXPLAINING, None)]
    assert len(done_to(case, "accept_explanation", "return_explanation")) == 1


def test_two_heads_accept_one_explanation_once(dossier, head, deputy):
    case = late_case(dossier, L.EXPLAINED, at=LATER)

    results = at_once(*[lambda by=by: process.accept_explanation(case, by=by, at=LATER) for by in (head, deputy, head)])

    assert kinds(results) == ["IllegalMove", "IllegalMove", "Lateness"]
    assert done_to(case, "accept_explanation") == ["accept_explanation"]


def test_an_explanation_beside_an_override_comes_before_it_or_not_at_all(dossier, head):
    case = late_case(dossier, L.EXPLAINING, at=LATER)

    explained, overridden = at_once(
        lambda: process.explain(case, by=case.responsible, at=LATER, **EXPLANATION),
        lambda: process.override(case, by=head, at=LATER, reason="Người dân đang chờ tại quầy."),
    )

    case.refresh_from_db()
    assert (type(overridden).__name__, case.state) == ("Lateness", L.OVERRIDDEN)
    if isinstance(explained, workflow.IllegalMove):
        assert (case.explanation, done_to(case, "explain", "override")) == ("", ["override"])
    else:
        assert (case.explanation, done_to(case, "explain", "override")) == (
            EXPLANATION["text"],
            ["explain", "override"],
        )
    assert Dossier.objects.get(pk=dossier.pk).lateness is None
    assert done_to(dossier, "release") == ["release"]


def test_an_apology_signed_five_times_at_once_is_one_letter_with_one_number(dossier, head):
    case = late_case(dossier, L.DRAFTED, at=LATER, new_due_at=NEW_DATE)

    results = at_once(*[lambda: process.sign_apology(case, by=head, at=LATER + timedelta(minutes=5))] * 5)

    assert kinds(results) == ["IllegalMove"] * 4 + ["Lateness"]
    assert IssuedDocument.objects.about(dossier).filter(kind="apology").count() == 1


def test_the_arrival_reported_by_several_channels_opens_the_gate_once(dossier):
    case = late_case(dossier, L.SENT, at=LATER, new_due_at=NEW_DATE)
    clerk = officer(Position.CLERK, dossier.ward)
    when = LATER + timedelta(minutes=10)

    at_once(
        lambda: process.arrive(case, at=when, how="email"),
        lambda: process.arrive(case, at=when, how="sms"),
        lambda: process.record_delivery(case, by=clerk, at=when, how="Gọi điện"),
    )

    assert done_to(dossier, "release") == ["release"]
    assert len(done_to(case, "arrive", "record_delivery")) == 1
    assert Dossier.objects.get(pk=dossier.pk).rescheduled_to == NEW_DATE


def test_a_move_in_the_instant_the_step_becomes_late_is_made_or_held_up_never_both(dossier):
    due, by = dossier.next_due_at, dossier.current_step.assignee

    moved, case = at_once(
        lambda: actions.approve(dossier, by=by, at=due),  # in time, if it is first
        lambda: lateness.find_late(dossier, at=due + timedelta(seconds=1)),
    )

    now = Dossier.objects.get(pk=dossier.pk)
    if isinstance(moved, workflow.Blocked):
        assert (now.current_step.kind, now.lateness) == (Step.Kind.WORK, case)
    else:
        assert (now.current_step.kind, now.lateness, case) == (Step.Kind.SIGN, None, None)
    assert Lateness.objects.filter(dossier=dossier).count() == (1 if case else 0)


def test_the_watch_twice_beside_an_officer_opens_one_case_and_lets_nobody_pass(dossier, caplog):
    by = dossier.current_step.assignee

    first, second, moved, taken = at_once(
        lambda: watch(at=LATER),
        lambda: watch(at=LATER),
        lambda: actions.approve(dossier, by=by, at=LATER),
        lambda: actions.take(dossier, by=by, at=LATER),
    )

    assert kinds([moved, taken]) == ["Blocked", "Blocked"]
    assert not isinstance(first, Exception)
    assert not isinstance(second, Exception)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    watch(at=LATER + timedelta(minutes=1))  # what somebody was working on is left to the next minute's
    case = Lateness.objects.get(dossier=dossier)
    assert (case.state, Dossier.objects.get(pk=dossier.pk).current_step.kind) == (L.EXPLAINING, Step.Kind.WORK)
    assert done_to(dossier, "mark_late") == ["mark_late"]
    assert Notification.objects.filter(recipient=dossier.owner, kind="dossiers.late").count() == 1


def test_the_resident_who_withdraws_as_the_case_opens_is_never_stopped_by_it(dossier):
    withdrawn, _case = at_once(
        lambda: actions.withdraw(dossier, by=dossier.owner, at=LATER), lambda: lateness.find_late(dossier, at=LATER)
    )

    assert withdrawn.state == Dossier.objects.get(pk=dossier.pk).state == "withdrawn"


def test_an_answer_beside_the_closing_of_a_silent_supplement_wins_or_comes_too_late():
    waiting = DossierFactory(supplement=True)
    waiting.supplement_requests.get().items.update(answered_at=AT)
    closing = waiting.calendar.end_of_nth_working_day(waiting.pauses.get().began_at, 15)

    answered, _watched = at_once(
        lambda: actions.answer_supplement(waiting, by=waiting.owner, at=closing), lambda: watch(at=closing)
    )

    state = Dossier.objects.get(pk=waiting.pk).state
    assert state == ("closed" if isinstance(answered, workflow.IllegalMove) else "submitted")
    assert len(done_to(waiting, "close", "answer_supplement")) == 1


def test_two_officers_who_ask_another_agency_ask_once():
    dossier = DossierFactory(to_be_verified=True)
    colleague = UserFactory()
    MembershipFactory(user=colleague, position=Position.SPECIALIST, ward=dossier.ward)
    soon = AT + timedelta(hours=1)

    results = at_once(
        *[
            lambda by=by: actions.ask_verification(dossier, by=by, at=soon, agency="UBND phường Bồ Đề", reason="a")
            for by in (dossier.current_step.assignee, colleague)
        ]
    )

    assert kinds(results) == ["Dossier", "IllegalMove"]
    assert done_to(dossier, "ask_verification") == ["ask_verification"]


def test_the_pause_recorded_twice_at_once_ends_once(dossier):
    waiting = advance(dossier, "ask_fee", at=AT + timedelta(minutes=30))
    clerk = officer(Position.CLERK, dossier.ward)

    results = at_once(
        *[lambda: actions.record_fee(waiting, by=clerk, at=AT + timedelta(hours=1), receipt_number="BL-1")] * 3
    )

    assert kinds(results) == ["Dossier", "IllegalMove", "IllegalMove"]
    assert waiting.pauses.filter(ended_at=None).count() == 0
