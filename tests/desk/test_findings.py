"""The screens on which officers write down what they found: required, told in words, kept, and shown to the desk."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from buildings.roles import Position
from portal.core.models import AuditEvent
from services.catalogue.definition import ANSWER, FieldSpec
from services.desk import batch, second_factor
from services.dossiers import actions
from services.dossiers.models import Dossier, FindingSheet
from tests.clock import stopped_at
from tests.factories.buildings import officer
from tests.factories.dossiers import ANSWERS, AT, FINDINGS, FOUND, DossierFactory, advance, publish

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=30)
POSTED = {"muc_do": "nang", "tu_ngay_day": "19", "tu_ngay_month": "5", "tu_ngay_year": "2026"}

clock = stopped_at(LATER)


@pytest.fixture
def dossier():
    return DossierFactory(to_be_found=True)


@pytest.fixture
def specialist(client, dossier):
    client.force_login(officer(Position.SPECIALIST, dossier.ward))
    return client


def address(dossier, name="approve"):
    return reverse(f"desk:{name}", args=[dossier.pk])


def post(client, dossier, name="approve", **data):
    turn = Dossier.objects.get(pk=dossier.pk).current_step.turn
    return client.post(address(dossier, name), {"step": turn, **data})


def names(form):
    return [field.name for field in form]


def test_the_page_of_approval_asks_for_them(specialist, dossier):
    page = specialist.get(address(dossier))

    assert names(page.context["form"]) == ["note", "muc_do", "tu_ngay"]  # nothing of the divorced
    assert "Chỉ trả lời nếu bạn chọn “Nặng” ở câu “Mức độ khuyết tật”." in page.content.decode()


def test_what_is_missing_is_said_and_what_was_typed_stays(specialist, dossier):
    page = post(specialist, dossier, muc_do="nang", note="Đã họp Hội đồng.")

    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["tu_ngay"]
    assert page.context["form"]["muc_do"].value() == "nang"
    assert "Đã họp Hội đồng." in page.content.decode()
    assert FindingSheet.objects.count() == 0


def test_they_are_kept_with_the_move(specialist, dossier):
    post(specialist, dossier, **POSTED, note="Đã họp Hội đồng.")

    moved = Dossier.objects.get(pk=dossier.pk)
    assert (moved.findings, moved.current_step.kind) == (FINDINGS, "sign")
    assert AuditEvent.objects.get(action="approve").data["note"] == "Đã họp Hội đồng."


def test_they_are_saved_on_the_way_as_far_as_they_are_known(specialist, dossier):
    post(specialist, dossier, "record_findings", muc_do="nhe")
    page = specialist.get(address(dossier))

    assert (page.context["form"]["muc_do"].value(), page.context["form"]["note"].value()) == ("nhe", None)
    assert Dossier.objects.get(pk=dossier.pk).current_step.kind == "work"


def test_the_dossier_shows_what_was_found_by_whom_and_what_stood_there_before(specialist, dossier):
    post(specialist, dossier, "record_findings", muc_do="nhe")
    post(specialist, dossier, **POSTED)
    at_signing = Dossier.objects.get(pk=dossier.pk)
    specialist.force_login(officer(Position.LEADER, dossier.ward))
    page = specialist.get(reverse("desk:dossier", args=[at_signing.pk]))

    found = [[(spec.key, str(text)) for spec, text in sheet.rows] for sheet in page.context["found"]]
    assert found == [[("muc_do", "Nặng"), ("tu_ngay", "19/05/2026")], [("muc_do", "Nhẹ")]]
    assert {sheet.who for sheet in page.context["found"]} == {officer(Position.SPECIALIST, dossier.ward)}
    assert "Những lần ghi trước" in page.content.decode()


def test_after_the_approval_the_specialist_still_finds_the_way_to_mend_them(specialist, dossier):
    at_signing = advance(dossier, "approve", at=LATER)
    page = specialist.get(reverse("desk:dossier", args=[at_signing.pk]))
    assert [move.name for move in page.context["pages"]] == ["record_findings"]

    page = post(specialist, at_signing, "record_findings", muc_do="nang")
    assert list(page.context["form"].errors) == ["tu_ngay"]  # it stays complete
    post(specialist, at_signing, "record_findings", muc_do="nhe")
    assert Dossier.objects.get(pk=dossier.pk).findings == {"muc_do": "nhe"}


def test_a_batch_says_clearly_that_something_is_missing(client, dossier, monkeypatch):
    monkeypatch.setattr(second_factor, "confirmed_lately", lambda request, method: True)
    at_signing, leader = advance(dossier, "approve", at=LATER), officer(Position.LEADER, dossier.ward)
    client.force_login(leader)
    page = client.get(reverse("desk:sign_several"))
    ((row, _due, seen),) = page.context["rows"]
    FindingSheet.objects.all().delete()

    outcome = batch.attempt(at_signing, lambda: actions.sign(at_signing, by=leader, at=LATER), done="")
    several = client.post(
        reverse("desk:sign_several"),
        {"ho-so": str(row.pk), f"step-{row.pk}": row.current_step.turn, f"seen-{row.pk}": seen},
    )

    assert (outcome.done, outcome.words) == (False, "Còn thiếu kết quả thẩm định: mở hồ sơ để ghi.")
    assert [one.done for one in several.context["outcomes"]] == [False]


def test_what_the_resident_declared_stands_there_to_be_compared(specialist, dossier):
    """A finding that names a question of the form begins with its answer."""
    asked = FieldSpec("text", "muc_dich_that", "Mục đích", options={ANSWER: "muc_dich"})
    version = publish(dossier.version.procedure, replace(FOUND, findings=(asked,)))
    other = DossierFactory(version=version, ward=dossier.ward, processing=True)

    page = specialist.get(address(other))

    field = page.context["form"]["muc_dich_that"]
    assert (field.value(), field.help_text) == (ANSWERS["muc_dich"], "Điền sẵn theo lời khai; hãy đối chiếu.")
    post(specialist, other, "record_findings", muc_dich_that="Mua nhà")
    field = specialist.get(address(other)).context["form"]["muc_dich_that"]
    assert (field.value(), field.help_text) == ("Mua nhà", "")
