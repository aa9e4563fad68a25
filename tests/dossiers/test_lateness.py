"""No way past a late step but the one: explained, accepted, apologised for, arrived."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from buildings.roles import Position
from portal.core import outbox, workflow
from portal.core.audit import history_of
from portal.core.lateness import NewDateRefused
from portal.core.models import Notification
from portal.core.notifications import read
from services.documents.models import IssuedDocument
from services.dossiers import actions, lateness
from services.dossiers import transitions as moves
from services.dossiers.models import Dossier, Lateness, Step
from tests.factories.buildings import MembershipFactory, officer
from tests.factories.dossiers import AT, FINDINGS, DossierFactory, advance
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

process = lateness.process
LATER = AT + timedelta(days=3)  # Thursday 26/11, 9:00: five hours of examination are long over
NEW_DATE = AT + timedelta(days=7)
SAID = {"cause": "own", "text": "Tôi bỏ sót hồ sơ.", "remedy": "Xem danh sách mỗi sáng."}


@pytest.fixture
def late():
    """A dossier whose examination is past its due time; nobody has noticed yet."""
    return DossierFactory(processing=True)


@pytest.fixture
def case(late):
    return lateness.find_late(late, at=LATER)


@pytest.fixture
def people(late):
    return {position: officer(position, late.ward) for position in ("specialist", "clerk", "leader")}


def fresh(case):
    return Lateness.objects.select_related("dossier").get(pk=case.pk)


def to_signature(case, people, *, new_due_at=NEW_DATE):
    process.explain(case, by=people["specialist"], at=LATER, **SAID)
    process.accept_explanation(fresh(case), by=people["leader"], at=LATER)
    return process.draft_apology(
        fresh(case), by=people["specialist"], at=LATER, text="Cán bộ bỏ sót hồ sơ.", new_due_at=new_due_at
    )


def to_sent(case, people, **more):
    drafted = to_signature(case, people, **more)
    signed = process.sign_apology(drafted, by=people["leader"], at=LATER)
    return process.send_apology(fresh(signed), at=LATER)


# --- The gate ------------------------------------------------------------------------------------------


def test_the_gate_is_shut_from_the_moment_the_step_is_late_noticed_or_not(late):
    due = late.next_due_at
    move = moves.APPROVE

    assert move in workflow.available(moves.DESK_MOVES, late, late.current_step.assignee, at=due)
    assert lateness.find_late(late, at=due) is None
    with pytest.raises(workflow.Blocked):
        actions.approve(late, by=late.current_step.assignee, at=due + timedelta(seconds=1))
    assert Dossier.objects.get(pk=late.pk).current_step.kind == Step.Kind.WORK


# Where each move of the desk starts, and what its action is called with besides.
ROAD = {
    "accept": ("submitted", {}),
    "request_supplement": ("submitted", {"items": [("muc_dich", "a")], "reason": "b", "contact": "c"}),
    "refuse": ("submitted", {"reason": "a"}),
    "hand_on": ("accepted", {}),
    "propose_supplement": (
        "processing",
        {"items": [("muc_dich", "a")], "reason": "b", "contact": "c", "legal_basis": "d"},
    ),
    "approve_supplement": ("proposed", {}),
    "decline_supplement": ("proposed", {"reason": "a"}),
    "ask_fee": ("processing", {"amount": 15_000, "reason": "a"}),
    "ask_visit": ("to_be_visited", {}),
    "ask_verification": ("to_be_verified", {"agency": "a", "reason": "b"}),
    "ask_confirmation": ("to_be_confirmed", {}),
    "approve": ("processing", {}),
    "record_findings": ("to_be_found", {"findings": FINDINGS}),
    "send_back": ("at_signing", {"reason": "a"}),
    "sign": ("at_signing", {}),
    "number": ("signed", {}),
    "issue": ("numbered" if "number" in moves.MOVES else "signed", {}),
    "stop": ("processing", {"reason": "a"}),
    "take": ("processing", {}),
    "reassign": ("processing", {}),
}
# What the gate lets through, and why.
LET_THROUGH = {
    "submit": "it is how a dossier begins",
    "answer_supplement": "the resident's right",
    "answer_appraisal": "the resident's right",
    "confirm": "the resident's right, or their silence",
    "dispute": "the resident's right",
    "withdraw": "the resident's right",
    "confirm_receipt": "the resident says that they have it",
    "close": "the resident was silent or did not come; nothing of the ward's is late while it waits",
    "deliver": "a late result must still reach the resident",
    "record_fee": "the resident has paid",
    "record_visit": "the resident has come",
    "record_first_visit": "the resident has come",
    "change_ward": "a late dossier has a ward too",
    "cover": "somebody must own the step while its person is away",
    "declare_interest": "it takes a dossier out of a hand, and moves nothing on",
    "approve_interest": "it moves nothing on",
    "mark_late": "the gate itself",
    "report_error": "the gate itself",
    "release": "the gate itself, made by the process alone",
}


def test_every_move_stands_behind_the_gate_or_says_why_not():
    gated = {name for name, move in moves.MOVES.items() if move.gate is moves.is_blocked}

    assert set(moves.MOVES) - gated - set(LET_THROUGH) == set()
    assert gated & set(LET_THROUGH) == set()
    assert gated - set(ROAD) == set()


@pytest.mark.parametrize("noticed", [False, True], ids=["before the watch", "with an open case"])
@pytest.mark.parametrize("name", [name for name in ROAD if name in moves.MOVES])
def test_no_move_of_the_desk_passes(name, noticed):
    state, said = ROAD[name]
    dossier = DossierFactory(**{state: True})
    colleague = UserFactory()
    MembershipFactory(user=colleague, position=dossier.current_step.position, ward=dossier.ward)
    leader = officer(Position.LEADER, dossier.ward)
    if name == "reassign":
        said = {"to": colleague}
    at = dossier.next_due_at + timedelta(minutes=1)
    if noticed:
        lateness.find_late(dossier, at=at)
    before = Dossier.objects.filter(pk=dossier.pk).values().get()

    for by in (dossier.current_step.assignee, colleague, leader):
        with pytest.raises((workflow.Blocked, PermissionDenied)):
            getattr(actions, name)(dossier, by=by, at=at, **said)

    assert Dossier.objects.filter(pk=dossier.pk).values().get() == before


def test_the_gate_is_asked_again_on_the_locked_row(late):
    """Even a move applied directly, past the action, is refused."""
    with transaction.atomic(), pytest.raises(workflow.Blocked):
        workflow.apply(workflow.lock(late), moves.APPROVE, by=late.current_step.assignee, at=LATER)


def test_the_resident_can_still_withdraw(case, late):
    actions.withdraw(late, by=late.owner, at=LATER)

    assert Dossier.objects.get(pk=late.pk).state == "withdrawn"


def test_a_late_result_can_still_be_received():
    done = DossierFactory(done=True)
    at = done.next_due_at + timedelta(days=1)
    lateness.find_late(done, at=at)

    assert advance(done, "deliver", at=at).state == "delivered"


# --- The case ------------------------------------------------------------------------------------------


def test_a_late_step_opens_one_case_against_the_person_who_owed_it(late):
    first, second = (lateness.find_late(late, at=LATER) for _time in range(2))

    assert first == second
    assert (first.responsible, first.what, first.number, first.escalated) == (
        late.current_step.assignee,
        late.current_step.name,
        1,
        False,
    )
    assert Dossier.objects.get(pk=late.pk).lateness == first


def test_nothing_is_opened_in_time(late):
    assert lateness.find_late(late, at=late.next_due_at) is None


def test_the_resident_is_told_at_once_and_so_are_officer_and_leader(case, late, people):
    told = Notification.objects.filter(key__contains=f"late:{case.pk}").values_list("recipient", flat=True)

    assert set(told) == {late.owner_id, people["specialist"].pk, people["leader"].pk}


def test_the_whole_road_opens_the_gate_and_starts_the_step_anew(case, late, people):
    sent = to_sent(case, people)
    held = Dossier.objects.get(pk=late.pk)
    assert moves.is_blocked(held, LATER)  # signed and sent is not yet arrived

    process.arrive(fresh(sent), at=LATER, how="email: a@example.vn")

    released = Dossier.objects.get(pk=late.pk)
    assert (released.lateness, released.rescheduled_to, released.promised_at) == (None, NEW_DATE, NEW_DATE)
    assert released.due_at == late.due_at  # what was promised first stays on record
    assert released.next_due_at == released.calendar.add_minutes(LATER, released.current_step.minutes)
    actions.approve(released, by=people["specialist"], at=LATER + timedelta(minutes=5))


def test_who_may_do_what_on_the_road(case, late, people):
    stranger = UserFactory()
    with pytest.raises(PermissionDenied):
        process.explain(case, by=people["clerk"], at=LATER, **SAID)
    with pytest.raises(PermissionDenied):
        process.explain(case, by=stranger, at=LATER, **SAID)
    process.explain(case, by=people["specialist"], at=LATER, **SAID)
    with pytest.raises(PermissionDenied):
        process.accept_explanation(fresh(case), by=people["specialist"], at=LATER)
    process.accept_explanation(fresh(case), by=people["leader"], at=LATER)
    with pytest.raises(PermissionDenied):
        process.draft_apology(fresh(case), by=people["clerk"], at=LATER, text="a", new_due_at=NEW_DATE)
    process.draft_apology(fresh(case), by=people["specialist"], at=LATER, text="a", new_due_at=NEW_DATE)
    with pytest.raises(PermissionDenied):
        process.sign_apology(fresh(case), by=people["specialist"], at=LATER)
    with pytest.raises(PermissionDenied):
        process.override(fresh(case), by=people["specialist"], at=LATER, reason="x")


@pytest.mark.parametrize("name", ["accept_explanation", "draft_apology", "sign_apology", "record_delivery"])
def test_no_station_of_the_road_can_be_left_out(case, people, name):
    said = {
        "accept_explanation": {},
        "draft_apology": {"text": "a", "new_due_at": NEW_DATE},
        "sign_apology": {},
        "record_delivery": {"how": "điện thoại"},
    }[name]

    with pytest.raises(workflow.IllegalMove):
        getattr(process, name)(case, by=people["leader"], at=LATER, **said)


def test_the_apology_is_form_04_signed_by_the_leader(case, late, people):
    drafted = to_signature(case, people)
    process.sign_apology(drafted, by=people["leader"], at=LATER)

    letter = IssuedDocument.objects.about(late).get(kind="apology")
    assert (letter.signed_by, letter.suffix, letter.context["form"]["number"]) == (
        people["leader"],
        "PXL",
        "Mẫu số 04",
    )
    assert letter.context["reason"] == "Cán bộ bỏ sót hồ sơ."


def test_the_letter_leaves_by_the_outbox_and_its_arrival_opens_the_gate(case, late, people, settings):
    """Nobody presses a button after the signature: file, mail, arrival follow one from the other."""
    late.owner.email = "huong@example.vn"
    late.owner.save()
    process.sign_apology(to_signature(case, people), by=people["leader"], at=LATER)

    outbox.run_all(at=LATER + timedelta(days=30))

    done = fresh(case)
    assert (done.state, done.told_how) == ("told", "email: huong@example.vn")
    assert Dossier.objects.get(pk=late.pk).lateness is None


def test_who_has_no_address_is_reached_when_they_read_it_in_the_portal(case, late, people, settings):
    settings.NOTIFICATION_CHANNELS = []
    process.sign_apology(to_signature(case, people), by=people["leader"], at=LATER)
    outbox.run_all(at=LATER + timedelta(days=30))
    assert fresh(case).state == "sent"

    read(Notification.objects.visible_to(late.owner), at=LATER)
    outbox.run_all(at=LATER + timedelta(days=30))

    assert (fresh(case).state, fresh(case).told_how) == ("told", "portal")


def test_an_officer_can_record_that_the_news_was_brought(case, late, people):
    sent = to_sent(case, people)

    process.record_delivery(sent, by=people["clerk"], at=LATER, how="Gọi điện 0912…")

    assert Dossier.objects.get(pk=late.pk).lateness is None


def test_an_explanation_given_back_is_written_again(case, people):
    process.explain(case, by=people["specialist"], at=LATER, **SAID)
    process.return_explanation(fresh(case), by=people["leader"], at=LATER, reason="Chưa nêu biện pháp.")

    again = process.explain(fresh(case), by=people["specialist"], at=LATER, **SAID)

    assert (again.state, again.objection) == ("explained", "")


def apologised(case, people, late):
    """Thursday 26/11 the apology has arrived; the result is promised for Monday 30/11, 9:00."""
    process.arrive(to_sent(case, people), at=LATER, how="email")
    return Dossier.objects.get(pk=late.pk)


def test_a_fee_after_the_apology_moves_the_new_date_by_the_working_time_it_took(case, late, people):
    waiting = advance(apologised(case, people, late), "ask_fee", at=LATER + timedelta(minutes=30))
    # Thursday 9:30 to Friday 13:30 in Hanoi: 7 hours minus the break of Thursday, and 4 of Friday.
    paid = advance(waiting, "record_fee", at=LATER + timedelta(days=1, hours=4, minutes=30))

    # 390 and 270 minutes: eleven hours after Monday 9:00 is Tuesday 1/12, 11:00 + 1 h over lunch.
    assert paid.rescheduled_to == NEW_DATE + timedelta(days=1, hours=3)
    assert paid.promised_at == paid.rescheduled_to
    assert paid.steps.filter(planned_due_at__gt=paid.rescheduled_to).count() == 0


def test_a_pause_before_the_apology_is_not_counted_again(late, people):
    paid = advance(advance(late, "ask_fee", at=AT + timedelta(minutes=30)), "record_fee", at=AT + timedelta(hours=1))
    case = lateness.find_late(paid, at=LATER)
    again = advance(apologised(case, people, paid), "ask_fee", at=LATER + timedelta(minutes=30))

    assert advance(again, "record_fee", at=LATER + timedelta(minutes=40)).rescheduled_to == NEW_DATE + timedelta(
        minutes=10
    )


def test_a_supplement_after_the_apology_is_not_cut_short_by_the_older_promise(case, late, people):
    proposed = advance(
        apologised(case, people, late),
        "propose_supplement",
        at=LATER + timedelta(minutes=30),
        items=[("muc_dich", "a")],
    )
    waiting = advance(proposed, "approve_supplement", at=LATER + timedelta(minutes=40))
    waiting.supplement_requests.get().items.update(answered_at=LATER)
    answered = advance(waiting, "answer_supplement", at=LATER + timedelta(days=7))

    # Three working days anew from Thursday 3/12: Tuesday 8/12, 17:00.
    assert answered.due_at == answered.promised_at == answered.rescheduled_to
    assert answered.due_at == answered.calendar.end_of_nth_working_day(LATER + timedelta(days=7), 3)


def test_a_date_nobody_signed_for_promises_nothing(case, late, people):
    drafted = to_signature(case, people)
    process.override(drafted, by=people["leader"], at=LATER, reason="Kết quả đang chờ in.")

    assert Dossier.objects.get(pk=late.pk).rescheduled_to is None


@pytest.mark.parametrize("when", [LATER, LATER - timedelta(days=1)])
def test_a_new_date_lies_ahead(case, people, when):
    process.explain(case, by=people["specialist"], at=LATER, **SAID)
    process.accept_explanation(fresh(case), by=people["leader"], at=LATER)

    with pytest.raises(NewDateRefused):
        process.draft_apology(fresh(case), by=people["specialist"], at=LATER, text="a", new_due_at=when)


def test_a_second_lateness_has_no_new_date_and_goes_to_the_chairman(case, late, people):
    process.arrive(to_sent(case, people), at=LATER, how="email")
    again_at = LATER + timedelta(days=9)
    deputy = UserFactory(full_name="Phó Chủ tịch")
    MembershipFactory(user=deputy, position=Position.LEADER, ward=late.ward, title="Phó Chủ tịch")

    second = lateness.find_late(late, at=again_at)

    assert (second.number, second.new_date_allowed, second.escalated) == (2, False, True)
    assert list(Lateness.objects.escalated()) == [second]
    process.explain(second, by=people["specialist"], at=again_at, **SAID)
    with pytest.raises(PermissionDenied):
        process.accept_explanation(fresh(second), by=deputy, at=again_at)
    process.accept_explanation(fresh(second), by=people["leader"], at=again_at)
    with pytest.raises(NewDateRefused):
        process.draft_apology(
            fresh(second), by=people["specialist"], at=again_at, text="a", new_due_at=again_at + timedelta(days=1)
        )


def test_an_override_needs_the_leader_is_logged_and_counts(case, late, people):
    done = process.override(case, by=people["leader"], at=LATER, reason="Công dân cần giấy trong ngày.")

    assert (done.state, done.override_reason) == ("overridden", "Công dân cần giấy trong ngày.")
    assert history_of(done).last().data["reason"] == "Công dân cần giấy trong ngày."
    assert Dossier.objects.get(pk=late.pk).lateness is None
    late_again = lateness.find_late(late, at=LATER + timedelta(days=9))
    assert late_again.number == 2


def test_an_error_takes_the_same_road(people, late):
    case = lateness.report_error(
        late, by=people["clerk"], at=AT + timedelta(minutes=20), what="Ghi sai họ tên", responsible=people["specialist"]
    )
    blocked = Dossier.objects.get(pk=late.pk)

    assert moves.is_blocked(blocked, AT + timedelta(minutes=21))
    process.arrive(to_sent(case, people, new_due_at=None), at=LATER, how="email")
    letter = IssuedDocument.objects.about(late).get(kind="apology")
    assert (letter.context["error"], letter.context["what"]) == (True, "Ghi sai họ tên")
