"""What officers find out for the result: written down, mended, kept, printed; and asked for before it is signed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buildings.roles import Position
from portal.core import workflow
from portal.core.audit import history_of
from services.dossiers import actions, corrections, slips
from services.dossiers import transitions as moves
from services.dossiers.models import Dossier, FindingSheet
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, FINDINGS, FOUND, DossierFactory, advance, publish

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=30)


def fresh(dossier):
    return Dossier.objects.with_people().get(pk=dossier.pk)


def printed(dossier):
    return [block["text"] for block in slips.result(fresh(dossier))["blocks"]]


@pytest.fixture
def examined():
    """A dossier whose examination asks for findings, in the specialist's hand."""
    return DossierFactory(to_be_found=True)


@pytest.fixture
def specialist(examined):
    return officer(Position.SPECIALIST, examined.ward)


@pytest.fixture
def leader(examined):
    return officer(Position.LEADER, examined.ward)


def test_the_examination_does_not_end_without_them(examined, specialist):
    with pytest.raises(actions.FindingsMissing) as missing:
        actions.approve(examined, by=specialist, at=LATER)

    assert [problem.field_key for problem in missing.value.problems] == ["muc_do"]
    assert (fresh(examined).current_step.kind, FindingSheet.objects.count()) == ("work", 0)


def test_what_depends_on_a_finding_is_missing_too(examined, specialist):
    with pytest.raises(actions.FindingsMissing) as missing:
        actions.approve(examined, by=specialist, at=LATER, findings={"muc_do": "nang"})

    assert [problem.field_key for problem in missing.value.problems] == ["tu_ngay"]
    assert FindingSheet.objects.count() == 0  # all of it or nothing
    assert actions.approve(examined, by=specialist, at=LATER, findings={"muc_do": "nhe"}).current_step.kind == "sign"


def test_the_result_says_what_was_found(examined, specialist):
    actions.approve(examined, by=specialist, at=LATER, findings=FINDINGS)

    assert printed(examined) == ["Nguyễn Thị Hường", "Nặng", "19/05/2026"]


def test_what_is_not_asked_is_not_kept(examined, specialist):
    said = {**FINDINGS, "ban_an_xem": "nobody divorced", "ho_ten": "somebody else", "khac": "x"}
    actions.approve(examined, by=specialist, at=LATER, findings=said)

    assert fresh(examined).findings == FINDINGS


def test_each_time_it_was_written_down_is_kept_with_who_and_when(examined, specialist):
    actions.record_findings(examined, by=specialist, at=AT + timedelta(minutes=20), findings={"muc_do": "nhe"})
    actions.record_findings(examined, by=specialist, at=AT + timedelta(minutes=25), findings={"muc_do": "nhe"})
    actions.approve(examined, by=specialist, at=LATER, findings=FINDINGS)

    sheets = examined.finding_sheets.values_list("number", "values", "found_by", "found_at")
    assert list(sheets) == [
        (1, {"muc_do": "nhe"}, specialist.pk, AT + timedelta(minutes=20)),
        (2, FINDINGS, specialist.pk, LATER),
    ]
    events = history_of(examined).filter(action="record_findings")
    assert [(event.actor_id, event.data["sheet"], event.public) for event in events] == [
        (specialist.pk, 1, False),
        (specialist.pk, 2, False),
    ]
    assert "2026-05-19" not in str([event.data for event in events])  # the record proves it, the sheet says it


def test_the_specialist_may_mend_them_until_the_leader_has_signed(examined, specialist, leader):
    at_signing = advance(examined, "approve", at=LATER)
    seen = slips.digest_of_result(at_signing, signer=leader, at=LATER)
    actions.record_findings(at_signing, by=specialist, at=LATER, findings={"muc_do": "nhe"})

    assert printed(examined) == ["Nguyễn Thị Hường", "Nhẹ"]
    with pytest.raises(actions.ResultChanged):  # what the leader looked at is no longer what there is to sign
        actions.sign(fresh(examined), by=leader, at=LATER, seen=seen)
    signed = actions.sign(fresh(examined), by=leader, at=LATER)
    with pytest.raises(workflow.IllegalMove):
        actions.record_findings(signed, by=specialist, at=LATER, findings=FINDINGS)


def test_while_it_waits_for_the_signature_nothing_may_go_missing(examined, specialist):
    at_signing = advance(examined, "approve", at=LATER)

    with pytest.raises(actions.FindingsMissing):
        actions.record_findings(at_signing, by=specialist, at=LATER, findings={})
    assert fresh(examined).findings == FINDINGS


def test_only_who_examines_writes_them_down(examined, leader):
    at_signing = advance(examined, "approve", at=LATER)

    for dossier in (examined, at_signing):
        for position in (Position.CLERK, Position.REGISTRY_CLERK, Position.LEADER):
            with pytest.raises((PermissionDenied, workflow.IllegalMove)):
                actions.record_findings(
                    fresh(dossier), by=officer(position, dossier.ward), at=LATER, findings={"muc_do": "nhe"}
                )
    with pytest.raises(PermissionDenied):
        actions.record_findings(fresh(examined), by=examined.owner, at=LATER, findings={"muc_do": "nhe"})
    assert FindingSheet.objects.count() == 1


def test_a_signature_asks_for_them_again(examined, leader):
    """Whatever road a dossier took to the leader's table."""
    at_signing = advance(examined, "approve", at=LATER)
    FindingSheet.objects.all().delete()

    with pytest.raises(actions.FindingsMissing):
        actions.sign(fresh(at_signing), by=leader, at=LATER)


def test_they_stand_there_again_when_the_leader_returns_it(examined, specialist, leader):
    at_signing = advance(examined, "approve", at=LATER)
    actions.send_back(at_signing, by=leader, at=LATER, reason="Xem lại ngày.")
    actions.approve(fresh(examined), by=specialist, at=LATER)

    assert fresh(examined).findings == FINDINGS


def test_a_version_published_before_there_were_findings_goes_on_without(examined):
    definition = replace(FOUND, findings=()).to_json()
    for name in ("findings", "agency"):
        del definition[name]
    old = publish(examined.version.procedure, FOUND)
    type(old)._base_manager.filter(pk=old.pk)._raw_delete("default")
    version = type(old)(procedure=examined.version.procedure, number=9, definition=definition, published_at=AT)
    version.save()
    dossier = DossierFactory(version=version, processing=True)

    at_signing = actions.approve(dossier, by=dossier.current_step.assignee, at=LATER)

    assert moves.RECORD_FINDINGS.is_open(dossier) is False
    assert (at_signing.current_step.kind, version.agency) == ("sign", "committee")


def test_a_correction_can_mend_what_was_found():
    done = DossierFactory(version=DossierFactory(to_be_found=True).version, done=True)

    assert [(place.name, place.text) for place in corrections.places_of(done)] == [
        ("ho_ten", "Nguyễn Thị Hường"),
        ("muc_do", "Nặng"),
        ("tu_ngay", "19/05/2026"),
    ]


def test_the_resident_and_strangers_see_no_sheet(examined, specialist):
    actions.record_findings(examined, by=specialist, at=LATER, findings=FINDINGS)

    assert FindingSheet.objects.visible_to(specialist).count() == 1
    assert FindingSheet.objects.visible_to(examined.owner).count() == 0
