"""The papers page of a draft when a database stands in for a paper (domain row 29)."""

import pytest
from django.urls import reverse

from buildings.roles import Position
from services.catalogue import lookups, shipped
from services.catalogue.models import Procedure
from services.dossiers import actions, filing, journey
from services.dossiers.models import Dossier
from tests.clients import as_user
from tests.dossiers.conftest import NOW
from tests.factories.answers import answers
from tests.factories.buildings import officer
from tests.factories.dossiers import photo

pytestmark = pytest.mark.django_db
LINE = "Không cần nộp: cơ quan tra cứu trong Cơ sở dữ liệu quốc gia về dân cư."


@pytest.fixture
def draft(ward, resident, settings):
    """A residence confirmation for oneself: its only paper is the identity card."""
    settings.DATABASE_LOOKUPS = {"population": "services.catalogue.lookups.demo_population"}
    path = next(path for path in shipped.files() if path.name.startswith("1.010041"))
    shipped.load(shipped.read(path))
    version = Procedure.objects.get().current
    return filing.start(version, ward, by=resident, at=NOW)


def fill(draft):
    for section in draft.spec.sections:
        draft = filing.save_answers(draft, section.fields, answers(draft.spec), by=draft.owner, at=NOW)
    return draft


def known(resident):
    resident.personal_number = "000085000123"
    resident.save()


def test_the_paper_is_not_asked_of_one_the_database_knows(draft, resident, signed_in):
    known(resident)
    draft = fill(Dossier.objects.get(pk=draft.pk))
    assert draft.answers[lookups.FOUND] == ["population"]
    assert actions.problems_of(draft) == []
    page = journey.pages(draft)[-2]
    assert LINE in signed_in.get(page.url).content.decode()
    assert signed_in.post(page.url, {}).status_code == 302


def test_the_paper_may_be_given_nevertheless(draft, resident, signed_in):
    known(resident)
    draft = fill(Dossier.objects.get(pk=draft.pk))
    form = signed_in.get(journey.pages(draft)[-2].url).context["papers"]
    signed_in.post(journey.pages(draft)[-2].url, {form[0]["field"].html_name: photo()})
    assert draft.attachments.get().field == "giay_to_tuy_than"


def test_the_paper_is_asked_of_one_it_does_not_know(draft, signed_in):
    draft = fill(draft)
    assert lookups.FOUND not in draft.answers
    assert [problem.field_key for problem in actions.problems_of(draft)] == ["giay_to_tuy_than"]
    assert LINE not in signed_in.get(journey.pages(draft)[-2].url).content.decode()


def test_the_procedure_page_counts_as_many_steps_as_the_form(draft, signed_in, ward):
    said = signed_in.get(Procedure.objects.get().address_in(ward)).context["form_pages"]
    assert said == len(journey.pages(fill(draft)))


def test_the_check_and_the_desk_say_where_it_is_looked_up_instead_of_calling_it_missing(draft, resident, signed_in):
    known(resident)
    draft = fill(Dossier.objects.get(pk=draft.pk))
    words = "tra cứu trong Cơ sở dữ liệu quốc gia về dân cư"

    checked = signed_in.get(f"/ho-so/{draft.pk}/kiem-tra/").text
    assert words in checked
    assert "Chưa có tệp nào" not in checked

    officer_ = officer(Position.CLERK, draft.ward)
    sent = actions.submit(draft, by=resident, at=NOW)
    read = as_user(officer_).get(reverse("desk:dossier", args=[sent.pk])).text
    assert words in read
    assert "Không có tệp" not in read
