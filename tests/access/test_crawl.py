"""Everybody of one ward, let loose on every address with another ward's keys: nothing of it is seen, nothing changes.

`tests/access/test_matrix.py` says what each address answers; here the answers are read. Whatever a
neighbour must not see carries a canary. The addresses come from the matrix, which fails when the
resolver knows one it does not; Wagtail's admin is found in the resolver itself.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from buildings.meetings.models import Attendance, Meeting, MeetingAnswer, Resolution
from buildings.models import Absence, Apartment, Membership, Residency
from buildings.models.bodies import BoardMember
from buildings.notices.models import Notice, NoticeFile, NoticeVersion
from buildings.registry.models import FlatImport, Handover
from buildings.requests.models import (
    BuildingRequest,
    ContractorLink,
    RequestComment,
    RequestLateness,
    RequestPhoto,
    WardReferral,
)
from buildings.residence.models import Invitation
from buildings.roles import Position
from buildings.upkeep.models import CheckItem, CheckPhoto, PlannedWork
from home.editing.editors import settle
from home.kinds import Kind
from home.models import AnnouncementIndexPage, AnnouncementPage, Picture, PublicFile, WardPage
from portal.core.models import Notification, User
from services.appointments.models import Appointment
from services.conversation.models import Message, MessageFile
from services.desk.models import PreparedReason, SavedView
from services.dossiers.models import Attachment, Correction, Dossier, Interest, Lateness, Step, SupplementRequest
from services.registers.models import Export
from tests.access.rows import MATRIX
from tests.access.world import AT, client_of
from tests.factories.buildings import MembershipFactory, WardFactory, officer
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
CANARY = "HoangYen"  # no word of the portal; letters alone, so that no escaping hides it

# What is nobody's business outside the ward, column by column.
PRIVATE: dict[type[models.Model], tuple[str, ...]] = {
    User: ("full_name", "address"),
    Dossier: ("applicant_name",),
    Step: ("task",),
    Attachment: ("name",),
    SupplementRequest: ("reason", "contact"),
    Lateness: ("explanation", "remedy"),
    Interest: ("relation",),
    Correction: ("reason",),
    Message: ("text",),
    MessageFile: ("name",),
    PreparedReason: ("text",),
    SavedView: ("name",),
    Absence: ("reason",),
    Residency: ("reason", "proof_name"),
    Invitation: ("email",),
    Appointment: ("note",),
    BuildingRequest: ("what", "where", "reason", "elsewhere", "done_note"),
    RequestComment: ("text",),
    ContractorLink: ("name",),
    RequestLateness: ("explanation", "remedy", "apology"),
    WardReferral: ("question", "answer"),
    RequestPhoto: ("name",),
    Notification: ("title", "body"),
    PlannedWork: ("title", "doer", "note"),
    CheckItem: ("text", "note"),
    CheckPhoto: ("name",),
    Notice: ("title", "text", "place"),
    NoticeVersion: ("changed",),
    NoticeFile: ("name",),
    Meeting: ("chair", "secretary", "witness", "discussion", "why_adjourned"),
    MeetingAnswer: ("proxy",),
    Attendance: ("proxy",),
    Resolution: ("text",),
    Apartment: ("owner_name", "owner_phone"),
    BoardMember: ("name",),
    FlatImport: ("name",),
    Handover: ("note",),
}

NEIGHBOURS = (
    "visitor",
    "resident",
    "clerk",
    "specialist",
    "registry_clerk",
    "leader",
    "editor",
    "building_manager",
    "inspector",
    "catalogue_author",
)
# Whoever holds such an address may use it: its token is the key, given to one person.
BY_TOKEN = {
    "subscriptions:confirm",
    "subscriptions:stop",
    "subscriptions:mine",
    "subscriptions:mine_of_ward",
    "building_desk:contractor",
    "building_desk:contractor_photo",
}
# Rows that every request may leave: who is signed in, and what the framework remembers of that.
FRAMES = {"sessions.Session", "usersessions.UserSession", "wagtailcore.ModelLogEntry"}


@pytest.fixture
def theirs(world) -> dict[str, str]:
    """Every address of the portal with the other ward's keys in it; the ward itself marked by the canary."""
    page = WardPage.objects.get(slug="viet-hung")
    index = AnnouncementIndexPage.objects.child_of(page).get()
    index.add_child(
        instance=AnnouncementPage(title=f"{CANARY} nháp", live=False, kind=Kind.RECEPTION, summary=CANARY)
    ).save_revision()
    Picture.objects.create(title=CANARY, collection=page.collection, file="original_images/x.png", width=1, height=1)
    PublicFile.objects.create(title=CANARY, collection=page.collection, file="documents/x.pdf")
    flat = Apartment.objects.create(building=world.building, floor=1, number="101")
    Residency.objects.create(apartment=flat, user=world.people["owner"], role="owner", claimed_at=AT)
    known = {
        name: reverse(name, kwargs=kwargs(world))
        for name, (kwargs, _expected) in MATRIX.items()
        if name not in BY_TOKEN
    }
    for model, columns in PRIVATE.items():
        model._base_manager.update(**dict.fromkeys(columns, CANARY))
    # Who signed a document is named to anyone who checks it.
    User.objects.filter(pk=world.people["leader"].pk).update(full_name="Phạm Quốc Dũng")
    for dossier in Dossier.objects.all():
        answers = {key: CANARY if isinstance(value, str) else value for key, value in dossier.answers.items()}
        Dossier.objects.filter(pk=dossier.pk).update(answers=answers)
    return known


