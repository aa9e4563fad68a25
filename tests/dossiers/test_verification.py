"""Another agency has to be asked: the law gives a longer limit, once, and everybody hears of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from buildings.roles import Position
from portal.core import workflow
from portal.core.models import Notification
from services.documents.models import IssuedDocument
from services.dossiers import actions, slips, standing
from services.dossiers.models import Dossier
from tests.clients import as_user
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, VERIFIED, DossierFactory, advance, version_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SOON = AT + timedelta(hours=1)  # Monday 23/11/2026, 10:00 in Hanoi
# 23 days, days off counted, from Monday 23/11: Wednesday 16/12 at closing, 17:00 in Hanoi.
LONGER = datetime(2026, 12, 16, 10, 0, tzinfo=UTC)
ASKED = {"agency": "UBND phường Bồ Đề", "reason": "Nơi cư trú từ 2015 đến 2020."}


@pytest.fixture
def dossier():
    return DossierFactory(to_be_verified=True)


@pytest.fixture
def asked(dossier):
    return advance(dossier, "ask_verification", at=SOON)


def test_the_longer_limit_is_counted_from_acceptance(dossier, asked):
    # Three working days at first: Thursday 26/11 at 17:00.
    assert dossier.due_at == datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
    assert (asked.due_at, asked.state, asked.limit.amount) == (LONGER, "processing", 23)


def test_it_is_the_same_whenever_the_ward_asks(dossier):
    assert advance(dossier, "ask_verification", at=SOON + timedelta(hours=2)).due_at == LONGER


def test_the_step_that_asks_has_the_time_the_others_leave_and_those_are_planned_anew(asked):
    # Signing has two hours, numbering one: examined by 14:00 on 16/12, signed by 16:00, numbered by 17:00.
    assert asked.current_step.due_at == asked.next_due_at == LONGER - timedelta(hours=3)
    planned = [step.planned_due_at for step in asked.steps.filter(kind__in=["sign", "issue"])]
    assert planned == [LONGER - timedelta(hours=1), LONGER]


def test_a_fee_moves_it_like_any_due_time(asked):
    waiting = advance(asked, "ask_fee", at=SOON + timedelta(hours=1))
    paid = advance(waiting, "record_fee", at=SOON + timedelta(hours=25))

    # Eight working hours of waiting: from Wednesday 16/12 at closing to Thursday 17/12 at closing.
    assert paid.due_at == LONGER + timedelta(days=1)
    assert paid.current_step.due_at == LONGER - timedelta(hours=3) + timedelta(days=1)


def test_it_stays_when_the_examination_is_gone_through_again(asked):
    signing = advance(asked, "approve", at=SOON + timedelta(hours=1))
    leader = officer(Position.LEADER, asked.ward)

    again = actions.send_back(signing, by=leader, at=SOON + timedelta(hours=2), reason="Chờ trả lời xác minh.")

    assert (again.due_at, again.current_step.due_at) == (LONGER, LONGER - timedelta(hours=3))


def test_a_later_supplement_starts_the_longer_limit_from_zero(asked):
    proposed = advance(asked, "propose_supplement", at=SOON + timedelta(hours=1), items=[("muc_dich", "a")])
    waiting = advance(proposed, "approve_supplement", at=SOON + timedelta(hours=1, minutes=5))
    waiting.supplement_requests.get().items.update(answered_at=SOON)
    answered = advance(waiting, "answer_supplement", at=SOON + timedelta(days=1))

    assert answered.due_at == LONGER + timedelta(days=1)


def test_one_asks_once(asked):
    with pytest.raises(workflow.IllegalMove):
        advance(asked, "ask_verification", at=SOON + timedelta(minutes=5))


def test_only_where_the_procedure_knows_a_longer_limit():
    with pytest.raises(workflow.IllegalMove):
        advance(DossierFactory(processing=True), "ask_verification", at=SOON)


@pytest.mark.parametrize("state", ["accepted", "signed"])
def test_only_in_the_examination(state):
    dossier = DossierFactory(**{state: True}, version=version_of(VERIFIED, slug="phai-xac-minh"))
    with pytest.raises(workflow.IllegalMove):
        advance(dossier, "ask_verification", at=SOON)


def test_only_whoever_owes_the_step_asks(dossier):
    for other in (dossier.owner, officer(Position.CLERK, dossier.ward)):
        with pytest.raises(PermissionDenied):
            actions.ask_verification(dossier, by=other, at=SOON, **ASKED)


@pytest.mark.parametrize("missing", ["agency", "reason"])
def test_it_says_who_is_asked_and_what(dossier, missing):
    with pytest.raises(ValueError, match="who is asked"):
        actions.ask_verification(dossier, by=dossier.current_step.assignee, at=SOON, **{**ASKED, missing: "  "})


def test_a_late_dossier_does_not_become_on_time_by_asking(dossier):
    late = dossier.next_due_at + timedelta(minutes=1)

    with pytest.raises(workflow.Blocked):
        actions.ask_verification(dossier, by=dossier.current_step.assignee, at=late, **ASKED)
    assert Dossier.objects.get(pk=dossier.pk).due_at == dossier.due_at


def test_the_resident_is_told_the_new_date_and_why(asked):
    told = Notification.objects.get(recipient=asked.owner, kind="dossiers.verification")

    assert "17:00 ngày 16/12/2026" in told.body
    assert "Bồ Đề" not in told.body  # nothing of where one lived travels by SMS
    entry = next(e for e in standing.timeline(asked, reader=asked.owner) if "xác minh" in str(e.title))
    assert entry.detail == "UBND phường Bồ Đề: Nơi cư trú từ 2015 đến 2020."


def test_both_sides_read_on_their_page_who_was_asked(asked):
    desk = as_user(asked.current_step.assignee).get(reverse("desk:dossier", args=[asked.pk])).text
    own = as_user(asked.owner).get(asked.get_absolute_url()).text

    for page in (desk, own):
        assert "UBND phường Bồ Đề" in page
        assert "16/12/2026" in page


def test_a_new_receipt_takes_the_place_of_the_first(asked):
    receipts = IssuedDocument.objects.about(asked).filter(kind="receipt").order_by("issued_at", "number")

    assert [receipt.context["limit"] for receipt in receipts] == ["03 ngày làm việc", "23 ngày"]
    assert receipts[1].context["due_at"] == "17 giờ 00 phút, ngày 16/12/2026"


def test_the_control_slip_names_the_agency_asked(asked):
    assert slips.control(asked)["with_agency"] == "UBND phường Bồ Đề"
    assert slips.control(DossierFactory(processing=True))["with_agency"] == ""
