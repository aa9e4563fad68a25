"""What really happened (domain.md §6): fourteen wards, thirteen from 01/01/2025, four from 01/07/2025, many-to-many."""

from datetime import timedelta

import pytest
from django.test import Client

from buildings.models import Apartment, Building, Residency, Ward
from buildings.roles import DESK_POSITIONS
from home.models import AnnouncementPage
from home.tenancy import carrying_out, planning
from portal.core import audit
from services.documents.models import IssuedDocument
from services.dossiers.models import Dossier
from tests.clock import stopped_at
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory
from tests.home.test_tenancy_screens import FOURTEEN, opened

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

NOW = AT + timedelta(hours=1)

# ward → (who takes over the rest, {building: who takes it over}); parts of one go to several.
FOUR = {
    "long-bien": ("long-bien", {}),
    "bo-de": ("bo-de", {"bo-de-1": "long-bien"}),
    "viet-hung": ("viet-hung", {"viet-hung-1": "phuc-loi"}),
    "phuc-loi": ("phuc-loi", {"phuc-loi-1": "viet-hung"}),
    "ngoc-lam": ("bo-de", {}),
    "ngoc-thuy": ("bo-de", {}),
    "duc-giang": ("viet-hung", {"duc-giang-1": "bo-de"}),
    "gia-thuy": ("viet-hung", {"gia-thuy-1": "long-bien", "gia-thuy-2": "bo-de"}),
    "thuong-thanh": ("viet-hung", {"thuong-thanh-1": "bo-de"}),
    "giang-bien": ("phuc-loi", {"giang-bien-1": "viet-hung"}),
    "phuc-dong": ("phuc-loi", {"phuc-dong-1": "long-bien", "phuc-dong-2": "bo-de", "sai-dong-1": "viet-hung"}),
    "thach-ban": ("long-bien", {"thach-ban-1": "phuc-loi"}),
    "cu-khoi": ("long-bien", {}),
}


clock = stopped_at(NOW)


def hand_over(plans, *, title, operator, at):
    wards = {ward.slug: ward for ward in Ward.objects.all()}
    buildings = {building.slug: building for building in Building.objects.all()}
    made = planning.draft(
        title=title, decision=title, effective_on=AT.date(), wards=[wards[slug] for slug in plans], by=operator, at=at
    )
    assigned = {}
    for slug, (rest, exceptions) in plans.items():
        for building in wards[slug].buildings.all():
            assigned[building.pk] = wards[exceptions.get(building.slug, rest)].pk
    planning.assign(
        made,
        defaults={wards[slug].pk: wards[rest].pk for slug, (rest, _exceptions) in plans.items()},
        buildings=assigned,
        by=operator,
        at=at,
    )
    carrying_out.confirm(made, by=operator, at=at)
    assert carrying_out.carry_out(made.pk, clock=lambda: at)
    return made, buildings


def test_fourteen_wards_become_thirteen_and_then_four_and_nothing_is_lost(announce):
    operator = UserFactory(is_superuser=True)
    addresses = ["/"]
    for slug, facts in FOURTEEN.items():
        page = opened(slug, *facts)
        for position in DESK_POSITIONS:
            officer(position, page.ward)
        announce(page, f"Tin {slug}", slug="tin")
        addresses += [f"/{slug}/", f"/{slug}/thong-bao/", f"/{slug}/thong-bao/tin/", f"/{slug}/thong-bao/rss/"]
        addresses += [f"/{slug}/dich-vu/", f"/{slug}/dich-vu/xac-nhan-hon-nhan/"]
        for number in (1, 2):
            tower = Building.objects.create(
                ward=page.ward, slug=f"{slug}-{number}", name=f"Tòa {slug} {number}", address="Phố", floors=5
            )
            flat = Apartment.objects.create(building=tower, floor=2, number="0201")
            resident = UserFactory()
            Residency.objects.create(
                user=resident,
                apartment=flat,
                role="owner",
                state="confirmed",
                claimed_at=AT,
                confirmed_at=AT,
                confirmed_by=operator,
            )
            DossierFactory(ward=page.ward, owner=resident, **{"submitted" if number == 1 else "refused": True})
    said = sorted(Dossier.objects.values_list("pk", "code", "state", "due_at", "next_due_at", "owner"))
    papers = sorted(IssuedDocument.objects.values_list("pk", "ward", "number", "token"))

    hand_over({"sai-dong": ("phuc-dong", {})}, title="13 phường", operator=operator, at=NOW)
    assert Dossier.objects.filter(ward__slug="phuc-dong").count() == 4
    hand_over(FOUR, title="1656/NQ-UBTVQH15", operator=operator, at=NOW + timedelta(minutes=1))

    assert {ward.slug for ward in Ward.objects.open()} == {"long-bien", "bo-de", "viet-hung", "phuc-loi"}
    assert sorted(Dossier.objects.values_list("pk", "code", "state", "due_at", "next_due_at", "owner")) == said
    assert sorted(IssuedDocument.objects.values_list("pk", "ward", "number", "token")) == papers
    assert AnnouncementPage.objects.live().count() == len(FOURTEEN)
    # Each building and what is open stands where the plan put it; nothing is left with a ward that is no more.
    where = dict(Building.objects.values_list("slug", "ward__slug"))
    expected = {"gia-thuy-1": "long-bien", "gia-thuy-2": "bo-de", "sai-dong-1": "viet-hung", "sai-dong-2": "phuc-loi"}
    assert {slug: where[slug] for slug in expected} == expected
    for dossier in Dossier.objects.open().select_related("owner", "ward", "current_step__assignee"):
        home = Residency.objects.get(user=dossier.owner).apartment.building
        assert dossier.ward_id == home.ward_id
        assert dossier.current_step.assignee == officer(dossier.current_step.position, dossier.ward)
    assert not Dossier.objects.filter(ward__closed_at__isnull=False).exists()
    assert not IssuedDocument.objects.filter(ward__closed_at__isnull=False, kept_by=None).exists()
    for dossier in Dossier.objects.all():
        assert audit.verify(audit.history_of(dossier)) is None
    # Every old address answers, at the end of its redirects too.
    addresses += [f"/{slug.rpartition('-')[0]}/dich-vu/" for slug in where]
    assert {path for path in addresses if Client().get(path, follow=True).status_code != 200} == set()
