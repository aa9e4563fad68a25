"""Publishing freezes a version; a version never changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from services.catalogue.checks import WORKING_DAY
from services.catalogue.definition import Definition, Limit, LimitDecision
from services.catalogue.models import Procedure, ProcedureVersion
from tests.factories.buildings import WardFactory
from tests.factories.catalogue import SMALL, published, republished
from tests.factories.dossiers import DossierFactory
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_publishing_freezes_what_was_written():
    author = UserFactory(is_superuser=True)
    procedure = published(by=author)
    version = procedure.current
    assert (version.number, version.published_by, version.published_at) == (1, author, procedure.last_published_at)
    assert version.spec == procedure.definition()
    assert version.spec.name == SMALL.name
    assert [spec.key for spec in version.spec.fields()] == [spec.key for spec in SMALL.fields()]


def test_a_version_read_back_is_the_definition_it_was():
    spec = published().current.spec
    assert Definition.from_json(spec.to_json()) == spec


def test_a_draft_changes_nothing_that_residents_see():
    procedure = published()
    procedure.name = "Tên mới"
    procedure.save_revision()
    assert Procedure.objects.get().current.spec.name == SMALL.name
    assert Procedure.objects.get().name == SMALL.name


def test_publishing_a_change_makes_the_next_version():
    procedure = published()
    procedure.name = "Tên mới"
    procedure = republished(procedure)
    assert [(version.number, version.spec.name) for version in procedure.versions.all()] == [
        (1, SMALL.name),
        (2, "Tên mới"),
    ]


def test_publishing_without_a_change_makes_none():
    procedure = published()
    procedure.keywords = "tên gọi khác"  # for searching; not part of what is filed
    assert republished(procedure).versions.count() == 1


def test_a_dossier_keeps_the_version_it_was_begun_under():
    procedure = published()
    dossier = DossierFactory(version=procedure.current, empty=True)
    before = dossier.spec
    procedure.rewrite(replace(SMALL, name="Tên mới", decided_by="Người khác"))
    procedure.level, procedure.presence_reason, procedure.visit_purpose = 3, "Luật đổi.", "Ký"
    procedure = republished(procedure)
    dossier = type(dossier).objects.get(pk=dossier.pk)
    assert dossier.spec == before
    assert dossier.version.number == 1
    assert procedure.current.spec.level == 3


def test_a_version_can_neither_be_changed_nor_deleted():
    version = published().current
    version.definition = {}
    for attempt in (
        version.save,
        version.delete,
        ProcedureVersion.objects.all().delete,
        lambda: ProcedureVersion.objects.update(number=9),
    ):
        with pytest.raises(TypeError):
            attempt()
    assert ProcedureVersion.objects.get().spec.name == SMALL.name


def test_nothing_incomplete_is_published_however_it_comes_about():
    procedure = published()
    procedure.steps = "[]"
    revision = procedure.save_revision()
    with pytest.raises(ValidationError) as refused:
        revision.publish()
    assert list(refused.value.error_dict) == ["steps"]
    assert Procedure.objects.get().versions.count() == 1


def test_a_scheduled_publication_freezes_when_its_time_comes():
    procedure = published()
    procedure.name = "Tên mới"
    procedure.go_live_at = timezone.now() + timedelta(hours=1)
    revision = procedure.save_revision()
    revision.publish()
    assert procedure.versions.count() == 1
    procedure.go_live_at = timezone.now() - timedelta(minutes=1)
    assert republished(procedure).versions.count() == 2


def test_a_version_that_cannot_be_frozen_is_not_published(monkeypatch):
    procedure = published()
    procedure.name = "Tên mới"
    revision = procedure.save_revision()
    monkeypatch.setattr(ProcedureVersion.objects, "create", lambda **values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        revision.publish()
    assert Procedure.objects.get().name == SMALL.name


def test_unpublished_is_no_longer_offered_but_its_versions_stay():
    procedure = published()
    procedure.unpublish()
    assert list(Procedure.objects.published()) == []
    assert procedure.versions.count() == 1


def test_what_was_stored_before_a_part_existed_reads_with_its_default():
    stored = published().current.definition
    new = (
        "legal_limit",
        "limit_after_verification",
        "limit_decision",
        "transfer_cutoff",
        "visit",
        "confirm_draft",
        "slip_family",
    )
    old = {name: value for name, value in stored.items() if name not in new}
    old["steps"] = [{name: value for name, value in step.items() if name != "assign"} for step in old["steps"]]
    assert Definition.from_json(old) == Definition.from_json(stored)


def test_publishing_again_what_was_stored_before_a_part_existed_makes_no_new_version():
    procedure = published()
    stored = {name: value for name, value in procedure.current.definition.items() if name != "slip_family"}
    models.QuerySet.update(ProcedureVersion.objects.all(), definition=stored)
    assert republished(procedure).versions.count() == 1


# --- In force -------------------------------------------------------------------------------------

YESTERDAY, TODAY, TOMORROW = (timezone.localdate() + timedelta(days=days) for days in (-1, 0, 1))


def test_a_version_is_offered_from_its_first_day_on():
    procedure = published()
    procedure.name, procedure.effective_from = "Tên mới", TOMORROW
    procedure = republished(procedure)
    assert (procedure.current.number, procedure.latest.number) == (1, 2)
    in_force = ProcedureVersion.objects.in_force
    assert [in_force(day).get().number for day in (YESTERDAY, TODAY, TOMORROW)] == [1, 1, 2]


def test_after_its_last_day_a_version_is_not_offered_nor_the_one_before():
    procedure = published()
    procedure.name, procedure.effective_to = "Tên mới", TODAY
    procedure = republished(procedure)
    assert procedure.current.number == 2
    assert list(ProcedureVersion.objects.in_force(TOMORROW)) == []
    assert [list(Procedure.objects.published(day)) for day in (TODAY, TOMORROW)] == [[procedure], []]


def test_what_is_not_in_force_yet_is_not_offered():
    procedure = Procedure(live=False, slug="sau-nay", effective_from=TOMORROW)
    procedure.rewrite(SMALL)
    procedure.save()
    procedure = republished(procedure)
    assert procedure.current is None
    assert list(Procedure.objects.published()) == []


def test_another_period_is_another_version():
    procedure = published()
    procedure.effective_to = TOMORROW
    assert republished(procedure).versions.count() == 2


def test_a_period_does_not_end_before_it_begins():
    procedure = published()
    procedure.effective_from, procedure.effective_to = TODAY, YESTERDAY
    with pytest.raises(ValidationError) as refused:
        procedure.full_clean()
    assert list(refused.value.error_dict) == ["effective_to"]


# --- The committed limit --------------------------------------------------------------------------

THREE, TWO = Limit("working_days", 3), Limit("working_days", 2)
DECISION = LimitDecision("12/QĐ-UBND", "2026-03-02", "Tra cứu điện tử")


def test_a_limit_shortened_by_decision_is_reviewed_once():
    procedure = published(replace(SMALL, limit=THREE))
    assert procedure.limit_reviews.count() == 0
    procedure.rewrite(replace(SMALL, limit=TWO, legal_limit=THREE, limit_decision=DECISION))
    procedure = republished(procedure)
    review = procedure.limit_reviews.get()
    assert (review.version, review.old, review.new) == (procedure.current, THREE, TWO)
    assert (review.decision_number, f"{review.decision_date}", review.reason) == (
        "12/QĐ-UBND",
        "2026-03-02",
        "Tra cứu điện tử",
    )
    assert review.minutes_saved == WORKING_DAY
    procedure.name = "Tên mới"
    assert republished(procedure).limit_reviews.count() == 1


def test_a_limit_shorter_than_the_law_from_the_start_is_reviewed_against_the_law():
    procedure = published(replace(SMALL, limit=TWO, legal_limit=THREE, limit_decision=DECISION))
    assert procedure.limit_reviews.get().old == THREE


def test_a_limit_changed_without_a_decision_is_no_review():
    procedure = published(replace(SMALL, limit=THREE))
    procedure.rewrite(replace(SMALL, limit=TWO))
    assert republished(procedure).limit_reviews.count() == 0


def test_a_procedure_that_names_wards_is_offered_by_those_alone():
    here, there = WardFactory(), WardFactory(neighbour=True)
    everywhere, only_here = published(), published(replace(SMALL, code="1.999002"))
    only_here.wards = [here]
    only_here = republished(only_here)
    assert set(Procedure.objects.offered_in(here)) == {everywhere, only_here}
    assert set(Procedure.objects.offered_in(there)) == {everywhere}


def test_procedures_are_found_without_diacritics():
    published(replace(SMALL, name="Đăng ký khai sinh"), keywords="giấy chứng sinh")
    found = [
        Procedure.objects.matching(query).count() for query in ("dang ky khai", "CHỨNG SINH", "1.999001", "kết hôn")
    ]
    assert found == [1, 1, 1, 0]


def test_reading_a_version_costs_one_query():
    procedure = published()
    with CaptureQueriesContext(connection) as queries:
        assert procedure.current.spec.name == SMALL.name
        assert len(procedure.current.spec.pages) == 3
    assert len(queries) == 1
