"""Dossiers the ward's police decide: their people, their name, their books; and nobody else's signature."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buildings.absences import can_stand_in, may_record
from buildings.agencies import AGENCIES
from buildings.models import Membership
from buildings.roles import Position
from services.documents.models import IssuedDocument
from services.documents.rendering import paper_of
from services.dossiers import actions, assignment, corrections, lateness, permissions, slips
from services.dossiers import transitions as moves
from services.dossiers.models import Dossier
from tests.factories.buildings import MembershipFactory, officer
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=40)
POLICE = AGENCIES["police"]


def document(dossier, kind):
    return IssuedDocument.objects.about(dossier).get(kind=kind)


@pytest.fixture
def at_signing():
    return DossierFactory(policed=True, at_signing=True)


@pytest.fixture
def head(at_signing):
    return officer(Position.POLICE_HEAD, at_signing.ward)


@pytest.fixture
def chairman(at_signing):
    return officer(Position.LEADER, at_signing.ward)


def test_every_step_is_owed_by_the_police(at_signing, head):
    owners = at_signing.steps.filter(assignee__isnull=False).values_list("kind", "assignee__full_name")

    assert list(owners) == [("receive", "Đỗ Hải Long"), ("work", "Đỗ Hải Long"), ("sign", "Nguyễn Tiến Đạt")]


def test_the_head_of_the_police_signs_and_the_chairman_does_not(at_signing, head, chairman):
    with pytest.raises(PermissionDenied):
        actions.sign(at_signing, by=chairman, at=LATER)

    assert actions.sign(at_signing, by=head, at=LATER).signed_by == head


def test_the_head_of_the_police_signs_nothing_of_the_committee(at_signing, head):
    other = DossierFactory(at_signing=True, ward=at_signing.ward)

    with pytest.raises(PermissionDenied):
        actions.sign(other, by=head, at=LATER)
    assert permissions.works_at_desk(head, other) is False


def test_the_result_and_the_slips_are_the_polices(at_signing, head):
    signed = actions.sign(at_signing, by=head, at=LATER)
    result, receipt = document(signed, slips.RESULT), document(signed, slips.RECEIPT)

    assert (result.context["capacity"], result.context["signer"]) == (["TRƯỞNG CÔNG AN PHƯỜNG"], "Nguyễn Tiến Đạt")
    assert result.signer_title == "Trưởng Công an phường"
    assert {paper_of(one)["agency"] for one in (result, receipt)} == {"CÔNG AN PHƯỜNG VIỆT HƯNG"}
    assert paper_of(result)["parent_agency"] == "CÔNG AN THÀNH PHỐ HÀ NỘI"
    assert (receipt.title, receipt.suffix) == ("Phiếu tiếp nhận hồ sơ và hẹn trả kết quả", "TNHS-CAP")
    assert (receipt.context["desk"], receipt.context["desk_in_words"]) == ("", "Công an phường Việt Hưng")


def test_a_deputy_signs_in_the_place_of_the_head():
    assert POLICE.capacity("Phó Trưởng Công an phường") == ["KT. TRƯỞNG CÔNG AN PHƯỜNG", "PHÓ TRƯỞNG CÔNG AN PHƯỜNG"]
    assert AGENCIES["committee"].capacity("Phó Chủ tịch") == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def test_each_agency_counts_in_its_own_books(at_signing):
    """The same book of the same ward and year: two rows of numbers."""
    DossierFactory(ward=at_signing.ward, accepted=True)
    same = IssuedDocument.objects.filter(kind=slips.ACKNOWLEDGEMENT)

    assert sorted(same.values_list("agency_key", "suffix", "number")) == [
        ("committee", "XNHS-BPTNTKQ", 1),
        ("police", "XNHS-CAP", 1),
    ]


def test_the_police_see_their_own_and_the_one_stop_desk_sees_all(at_signing, head, chairman):
    other = DossierFactory(ward=at_signing.ward, accepted=True)

    assert set(Dossier.objects.at_desk_of(head)) == {at_signing}
    assert set(Dossier.objects.at_desk_of(chairman)) == {at_signing, other}
    assert {one.agency_key for one in IssuedDocument.objects.visible_to(head)} == {"police"}


def test_without_a_head_the_chairman_sees_to_it_but_does_not_sign(at_signing, head, chairman):
    choice = assignment.owner_of_step(Position.POLICE_OFFICER, at_signing.ward, dossier=at_signing, at=LATER)
    assert choice.user == officer(Position.POLICE_OFFICER, at_signing.ward)

    Membership.objects.filter(position=Position.POLICE_OFFICER).update(ended_at=LATER)
    second = assignment.owner_of_step(Position.POLICE_OFFICER, at_signing.ward, dossier=at_signing, at=LATER)
    assert (second.user, second.instead) == (head, True)
    assert (permissions.leads(head, at_signing), permissions.leads(chairman, at_signing)) == (True, False)

    Membership.objects.filter(position=Position.POLICE_HEAD).update(ended_at=LATER)
    last = assignment.owner_of_step(Position.POLICE_HEAD, at_signing.ward, dossier=at_signing, at=LATER)
    assert (last.user, permissions.leads(chairman, at_signing)) == (chairman, True)
    assert moves.SIGN.may(chairman, at_signing) is False


def test_lateness_is_answered_for_within_the_police(at_signing, head, chairman):
    deputy = UserFactory(full_name="Lê Văn Phó")
    MembershipFactory(
        user=deputy, position=Position.POLICE_HEAD, ward=at_signing.ward, title="Phó Trưởng Công an phường"
    )
    late_at = at_signing.next_due_at + timedelta(minutes=1)
    case = lateness.find_late(at_signing, at=late_at)
    process = lateness.process
    case = process.explain(case, by=case.responsible, at=late_at, cause="own", text="Chậm.", remedy="Làm ngay.")

    assert case.responsible == head
    with pytest.raises(PermissionDenied):
        process.accept_explanation(case, by=chairman, at=late_at)
    case = process.accept_explanation(case, by=deputy, at=late_at)
    case = process.draft_apology(case, by=head, at=late_at, text="Xin lỗi.", new_due_at=None)
    with pytest.raises(PermissionDenied):
        process.sign_apology(case, by=chairman, at=late_at)
    process.sign_apology(case, by=deputy, at=late_at)

    letter = document(at_signing, slips.APOLOGY)
    assert (letter.agency_key, letter.suffix) == ("police", "PXL-CAP")
    assert letter.context["agency_in_words"] == "Công an phường Việt Hưng"
    assert letter.context["capacity"] == ["KT. TRƯỞNG CÔNG AN PHƯỜNG", "PHÓ TRƯỞNG CÔNG AN PHƯỜNG"]


def test_the_police_number_and_correct_their_own():
    done = DossierFactory(policed=True, done=True)
    police, specialist = officer(Position.POLICE_OFFICER, done.ward), officer(Position.SPECIALIST, done.ward)

    assert document(done, slips.RESULT).agency_key == "police"
    assert [corrections.may_draft(user, done) for user in (police, specialist)] == [True, False]
    assert [permissions.registers(user, done) for user in (police, officer(Position.REGISTRY_CLERK, done.ward))] == [
        True,
        False,
    ]


def test_only_their_own_stand_in_for_the_police(at_signing, head, chairman):
    police = officer(Position.POLICE_OFFICER, at_signing.ward)

    assert can_stand_in({Position.POLICE_HEAD}, {Position.POLICE_OFFICER}) is True
    assert can_stand_in({Position.LEADER}, {Position.POLICE_HEAD}) is False
    assert can_stand_in({Position.POLICE_HEAD}, {Position.CLERK}) is False
    assert may_record(head, police, at_signing.ward) is True
    assert may_record(head, officer(Position.CLERK, at_signing.ward), at_signing.ward) is False
    assert may_record(chairman, police, at_signing.ward) is True
