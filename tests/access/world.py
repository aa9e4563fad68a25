"""Who there is and what there is: one ward with everybody in it, its neighbour, a dossier in every state."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from buildings.models import Apartment, Building
from buildings.requests import photos
from buildings.requests.models import BuildingRequest
from buildings.roles import Position
from home.editing.editors import settle
from home.tenancy.opening import open_ward
from services.appointments import booking
from services.desk import second_factor
from services.documents import rendering
from services.documents.models import IssuedDocument
from services.dossiers import actions
from services.dossiers.models import Dossier
from tests.clock import stopped_at
from tests.factories.appointments import version_with_visit
from tests.factories.buildings import MembershipFactory, ResidencyFactory, WardFactory, officer
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory
from tests.factories.requests import a_request, picture

POLICE = ("police_officer", "police_head")  # of the same ward: the committee's dossiers are none of theirs
BUILDING_STAFF = ("manager", "building_head", "board_chair")  # of the first building
PEOPLE = (
    "visitor",
    "owner",
    "other_resident",
    "clerk",
    "specialist",
    "registry_clerk",
    "leader",
    *POLICE,
    "clerk_elsewhere",
    "leader_elsewhere",
    "editor",
    *BUILDING_STAFF,
    "manager_next_door",
    "flat_owner",
    "former_resident",
    "inspector",
    "operator",
)
DESK = ("clerk", "specialist", "registry_clerk", "leader")


@dataclass
class World:
    """One ward with everybody in it, its neighbour, and a dossier in every state an address needs."""

    building: Building
    flat: Apartment
    people: dict[str, object] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    requests: list[BuildingRequest] = field(default_factory=list)
    asked: dict[str, BuildingRequest] = field(default_factory=dict)  # as far as a row of the managers' desk needs

    def of(self, state: str, **more) -> dict:
        return {"id": self.dossiers[state].pk, **more}


clock = stopped_at(AT + timedelta(hours=1))  # an hour after everything was made: nothing is late yet


@pytest.fixture
def world(db, monkeypatch) -> World:
    monkeypatch.setattr(second_factor, "confirmed_lately", lambda request, method: True)  # tests/desk/test_signing.py
    facts = {"address": "Phố Vạn Hạnh", "phone": "+842438271234", "email": "ward@portal.example"}
    pages = {
        slug: open_ward(slug=slug, by=None, at=AT, name=name, code=code, agency_code=f"H26.004.{code[2:]}", **facts)
        for slug, name, code in (("viet-hung", "Việt Hưng", "00127"), ("giang-bien", "Giang Biên", "00121"))
    }
    ward, neighbour = WardFactory(staffed=True), WardFactory(neighbour=True, staffed=True)
    assert ward == pages["viet-hung"].ward
    building = Building.objects.create(ward=ward, slug="sen-hong", name="Sen Hồng", address="Phố Vạn Hạnh", floors=9)
    next_door = Building.objects.create(ward=ward, slug="bang-lang", name="Bằng Lăng", address="Phố Vạn Hạnh", floors=9)
    world = World(building, Apartment.objects.create(building=building, floor=2, number="0201"))
    world.people = {
        "visitor": None,
        "owner": UserFactory(full_name="Nguyễn Thị Hường"),
        "other_resident": UserFactory(full_name="Lê Văn Lạ"),
        **{position: officer(position, ward) for position in (*DESK, *POLICE)},
        "clerk_elsewhere": officer(Position.CLERK, neighbour),
        "leader_elsewhere": officer(Position.LEADER, neighbour),
        "editor": officer(Position.WARD_EDITOR, ward),
        **{person: UserFactory() for person in (*BUILDING_STAFF, "manager_next_door")},
        "flat_owner": UserFactory(full_name="Đào Minh Châu"),
        "former_resident": UserFactory(full_name="Bạch Đình Cũ"),
        "inspector": UserFactory(),
        "operator": UserFactory(is_superuser=True, is_staff=True),
    }
    for position in ("editor", Position.LEADER, "leader_elsewhere"):
        settle(world.people[position])
    for person, position, place in (
        ("manager", Position.BUILDING_MANAGER, building),
        ("building_head", Position.BUILDING_HEAD, building),
        ("board_chair", Position.BOARD_CHAIR, building),
        ("manager_next_door", Position.BUILDING_MANAGER, next_door),
    ):
        MembershipFactory(user=world.people[person], position=position, ward=ward, building=place)
    for person, ended_at in (("flat_owner", None), ("former_resident", AT - timedelta(days=1))):
        ResidencyFactory(
            user=world.people[person],
            apartment=world.flat,
            confirmed_by=world.people["manager"],
            ended_at=ended_at,
        )
    MembershipFactory(user=world.people["inspector"], position=Position.INSPECTOR)
    states = (
        *("submitted", "supplement", "accepted", "processing", "at_signing", "signed", "numbered", "done"),
        *("awaiting_fee", "proposed", "to_be_confirmed", "confirming", "to_be_found"),
        *("to_be_verified", "to_be_visited", "visiting", "visiting_at_intake"),
    )
    world.dossiers = {
        state: DossierFactory(ward=ward, owner=world.people["owner"], **{state: True}) for state in states
    }
    result = IssuedDocument.objects.about(world.dossiers["done"]).get(kind="result")
    rendering.render(str(result.pk), at=AT)
    world.dossiers["interest"] = actions.declare_interest(
        DossierFactory(ward=ward, owner=world.people["owner"], processing=True),
        by=world.people["registry_clerk"],
        at=AT,
        relation="cháu",
    )
    world.dossiers["draft"] = DossierFactory(ward=ward, owner=world.people["owner"])
    return world


def client_of(person) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def dossier(state: str, **more) -> Callable[[World], dict]:
    return lambda world: world.of(state, **more)


def nothing(world: World) -> dict:
    return {}


def to_visit(world: World) -> Dossier:
    """A dossier that asks for a visit, with its appointment."""
    if "visit" not in world.dossiers:
        made = DossierFactory(
            ward=WardFactory(), owner=world.people["owner"], version=version_with_visit(), accepted=True
        )
        now = timezone.now()
        offer = booking.offer(made, by=made.owner, at=now)
        booking.book(made, offer.free(offer.days[-1])[0].starts_at, by=made.owner, at=now)
        world.dossiers["visit"] = made
    return world.dossiers["visit"]


def to_request(world: World) -> BuildingRequest:
    """What the owner of the flat reported of a shared place, with a picture: the whole building sees it."""
    if not world.requests:
        now, reporter, token = timezone.now(), world.people["flat_owner"], uuid.uuid4()
        photos.add(token, picture(), by=reporter, at=now)
        world.requests.append(a_request(world.building, by=reporter, at=now, token=token))
    return world.requests[0]


def visit(world: World) -> dict:
    return {"id": to_visit(world).pk}