@pytest.fixture
def neighbours(theirs) -> dict[str, Client]:
    """A client for everyone of the ward next door, who does not carry the canary."""
    ward = WardFactory(neighbour=True)
    people: dict[str, User | None] = {"visitor": None, "resident": UserFactory(full_name="Cư dân Giang Biên")}
    for name in ("clerk", "specialist", "registry_clerk", "leader"):
        people[name] = officer(Position(name), ward)
    User.objects.filter(pk__in=Membership.objects.filter(ward=ward).values("user")).update(
        full_name="Cán bộ Giang Biên", address=""
    )
    for name in ("editor", "building_manager", "inspector", "catalogue_author"):
        position = Position.WARD_EDITOR if name == "editor" else Position(name)
        people[name] = UserFactory(full_name=f"{name} Giang Biên")
        held = MembershipFactory(user=people[name], position=position, ward=ward if name != "inspector" else None)
        if name in ("editor", "catalogue_author"):
            settle(held.user)
    assert set(people) == set(NEIGHBOURS)
    return {name: client_of(person) for name, person in people.items()}


def keys() -> dict[str, str | list[str]]:
    """The other ward's keys under every name a form might take them by."""
    ward = WardFactory()
    clerk = officer(Position.CLERK, ward).pk
    dossiers = [str(key) for key in Dossier.objects.filter(ward=ward).values_list("pk", flat=True)]
    page, building = WardPage.objects.get(ward=ward), ward.buildings.get(slug="sen-hong")
    return {
        **dict.fromkeys(("dossier", "id", "subject"), dossiers[0]),
        **dict.fromkeys(("dossiers", "ids", "chosen"), dossiers),
        **dict.fromkeys(("officer", "user", "person", "substitute", "owner", "to", "assignee"), str(clerk)),
        **dict.fromkeys(("ward", "phuong"), str(ward.pk)),
        **dict.fromkeys(("building", "buildings"), str(building.pk)),
        **dict.fromkeys(("page", "parent", "next_page"), str(page.pk)),
        "collection": str(page.collection_id),
        "view": str(SavedView.objects.values_list("pk", flat=True).first() or 1),
        "export": str(Export.objects.values_list("pk", flat=True).first() or 1),
        **{"step": "1", "reason": "Vì lý do khác", "text": "Nội dung", "agreed": "on", "confirm": "on"},
        **{"name": "Tên", "from_date": "2026-12-01", "to_date": "2026-12-02", "q": "a", "move": "accept"},
    }


def everything() -> dict[tuple[str, object], dict]:
    """Every row there is, but the frames of signing in."""
    return {
        (model._meta.label, row[model._meta.pk.attname]): row
        for model in apps.get_models()
        if model._meta.label not in FRAMES and not model._meta.proxy
        for row in model._base_manager.values()
    }


def touched(before: dict, after: dict) -> Iterator[str]:
    """What was there and is not as it was, and what is new in the other ward."""
    ward = WardFactory().pk
    for key, row in before.items():
        if after.get(key) != row:
            now = after.get(key) or {}
            yield f"{key}: { ({name: (value, now.get(name)) for name, value in row.items() if now.get(name) != value}) }"
    for key in after.keys() - before.keys():
        own_draft = key[0] == "dossiers.Dossier" and after[key]["state"] == "draft"  # whoever lives anywhere may file
        if after[key].get("ward_id") == ward and not own_draft:
            yield f"{key} is new: {after[key]}"


def body_of(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def test_nobody_of_the_ward_next_door_sees_or_changes_anything(neighbours, theirs):
    posted = keys()
    before, seen, failed = everything(), set(), set()
    for neighbour, client in neighbours.items():
        for name, address in theirs.items():
            asked = {
                "GET": client.get(address),
                "GET with keys": client.get(address, {**posted, "q": CANARY.lower()}),
                "POST": client.post(address, posted),
            }
            for method, response in asked.items():
                if response.status_code >= 500:
                    failed.add((neighbour, name, method))
                if CANARY in body_of(response):
                    seen.add((neighbour, name, method))

    assert (seen, failed) == (set(), set())
    assert list(touched(before, everything())) == []


def test_the_wards_own_people_see_the_canary(world, theirs):
    """So that the crawl above proves something."""
    seen = {}
    for person in ("owner", "clerk", "specialist", "leader"):
        client = client_of(world.people[person])
        seen[person] = sum(CANARY in body_of(client.get(address)) for address in theirs.values())

    assert {person: count > 10 for person, count in seen.items()} == dict.fromkeys(seen, True)
