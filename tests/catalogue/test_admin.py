"""Authors write procedures in the editors' admin, without code."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse
from wagtail.admin.panels import get_edit_handler

from buildings.roles import Position
from home.editing.editors import settle
from services.catalogue.checks import WORKING_DAY
from services.catalogue.definition import Limit, Visit
from services.catalogue.models import Procedure, ProcedureVersion
from tests.factories.buildings import MembershipFactory, WardFactory, officer
from tests.factories.catalogue import SMALL, published
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    user = UserFactory(full_name="Người soạn", email="soan@portal.example", is_staff=True)
    settle(MembershipFactory(user=user, position=Position.CATALOGUE_AUTHOR).user)
    return user


@pytest.fixture
def admin(client, author):
    client.force_login(author)
    return client


def url(name, *args):
    return reverse(f"wagtailsnippets_catalogue_procedure:{name}", args=args)


def posted(raw, prefix):
    """A stream as Wagtail's form posts it; `raw` as it is stored."""
    data = {f"{prefix}-count": str(len(raw))}
    for i, child in enumerate(raw):
        stem = f"{prefix}-{i}"
        data |= {f"{stem}-order": str(i), f"{stem}-deleted": "", f"{stem}-type": child["type"], f"{stem}-id": ""}
        data |= _value(child["value"], f"{stem}-value")
    return data


def _value(value, stem):
    if isinstance(value, dict):
        return {name: text for key, inner in value.items() for name, text in _value(inner, f"{stem}-{key}").items()}
    if isinstance(value, list):
        if value and isinstance(value[0], dict) and "type" in value[0]:
            return posted(value, stem)
        return posted([{"type": "item", "value": item} for item in value], stem) if value else {f"{stem}-count": "0"}
    if value is True:
        return {stem: "on"}
    return {} if value is False else {stem: "" if value is None else str(value)}


def form_data(definition, **changes):
    """What the browser sends for this definition."""
    written = Procedure()
    written.rewrite(definition)
    data = {
        "slug": "thu-tuc",
        "area": "civil_status",
        "keywords": "",
        "limit_cutoff": "15:00",
        "limit_amount": str(definition.limit.amount),
        "limit_kind": definition.limit.kind,
        "limit_note": "",
        "legal_limit_amount": "0",
        "verification_limit_amount": "0",
        "visit_minutes": "30",
        "slip_family": definition.slip_family,
        "agency": definition.agency,
    }
    for name in ("code", "name", "level", "purpose", "eligibility", "presence_reason", "decided_by", "declaration"):
        data[name] = str(getattr(definition, name))
    for name in ("result_title", "result_book", "result_suffix"):
        data[name] = getattr(written, name)
    for name in ("fees", "legal_basis", "sections", "papers", "steps", "findings", "result_blocks"):
        field = written._meta.get_field(name)
        raw = field.get_prep_value(getattr(written, name))
        data |= posted([{"type": each["type"], "value": each["value"]} for each in raw], name)
    return {**data, **changes}


def test_an_author_writes_and_publishes_a_procedure_without_code(admin, author):
    answer = admin.post(url("add"), {**form_data(SMALL), "action-publish": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    procedure = Procedure.objects.get()
    assert (procedure.live, procedure.current.number, procedure.current.published_by) == (True, 1, author)
    spec = procedure.current.spec
    assert [field.key for field in spec.fields()] == [field.key for field in SMALL.fields()]
    assert spec.field("ten_con").when == SMALL.field("ten_con").when
    assert spec.steps == SMALL.steps


def test_an_author_commits_the_ward_to_a_shorter_limit_by_decision(admin):
    three_days = replace(SMALL, limit=Limit("working_days", 3))
    procedure = published(three_days)
    changes = {
        "slug": procedure.slug,
        "limit_amount": "2",
        "legal_limit_kind": "working_days",
        "legal_limit_amount": "3",
        "decision_number": "12/QĐ-UBND",
        "decision_date": "2026-03-02",
        "decision_reason": "Tra cứu điện tử",
        "effective_to": "2026-12-31",
        "action-publish": "1",
    }
    answer = admin.post(url("edit", procedure.pk), form_data(three_days, **changes))
    assert answer.status_code == 302, answer.context["form"].errors
    version = ProcedureVersion.objects.get(number=2)
    assert version.spec.legal_limit == Limit("working_days", 3)
    assert version.effective_to == date(2026, 12, 31)
    assert (version.limit_review.decision_number, version.limit_review.minutes_saved) == ("12/QĐ-UBND", WORKING_DAY)


def test_what_a_visit_is_for_is_asked_beside_its_input(admin):
    data = form_data(replace(SMALL, level=3, presence_reason="Hai bên cùng ký."), **{"action-publish": "1"})
    answer = admin.post(url("add"), data)
    assert list(answer.context["form"].errors) == ["visit_purpose"]
    answer = admin.post(url("add"), {**data, "visit_purpose": "Ký vào sổ", "visit_minutes": "20"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert ProcedureVersion.objects.get().spec.visit == Visit("Ký vào sổ", 20)


def test_a_half_written_draft_is_kept_but_not_published(admin):
    draft = replace(SMALL, steps=(), declaration="")
    assert admin.post(url("add"), form_data(draft)).status_code == 302
    procedure = Procedure.objects.get()
    assert (procedure.live, procedure.versions.count()) == (False, 0)
    answer = admin.post(url("edit", procedure.pk), {**form_data(draft), "action-publish": "1"})
    assert set(answer.context["form"].errors) == {"declaration", "steps"}
    assert procedure.versions.count() == 0


def test_a_mistake_is_shown_beside_its_question(admin):
    data = form_data(SMALL, **{"sections-1-value-fields-0-value-key": "ho_ten", "action-publish": "1"})
    answer = admin.post(url("add"), data)
    error = answer.context["form"].errors.as_data()["sections"][0]
    question = error.block_errors[1].block_errors["fields"].block_errors[0]
    assert question.block_errors["key"].messages == ["Khóa này đã dùng trong tờ khai hoặc thuộc về hệ thống."]


def test_the_preview_is_the_public_page(author):
    ward = WardFactory()
    procedure = published()
    procedure.purpose = "Đang viết dở."
    request = RequestFactory().get("/")
    answer = procedure.make_preview_request(request, procedure.default_preview_mode)
    answer.render()
    page = answer.content.decode()
    assert "Đang viết dở." in page
    assert ward.name in page
    assert "/nop/" not in page


def test_a_procedure_that_was_published_cannot_be_deleted(admin):
    procedure = published()
    for send in (admin.get, admin.post):
        assert send(url("delete", procedure.pk)).status_code in (302, 403, 404)
    assert Procedure.objects.filter(pk=procedure.pk).exists()


@pytest.mark.parametrize("position", [Position.CLERK, Position.LEADER])
def test_officers_have_no_business_in_the_catalogue(client, position):
    client.force_login(officer(position, WardFactory()))
    procedure = published()
    for address in (url("list"), url("edit", procedure.pk), url("add")):
        assert client.get(address).status_code in (302, 404)
        assert client.post(address, form_data(SMALL)).status_code in (302, 404)
    assert Procedure.objects.get().versions.count() == 1


def test_every_field_an_author_needs_is_on_the_screen():
    handler = get_edit_handler(Procedure)
    fields = set(handler.get_form_class().base_fields)
    own = {
        field.name
        for field in Procedure._meta.get_fields()
        if field.name in Procedure.__dict__ and getattr(field, "editable", False)
    }
    bookkeeping = {"id", "live", "locked", "go_live_at", "expire_at", "first_published_at"}
    assert own - bookkeeping - fields == set()
