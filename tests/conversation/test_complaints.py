"""Complaints: whose they are to answer, by when, and who is told instead of whoever is away."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buildings.absences import record_absence
from buildings.models import Ward
from buildings.roles import Position
from portal.core import outbox
from portal.core.calendar import VIETNAM
from portal.core.models import Job
from services.conversation import queries
from services.conversation.models import Message
from services.dossiers import actions as dossier_actions
from services.dossiers.models import Dossier
from tests.factories.buildings import MembershipFactory, WardFactory, officer
from tests.factories.dossiers import DossierFactory
from tests.factories.people import UserFactory

from .conftest import NOW, told

pytestmark = pytest.mark.django_db

COMPLAINT = Message.Kind.COMPLAINT


def test_a_complaint_is_due_at_the_end_of_the_fifth_working_day(say, resident):
    assert say(resident, kind=COMPLAINT).due_at == datetime(2026, 11, 30, 17, 0, tzinfo=VIETNAM)


def test_the_leader_is_told_of_every_complaint_and_the_officer_in_charge_is_not(say, dossier, resident, officers):
    say(resident, kind=COMPLAINT), say(resident, kind=COMPLAINT)

    assert told(officers["leader"]) == [f"Phản ánh về hồ sơ {dossier.code}"] * 2
    assert told(officers["specialist"]) == []


def test_only_the_leaders_answer_settles_a_complaint(say, ward, resident, officers):
    complaint = say(resident, kind=COMPLAINT)

    with pytest.raises(PermissionDenied):
        say(officers["specialist"], answers=complaint)
    say(officers["specialist"], "Tôi xin giải thích.")
    assert list(queries.complaints(officers["leader"], ward)) == [complaint]

    say(officers["leader"], "Phường đã kiểm tra và xin lỗi bạn.", answers=complaint)
    assert list(queries.complaints(officers["leader"], ward)) == []
    assert list(queries.complaints(officers["leader"], ward, answered=True)) == [complaint]
    assert any("trả lời phản ánh" in title for title in told(resident))


def test_an_answer_must_be_to_a_complaint_about_the_same_dossier(say, ward, resident, officers):
    elsewhere = say(resident, about=DossierFactory(ward=ward, owner=resident, processing=True), kind=COMPLAINT)
    question = say(resident)

    for wrong in (elsewhere, question):
        with pytest.raises(PermissionDenied):
            say(officers["leader"], answers=wrong)
    with pytest.raises(PermissionDenied):
        say(resident, answers=elsewhere)


def test_the_only_leaders_own_complaint_is_answered_by_a_colleague(say, ward, officers):
    leader = officers["leader"]
    own = DossierFactory(ward=ward, owner=leader, processing=True)
    complaint = say(leader, about=own, kind=COMPLAINT)

    assert told(officers["clerk"]) == [f"Phản ánh về hồ sơ {own.code}"]
    assert list(queries.complaints(leader, ward)) == []
    say(officers["clerk"], about=own, answers=complaint)
    assert not Message.objects.waiting().exists()


def test_a_second_leader_answers_for_the_first(say, ward, officers):
    deputy = UserFactory(full_name="Đỗ Thị Phó")
    MembershipFactory(user=deputy, position=Position.LEADER, ward=ward, title="Phó Chủ tịch")
    own = DossierFactory(ward=ward, owner=officers["leader"], processing=True)
    complaint = say(officers["leader"], about=own, kind=COMPLAINT)

    with pytest.raises(PermissionDenied):
        say(officers["clerk"], about=own, answers=complaint)
    say(deputy, about=own, answers=complaint)


def away(person, ward, *, substitute):
    today = NOW.astimezone(VIETNAM).date()
    days = {"from_date": today, "to_date": today + timedelta(days=6)}
    return record_absence(person, ward, substitute=substitute, by=person, at=NOW, **days)


@pytest.fixture
def deputy(ward):
    deputy = UserFactory(full_name="Đỗ Thị Phó")
    MembershipFactory(user=deputy, position=Position.LEADER, ward=ward, title="Phó Chủ tịch")
    return deputy


def test_while_a_leader_is_away_their_substitute_is_told_and_reminded(say, dossier, resident, ward, officers, deputy):
    away(officers["leader"], ward, substitute=deputy)

    say(resident, kind=COMPLAINT)
    job = Job.objects.get(kind="conversation.complaint_due")
    outbox.run_all(at=job.run_at)

    assert told(officers["leader"]) == []
    assert len(told(deputy)) == 2


def test_with_no_leader_there_for_it_a_colleague_is_told_and_answers(say, ward, officers, deputy):
    """One leader is away, and it is the other's own dossier."""
    away(officers["leader"], ward, substitute=deputy)
    own = DossierFactory(ward=ward, owner=deputy, processing=True)

    complaint = say(deputy, about=own, kind=COMPLAINT)

    assert told(officers["clerk"]) == [f"Phản ánh về hồ sơ {own.code}"]
    say(officers["clerk"], about=own, answers=complaint)
    assert not Message.objects.waiting().exists()


def test_a_complaint_is_never_told_to_nobody(say, ward, officers, deputy):
    """Both are kept from it today: one away, one concerned; and the only clerk is away with them."""
    own = DossierFactory(ward=ward, owner=deputy, processing=True)
    away(officers["leader"], ward, substitute=deputy)
    away(officers["clerk"], ward, substitute=deputy)

    say(deputy, about=own, kind=COMPLAINT)

    assert len(told(officers["leader"])) == len(told(officers["clerk"])) == 1


def test_what_is_written_while_the_officer_is_away_reaches_their_substitute(say, ward, resident, officers):
    away(officers["specialist"], ward, substitute=officers["leader"])

    say(resident)

    assert (len(told(officers["specialist"])), len(told(officers["leader"]))) == (0, 1)


def test_the_leader_is_reminded_one_working_day_ahead_and_once(say, dossier, resident, officers, clock):
    say(resident, kind=COMPLAINT)
    job = Job.objects.get(kind="conversation.complaint_due")
    assert job.run_at == datetime(2026, 11, 27, 17, 0, tzinfo=VIETNAM)

    clock.move_to(job.run_at)
    for _run in range(2):
        outbox.run_all(at=job.run_at)
    assert told(officers["leader"])[1:] == [f"Sắp đến hạn trả lời phản ánh về hồ sơ {dossier.code}"]


def test_an_answered_complaint_reminds_nobody(say, resident, officers, clock):
    complaint = say(resident, kind=COMPLAINT)
    say(officers["leader"], answers=complaint)

    clock.move_to(complaint.due_at)
    outbox.run_all(at=complaint.due_at)
    assert len(told(officers["leader"])) == 1


def test_complaining_changes_nothing_about_the_dossier(say, dossier, resident, officers):
    before = Dossier.objects.values().get(pk=dossier.pk)
    say(resident, kind=COMPLAINT)

    assert Dossier.objects.values().get(pk=dossier.pk) == before
    dossier_actions.withdraw(dossier, by=resident, at=NOW)
    assert Dossier.objects.get(pk=dossier.pk).state == "withdrawn"


def test_a_ward_counts_its_own_alone(say, ward, resident, officers):
    neighbour = WardFactory(neighbour=True, staffed=True)
    say(resident, about=DossierFactory(ward=neighbour, owner=resident, processing=True), kind=COMPLAINT)

    assert queries.complaints(officers["leader"], ward).count() == 0
    assert queries.unanswered(officers["leader"], Ward.objects.get(pk=neighbour.pk)).count() == 0
    assert queries.complaints(officer(Position.LEADER, neighbour), neighbour).count() == 1
