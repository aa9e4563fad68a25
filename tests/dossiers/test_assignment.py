"""Who owes a step when a position has several holders."""

from datetime import timedelta

import pytest

from buildings.roles import Position
from services.dossiers import actions
from services.dossiers.models import Dossier
from tests.factories.buildings import MembershipFactory, WardFactory
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    """Two clerks at the counter."""
    ward = WardFactory(staffed=True)
    MembershipFactory(user=UserFactory(full_name="Phạm Văn Lộc"), position=Position.CLERK, ward=ward)
    return ward


def test_the_one_with_less_to_do_gets_the_next(ward):
    first, second = (DossierFactory(ward=ward, submitted=True).current_step.assignee for _dossier in range(2))
    assert first != second


def test_who_asked_for_more_gets_the_answer_however_much_they_have_to_do(ward):
    dossier = DossierFactory(ward=ward, supplement=True, items=(("muc_dich", "Ghi rõ."),))
    asked = dossier.current_step.assignee
    while Dossier.objects.filter(current_step__assignee=asked, state="submitted").count() < 2:
        DossierFactory(ward=ward, submitted=True)

    dossier.supplement_requests.get().items.update(answered_at=AT)
    actions.answer_supplement(dossier, by=dossier.owner, at=AT + timedelta(hours=2))

    dossier.refresh_from_db()
    assert dossier.current_step.assignee == asked
