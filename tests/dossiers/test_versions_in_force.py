"""Dossiers are begun only under the version of a procedure that is in force (domain row 1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.dossiers import filing
from services.dossiers.models import Dossier
from tests.clients import as_user
from tests.dossiers.conftest import NOW
from tests.factories.catalogue import published, republished

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)


def renamed(procedure, *, first_day):
    procedure.name, procedure.effective_from = "Theo luật mới", first_day
    return republished(procedure)


def test_a_draft_is_not_begun_under_what_was_replaced(ward, resident):
    before = published().current
    renamed(before.procedure, first_day=TODAY)
    with pytest.raises(filing.NotInForce):
        filing.start(before, ward, by=resident, at=NOW)


def test_a_draft_is_not_begun_under_what_is_not_in_force_yet(ward, resident):
    to_come = renamed(published(), first_day=TODAY + timedelta(days=1)).latest
    with pytest.raises(filing.NotInForce):
        filing.start(to_come, ward, by=resident, at=NOW)
    assert filing.start(to_come, ward, by=resident, at=NOW + timedelta(days=1)).version == to_come


def test_residents_file_under_the_version_of_the_day(ward, resident, clock):
    procedure = renamed(published(), first_day=TODAY + timedelta(days=1))
    address = f"/viet-hung/dich-vu/{procedure.slug}/nop/"
    as_user(resident).post(address)
    clock.move_to(NOW + timedelta(days=1))
    as_user(resident).post(address)
    numbers = Dossier.objects.order_by("created_at").values_list("version__number", flat=True)
    assert list(numbers) == [1, 2]


def test_what_has_ended_is_not_offered(ward, resident, clock):
    procedure = published()
    procedure.effective_to = TODAY
    procedure = republished(procedure)
    assert as_user(resident).get(procedure.address_in(ward)).status_code == 200
    clock.move_to(NOW + timedelta(days=1))
    assert as_user(resident).get(procedure.address_in(ward)).status_code == 404
    assert as_user(resident).post(f"/viet-hung/dich-vu/{procedure.slug}/nop/").status_code == 404
