"""Wards hand over to wards, building by building: everything goes where the plan says, and nothing is lost."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client

from buildings.models import Apartment, Building, Membership, Reorganisation, Residency, Ward
from buildings.roles import DESK_POSITIONS, Position
from home.editing.editors import settle
from home.models import AnnouncementPage, WardPage
from home.subscriptions.models import Subscription
from home.tenancy import carrying_out, planning
from home.tenancy.preview import preview
from portal.core import audit
from portal.core.models import AuditEvent, Notification
from portal.core.outbox import run_all
from services.documents.models import IssuedDocument
from services.documents.verifying import Outcome, verify
from services.dossiers.models import ENDED_STATES, WAITING_STATES, Dossier, Step
from tests.clock import stopped_at
from tests.factories.buildings import MembershipFactory, ResidencyFactory, officer
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory
from tests.home.conftest import ward_page
from tests.subscriptions.conftest import subscribe

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)

clock = stopped_at(LATER)


@pytest.fixture
def operator():
    return UserFactory(full_name="Quản trị", is_superuser=True, is_staff=True)


class World:
    """Giang Biên is closed: its building Ven Sông goes to Việt Hưng, the rest to Thượng Thanh. Việt Hưng goes on
    but gives Bằng Lăng to Thượng Thanh. Phúc Lợi has nothing to do with it."""

    def __init__(self, announce):
        self.pages = {slug: ward_page(slug) for slug in ("viet-hung", "giang-bien", "thuong-thanh")}
        self.wards = {slug: page.ward for slug, page in self.pages.items()}
        self.bystander = Ward.objects.create(
            slug="phuc-loi",
            name="Phúc Lợi",
            code="00136",
            agency_code="H26.004.136",
            address="Phúc Lợi",
            phone="+842438271236",
            email="phuc-loi@portal.example",
        )
        for ward in (*self.wards.values(), self.bystander):
            for position in DESK_POSITIONS:
                officer(position, ward)
        self.buildings = {
            slug: self._building(slug, ward)
            for slug, ward in (
                ("sen-hong", "viet-hung"),
                ("bang-lang", "viet-hung"),
                ("ven-song", "giang-bien"),
                ("lua-vang", "giang-bien"),
                ("cay-da", "thuong-thanh"),
            )
        }
        self.residents = {slug: self._resident(building) for slug, building in self.buildings.items()}
        self.residents["stranger"] = UserFactory(full_name="Không Ở Tòa Nào")
        self.dossiers = [
            DossierFactory(ward=self.wards[ward], owner=self.residents[owner], **{state: True})
            for owner, ward, states in (
                ("ven-song", "giang-bien", ("supplement", "signed", "withdrawn")),
                ("lua-vang", "giang-bien", ("processing", "delivered")),
                ("bang-lang", "viet-hung", ("processing", "withdrawn")),
                ("stranger", "giang-bien", ("submitted",)),
                ("sen-hong", "viet-hung", ("submitted",)),
            )
            for state in states
        ]
        self.dossiers.append(DossierFactory(ward=self.wards["giang-bien"], owner=self.residents["ven-song"]))
        for page in self.pages.values():
            announce(page, f"Lịch tiếp dân {page.slug}")

    def _building(self, slug, ward):
        made = Building.objects.create(
            ward=self.wards[ward], slug=slug, name=slug.replace("-", " ").title(), address="Phố", floors=9
        )
        Apartment.objects.create(building=made, floor=2, number="0201")
        return made

    def _resident(self, building):
        user = UserFactory(full_name=f"Cư dân {building.name}")
        manager = UserFactory(full_name=f"Quản lý {building.name}")
        MembershipFactory(user=manager, position=Position.BUILDING_MANAGER, ward=building.ward, building=building)
        Residency.objects.create(
            user=user,
            apartment=building.apartments.get(),
            role="owner",
            state="confirmed",
            claimed_at=AT,
            confirmed_at=AT,
            confirmed_by=manager,
        )
        return user

    def plan(self, operator, *, people=()):
        viet_hung, giang_bien, thuong_thanh = self.wards.values()
        made = planning.draft(
            title="Sắp xếp phường",
            decision="1656/NQ-UBTVQH15",
            effective_on=date(2026, 11, 23),
            wards=[viet_hung, giang_bien, thuong_thanh],
            by=operator,
            at=AT,
        )
        planning.assign(
            made,
            defaults={giang_bien.pk: thuong_thanh.pk},
            buildings={
                self.buildings["ven-song"].pk: viet_hung.pk,
                self.buildings["lua-vang"].pk: thuong_thanh.pk,
                self.buildings["bang-lang"].pk: thuong_thanh.pk,
            },
            by=operator,
            at=AT,
        )
        planning.transfer(made, {membership.pk: ward.pk for membership, ward in people}, by=operator, at=AT)
        return made

    def where(self, dossier):
        return Dossier.objects.select_related("ward").get(pk=dossier.pk).ward.slug


@pytest.fixture
def world(announce):
    return World(announce)


def carry_out(plan, operator):
    carrying_out.confirm(plan, by=operator, at=LATER)
    assert carrying_out.carry_out(plan.pk, clock=lambda: LATER)
    plan.refresh_from_db()
    assert plan.done_at == LATER
    return plan


def facts():
    """What must be the same before and after, whatever moves."""
    return {
        "dossiers": sorted(
            Dossier.objects.values_list(
                "pk", "code", "secret", "state", "due_at", "next_due_at", "owner", "answers__ho_ten"
            )
        ),
        "documents": sorted(
            IssuedDocument.objects.values_list("pk", "ward", "book", "year", "number", "token", "sha256", "state"),
            key=str,
        ),
        "finished steps": sorted(
            Step.objects.filter(finished_at__isnull=False).values_list("pk", "assignee", "started_at", "finished_at")
        ),
        "residencies": sorted(Residency.objects.values_list("pk", "user", "apartment", "ended_at"), key=str),
        "announcements": sorted(AnnouncementPage.objects.values_list("pk", "slug", "ward", "live")),
    }


def test_nothing_is_lost_and_nothing_said_or_promised_changes(world, operator):
    plan = world.plan(operator)
    before = facts()
    carry_out(plan, operator)

    assert facts() == before
    assert plan.before["held"] == plan.report["held"]


def test_dossiers_follow_the_building_of_their_owner(world, operator):
    carry_out(world.plan(operator), operator)
    where = {}
    for dossier in Dossier.objects.select_related("ward", "owner"):
        where.setdefault((dossier.owner.full_name, dossier.state in ENDED_STATES), set()).add(dossier.ward.slug)

    assert where == {
        ("Cư dân Ven Song", False): {"viet-hung"},
        ("Cư dân Ven Song", True): {"viet-hung"},
        ("Cư dân Lua Vang", False): {"thuong-thanh"},
        ("Cư dân Lua Vang", True): {"thuong-thanh"},
        ("Cư dân Bang Lang", False): {"thuong-thanh"},
        ("Cư dân Bang Lang", True): {"viet-hung"},  # finished by a ward that goes on: it keeps its archive
        ("Không Ở Tòa Nào", False): {"thuong-thanh"},
        ("Cư dân Sen Hong", False): {"viet-hung"},
    }


def test_every_open_step_is_owned_by_somebody_of_the_new_ward(world, operator):
    carry_out(world.plan(operator), operator)

    for dossier in Dossier.objects.open().select_related("current_step__assignee", "ward"):
        wards = set(
            Membership.objects.current().filter(user=dossier.current_step.assignee).values_list("ward", flat=True)
        )
        assert dossier.ward_id in wards


def test_buildings_move_with_their_people_and_a_second_slug_makes_room(world, operator):
    Building.objects.create(
        ward=world.wards["viet-hung"], slug="ven-song", name="Ven Sông khác", address="Phố", floors=3
    )
    carry_out(world.plan(operator), operator)

    moved = Building.objects.get(pk=world.buildings["ven-song"].pk)
    assert (moved.ward.slug, moved.slug) == ("viet-hung", "ven-song-giang-bien")
    assert Membership.objects.current().get(building=moved).ward == moved.ward
    assert moved.successions.get().former_slug == "ven-song"
    assert Building.objects.get(pk=world.buildings["bang-lang"].pk).ward.slug == "thuong-thanh"
    assert Building.objects.get(pk=world.buildings["sen-hong"].pk).ward.slug == "viet-hung"


def test_the_closed_ward_takes_nothing_new_and_its_people_are_gone(world, operator):
    carry_out(world.plan(operator), operator)
    closed = Ward.objects.get(slug="giang-bien")

    assert (closed.is_open, closed.closed_at) == (False, LATER)
    assert not Membership.objects.current().filter(ward=closed).exists()
    assert {str(ward) for ward in closed.successors} == {"Phường Việt Hưng", "Phường Thượng Thanh"}
    assert {str(ward) for ward in world.wards["viet-hung"].predecessors} == {"Phường Giang Biên"}
    assert audit.history_of(closed).last().action == "ward.closed"


def test_people_go_on_only_where_the_plan_says(world, operator):
    giang_bien, viet_hung = world.wards["giang-bien"], world.wards["viet-hung"]
    clerk = Membership.objects.get(ward=giang_bien, position=Position.CLERK)
    editor = MembershipFactory(user=UserFactory(), position=Position.WARD_EDITOR, ward=giang_bien)
    settle(editor.user)
    carry_out(world.plan(operator, people=[(clerk, viet_hung), (editor, viet_hung)]), operator)

    assert Membership.objects.current().get(user=clerk.user).ward == viet_hung
    assert Membership.objects.get(pk=clerk.pk).ended_at == LATER
    assert list(editor.user.groups.all()) == [WardPage.objects.get(ward=viet_hung).editors]
    assert Notification.objects.filter(kind="tenancy.position_begun").count() == 2
    gone = Membership.objects.get(ward=giang_bien, position=Position.SPECIALIST).user
    assert not Membership.objects.current().filter(user=gone).exists()
    assert Notification.objects.get(kind="tenancy.position_ended", recipient=gone).title.endswith("Phường Giang Biên")


def test_who_had_the_step_keeps_it_when_they_come_along(world, operator):
    giang_bien, thuong_thanh = world.wards["giang-bien"], world.wards["thuong-thanh"]
    specialist = Membership.objects.get(ward=giang_bien, position=Position.SPECIALIST)
    carry_out(world.plan(operator, people=[(specialist, thuong_thanh)]), operator)

    working = Dossier.objects.get(owner=world.residents["lua-vang"], current_step__kind=Step.Kind.WORK)
    assert working.current_step.assignee == specialist.user


def test_documents_of_the_closed_ward_verify_and_are_read_where_their_dossier_went(world, operator):
    carry_out(world.plan(operator), operator)
    result = IssuedDocument.objects.ready().get(
        kind="result", owner=world.residents["lua-vang"], subject__in=_streams(world, "delivered", "lua-vang")
    )
    verdict = verify(ContentFile(result.file.read(), name="a.pdf"), at=LATER)

    assert verdict.outcome == Outcome.VALID
    assert result.ward.slug == "giang-bien"
    readers = {
        ward.slug: IssuedDocument.objects.visible_to(officer(Position.CLERK, ward)).filter(pk=result.pk).exists()
        for ward in (world.wards["viet-hung"], world.wards["thuong-thanh"], world.bystander)
    }
    assert readers == {"viet-hung": False, "thuong-thanh": True, "phuc-loi": False}


def _streams(world, state, owner):
    return [audit.stream_of(dossier) for dossier in Dossier.objects.filter(owner=world.residents[owner], state=state)]


def test_each_resident_still_sees_what_is_theirs(world, operator):
    seen = {person: set(Dossier.objects.visible_to(person)) for person in world.residents.values()}
    carry_out(world.plan(operator), operator)

    assert {person: set(Dossier.objects.visible_to(person)) for person in world.residents.values()} == seen


def test_no_officer_of_an_uninvolved_ward_sees_anything_new(world, operator):
    people = [officer(position, world.bystander) for position in DESK_POSITIONS]
    carry_out(world.plan(operator), operator)

    assert [Dossier.objects.visible_to(person).count() for person in people] == [0] * len(people)
    assert [IssuedDocument.objects.visible_to(person).count() for person in people] == [0] * len(people)


def test_owners_of_open_dossiers_are_told_once(world, operator):
    carry_out(world.plan(operator), operator)
    told = Notification.objects.get(kind="dossiers.ward_changed", recipient=world.residents["lua-vang"])

    assert "Phường Thượng Thanh" in told.title


def test_carried_out_twice_is_carried_out_once(world, operator):
    plan = carry_out(world.plan(operator), operator)
    before = AuditEvent.objects.count(), Notification.objects.count(), Membership.objects.count()
    carrying_out.confirm(plan, by=operator, at=LATER)
    assert carrying_out.carry_out(plan.pk, clock=lambda: LATER)

    assert (AuditEvent.objects.count(), Notification.objects.count(), Membership.objects.count()) == before


@pytest.mark.parametrize("pieces", [1, 6, 14])
def test_killed_at_any_piece_the_next_turn_goes_on(world, operator, monkeypatch, pieces):
    plan = world.plan(operator)
    before = facts()
    carrying_out.confirm(plan, by=operator, at=LATER)
    whole = carrying_out._pieces

    class Killed(BaseException):
        pass

    def some(*args):
        for number, piece in enumerate(whole(*args)):
            if number == pieces:
                raise Killed
            yield piece

    monkeypatch.setattr(carrying_out, "_pieces", some)
    with pytest.raises(Killed):
        carrying_out.carry_out(plan.pk, clock=lambda: LATER)
    monkeypatch.setattr(carrying_out, "_pieces", whole)
    carrying_out.carry_out(plan.pk, clock=lambda: LATER)

    plan.refresh_from_db()
    assert plan.done_at
    assert facts() == before
    assert not Dossier.objects.filter(ward__slug="giang-bien").exists()


def test_the_outbox_takes_turns_until_it_is_done(world, operator, monkeypatch):
    monkeypatch.setattr(carrying_out, "SECONDS_A_TURN", 1e-9)
    plan = world.plan(operator)
    carrying_out.confirm(plan, by=operator, at=LATER)
    with time_machine.travel(LATER, tick=True):
        run_all(at=LATER + timedelta(minutes=1), rounds=400)

    plan.refresh_from_db()
    assert plan.done_at


def test_who_lives_in_two_buildings_of_a_ward_goes_the_way_of_the_first(world, operator):
    for first, second in (("lua-vang", "ven-song"), ("ven-song", "lua-vang")):
        flat = world.buildings[second].apartments.get()
        ResidencyFactory(user=world.residents[first], apartment=flat, role="member", claimed_at=AT + timedelta(days=1))
    read, giang_bien = planning.Plan(world.plan(operator)), world.wards["giang-bien"]

    gone = [read.successor_of(world.residents[first].pk, giang_bien).slug for first in ("lua-vang", "ven-song")]
    assert gone == ["thuong-thanh", "viet-hung"]


def test_a_plan_for_a_later_day_waits_and_can_be_called_back(world, operator):
    plan = world.plan(operator)
    Reorganisation.objects.filter(pk=plan.pk).update(effective_on=date(2026, 12, 1))
    carrying_out.confirm(plan, by=operator, at=LATER)
    carrying_out.carry_out(plan.pk, clock=lambda: LATER)
    assert Ward.objects.get(slug="giang-bien").is_open
    with pytest.raises(planning.PlanClosed):
        planning.assign(plan, defaults={}, by=operator, at=LATER)

    assert carrying_out.call_back(plan, by=operator, at=LATER)
    planning.assign(plan, defaults={}, by=operator, at=LATER)


def test_a_ward_without_a_leader_takes_nothing_over(world, operator):
    Membership.objects.filter(ward=world.wards["thuong-thanh"], position=Position.LEADER).update(
        ended_at=AT + timedelta(days=400)
    )
    with pytest.raises(carrying_out.NotReady, match="Thượng Thanh"):
        carrying_out.confirm(world.plan(operator), by=operator, at=LATER)


def test_the_preview_counts_what_then_happens(world, operator):
    found = preview(world.plan(operator), at=LATER)
    shares = {(share.old.slug, share.new.slug): dict(share.counts) for share in found.shares}

    assert shares["giang-bien", "viet-hung"] == {
        "open": 2, "finished": 1, "drafts": 1, "buildings": 1, "residents": 1,
        "documents": IssuedDocument.objects.filter(owner=world.residents["ven-song"]).count(),
    }  # fmt: skip
    assert shares["viet-hung", "thuong-thanh"] == {"open": 1, "buildings": 1, "residents": 1}
    assert shares["giang-bien", "thuong-thanh"]["announcements"] == 1
    assert found.obstacles == []
    assert [warning for warning in found.warnings if "chưa phát hành" in warning]


def test_files_on_disk_are_the_files_that_were_issued(world, operator):
    carry_out(world.plan(operator), operator)

    for document in IssuedDocument.objects.with_file():
        assert sha256(document.file.read()).hexdigest() == document.sha256


def test_waiting_dossiers_keep_waiting(world, operator):
    waiting = set(Dossier.objects.filter(state__in=WAITING_STATES).values_list("pk", "state"))
    carry_out(world.plan(operator), operator)

    assert set(Dossier.objects.filter(state__in=WAITING_STATES).values_list("pk", "state")) == waiting


def test_old_addresses_of_the_closed_ward_are_still_read(world, operator):
    carry_out(world.plan(operator), operator)

    assert [
        Client().get(path).status_code
        for path in ("/giang-bien/", "/giang-bien/thong-bao/", "/giang-bien/thong-bao/lich-tiep-dan-giang-bien/")
    ] == [200, 200, 200]


def test_readers_follow_their_building_or_else_every_successor(world, operator):
    viet_hung, giang_bien, thuong_thanh = world.wards.values()
    subscribe("ven-song@x.example", giang_bien, buildings=(world.buildings["ven-song"].pk,))
    subscribe("bang-lang@x.example", viet_hung, buildings=(world.buildings["bang-lang"].pk,))
    subscribe("phuong@x.example", giang_bien)
    carry_out(world.plan(operator), operator)

    followed = {
        email: sorted(Subscription.objects.filter(subscriber__email=email).values_list("ward__slug", flat=True))
        for email in ("ven-song@x.example", "bang-lang@x.example", "phuong@x.example")
    }
    assert followed == {
        "ven-song@x.example": ["viet-hung"],
        "bang-lang@x.example": ["thuong-thanh", "viet-hung"],
        "phuong@x.example": ["thuong-thanh", "viet-hung"],
    }
