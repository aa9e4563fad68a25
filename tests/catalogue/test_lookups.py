"""A paper that a database stands in for is asked for only when the look-up finds nothing (domain row 29)."""

from dataclasses import replace

import pytest

from services.catalogue import lookups
from services.catalogue.answers import problems
from services.catalogue.definition import FieldSpec
from services.catalogue.forms import SectionForm
from tests.factories.catalogue import NAME, asking
from tests.factories.people import UserFactory

IDENTITY = FieldSpec("file", "can_cuoc", "Thẻ căn cước", options={"replaced_by": "population"})
RESIDENCE = FieldSpec("file", "cu_tru", "Giấy xác nhận cư trú", options={"replaced_by": "residence"})
PLAIN = FieldSpec("file", "chung_sinh", "Giấy chứng sinh")
FORM = replace(asking(NAME), papers=(IDENTITY, RESIDENCE, PLAIN))
DEMO = {name: f"services.catalogue.lookups.demo_{name}" for name in ("population", "residence")}


def person(number="000085000123"):
    return UserFactory.build(personal_number=number)


def down(user):
    raise TimeoutError


def missing(found):
    return [problem.field_key for problem in problems(FORM, {"ho_ten": "An", **found}, set())]


def test_what_a_database_knows_is_not_asked_for(settings):
    settings.DATABASE_LOOKUPS = DEMO
    found = lookups.look_up(FORM, {}, person("000085000124"))
    assert found == {lookups.FOUND: ["population", "residence"]}
    assert missing(found) == ["chung_sinh"]


def test_what_no_database_knows_is_asked_for(settings):
    settings.DATABASE_LOOKUPS = DEMO
    assert lookups.look_up(FORM, {}, person("")) == {}
    assert missing({}) == ["can_cuoc", "cu_tru", "chung_sinh"]


def test_an_identity_found_says_nothing_about_residence(settings):
    settings.DATABASE_LOOKUPS = DEMO
    found = lookups.look_up(FORM, {}, person("000085000123"))
    assert found == {lookups.FOUND: ["population"]}
    assert missing(found) == ["cu_tru", "chung_sinh"]


def test_without_a_provider_every_paper_is_asked_for(settings):
    settings.DATABASE_LOOKUPS = {}
    assert lookups.look_up(FORM, {}, person()) == {}


def test_a_database_that_fails_has_not_answered(settings):
    settings.DATABASE_LOOKUPS = {"population": f"{__name__}.down"}
    assert lookups.look_up(FORM, {}, person()) == {}


def test_a_database_that_answered_is_not_asked_again(settings):
    settings.DATABASE_LOOKUPS = {"population": f"{__name__}.down"}
    known = {lookups.FOUND: ["population"]}
    assert lookups.look_up(FORM, known, person()) == known


def test_a_form_that_no_database_helps_asks_none(settings):
    settings.DATABASE_LOOKUPS = DEMO
    assert lookups.look_up(asking(NAME), {}, person()) == {}


def test_a_replaced_paper_may_be_attached_nevertheless():
    asked = lookups.as_asked(IDENTITY, {lookups.FOUND: ["population"]})
    assert asked.required is False
    assert asked.hint.startswith("Không cần nộp: cơ quan tra cứu trong Cơ sở dữ liệu quốc gia về dân cư.")
    assert lookups.as_asked(PLAIN, {lookups.FOUND: ["population"]}) is PLAIN
    assert lookups.as_asked(IDENTITY, {}) is IDENTITY


@pytest.mark.parametrize("value", ["_found", "_found-0", "bo"])
def test_what_was_found_is_no_answer_a_browser_can_give(value):
    data = {"ho_ten": "An", value: "population"}
    page = FORM.sections[0]
    form = SectionForm(page, definition=FORM, answers={}, user=person(), data=data)
    assert form.is_valid()
    assert form.answers() == {"ho_ten": "An"}
