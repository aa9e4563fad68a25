"""The demo data: complete, repeatable, and only where it is asked for."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from buildings.models import Absence, Ward
from buildings.requests.models import BuildingRequest, RequestState
from buildings.roles import Position
from home.models import AnnouncementPage
from home.tenancy import naming
from portal.core.audit import history_of, verify
from portal.core.models import CalendarDay, User
from services.documents.models import IssuedDocument
from services.dossiers.models import Correction, Dossier, DossierState, Lateness, ResultDelivery

pytestmark = pytest.mark.django_db
WARDS = ["giang-bien", "thuong-thanh", "viet-hung"]


def logins() -> dict:
    out = StringIO()
    call_command("demo", json=True, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


@pytest.fixture
def loaded(settings):
    settings.DEMO = True
    return logins()


def logins_of_a_changed_ward() -> list[str]:
    """What a start says after the last ward was renamed and its dossiers went to another; all of it taken back."""
    last = Ward.objects.get(slug="thuong-thanh")
    with transaction.atomic():
        naming.rename(last, name="Cây Đa", slug="cay-da", by=None, at=timezone.now())
        Dossier.objects.filter(ward=last).update(ward=Ward.objects.get(slug="viet-hung"))
        said = logins()
        transaction.set_rollback(True)
    assert {account["ward"] for account in said["accounts"]} == {"", "viet-hung", "giang-bien", "cay-da"}
    return [account["login"] for account in said["accounts"]]


def test_the_demo_is_whole_and_loading_it_again_changes_nothing(loaded):
    counted = (Dossier.objects.count(), AnnouncementPage.objects.count(), User.objects.count())

    assert logins() == loaded
    assert (Dossier.objects.count(), AnnouncementPage.objects.count(), User.objects.count()) == counted
    assert sorted(Ward.objects.values_list("slug", flat=True)) == WARDS
    assert logins_of_a_changed_ward() == [account["login"] for account in loaded["accounts"]]
    assert (Dossier.objects.count(), AnnouncementPage.objects.count(), User.objects.count()) == counted
    in_every_ward = {
        "resident",
        "clerk",
        "specialist",
        "registry_clerk",
        "leader",
        "building_manager",
        "building_head",
        "board_chair",
        "ward_editor",
        "police_officer",
        "police_head",
        "culture_officer",
    }
    roles = Counter(account["role"] for account in loaded["accounts"] if account["ward"])
    assert {role for role, wards in roles.items() if wards >= 3} == in_every_ward
    above = {account["role"] for account in loaded["accounts"] if not account["ward"]}
    assert above == {Position.CATALOGUE_AUTHOR, Position.INSPECTOR, Position.DISTRICT_LEADER, "operator"}
    for account in loaded["accounts"]:
        user = User.objects.get(email=account["login"])
        assert user.check_password(account["password"])
        assert user.emailaddress_set.get().verified
    for slug in WARDS:
        dossiers = Dossier.objects.filter(ward__slug=slug)
        assert set(dossiers.values_list("state", flat=True)) == set(DossierState.values)
        assert AnnouncementPage.objects.of(Ward.objects.get(slug=slug)).values("kind").distinct().count() >= 6
        assert [verify(history_of(dossier)) for dossier in dossiers] == [None] * dossiers.count()
        requests = BuildingRequest.objects.filter(building__ward__slug=slug)
        assert set(requests.values_list("state", flat=True)) == set(RequestState.values)
        assert requests.filter(lateness__isnull=False).exists()
        shown = requests.filter(reporter__residencies__phone_shown=True, reporter__phone_verified=True)
        assert 0 < shown.count() < requests.count()
        assert_the_office_is_shown(Ward.objects.get(slug=slug))
        signed_by = {str(one.signed_by.memberships.get().position) for one in dossiers.filter(signed_by__isnull=False)}
        assert signed_by == {Position.LEADER, Position.POLICE_HEAD}
        assert dossiers.filter(current_step__position=Position.POLICE_HEAD).exists()
        assert all(one.findings for one in dossiers.filter(signed_by__isnull=False))
    assert_lateness_is_shown_at_every_stage()


def assert_the_office_is_shown(ward: Ward) -> None:
    """A result handed over by every way, one of them put right, a deputy who is away, a day closed by a storm."""
    given = ResultDelivery.objects.filter(dossier__ward=ward)
    assert set(given.values_list("way", flat=True)) == set(Dossier.Delivery.values)
    assert set(given.values_list("confirmed_how", flat=True)) == {"", "on_paper", "said", "read"}
    assert Dossier.objects.get(ward=ward, state=DossierState.DONE).delivery == Dossier.Delivery.COUNTER
    correction = Correction.objects.get(dossier__ward=ward)
    assert (correction.state, correction.document.state, correction.new_document.state) == (
        "issued",
        IssuedDocument.State.REPLACED,
        IssuedDocument.State.ISSUED,
    )
    assert Absence.objects.get(ward=ward).substitute.memberships.get().title == "Chủ tịch"
    storm = CalendarDay.objects.get(ward_code=ward.code)
    assert (storm.kind, storm.date < timezone.localdate()) == (CalendarDay.Kind.CLOSED, True)


def assert_lateness_is_shown_at_every_stage() -> None:
    """In each ward: to be explained, to be signed, going on by its new date, and a second one with the chairman."""
    for slug in WARDS:
        cases = Lateness.objects.filter(dossier__ward__slug=slug)
        assert {"explaining", "drafted", "told", "explained"} <= set(cases.values_list("state", flat=True))
        second = cases.get(number=2)
        assert (second.state, second.escalated, second.new_date_allowed) == ("explained", True, False)
        going_on = Dossier.objects.get(ward__slug=slug, rescheduled_to__isnull=False, lateness=None)
        assert going_on.next_due_at > timezone.now()
        letter = IssuedDocument.objects.about(going_on).get(kind="apology")
        assert letter.signed_by.memberships.get().title == "Chủ tịch"
        late = Dossier.objects.filter(ward__slug=slug, next_due_at__lt=timezone.now())
        assert Dossier.objects.filter(ward__slug=slug, lateness=None).at_risk(timezone.now()).exists()
        meant = {"explaining", "drafted", "explained"}
        assert set(late.values_list("lateness__state", flat=True)) == meant  # nothing is late by accident


def test_known_passwords_are_never_loaded_outside_the_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="never in production"):
        call_command("demo")

    assert User.objects.count() == 0
