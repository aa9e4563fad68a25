"""The moves beside the ordinary course: waiting for the resident, later supplements, handing over, ends."""

from datetime import timedelta

import pytest
from django.urls import reverse

from buildings.roles import Position
from portal.core.audit import history_of
from services.dossiers.models import Dossier
from tests.factories.buildings import MembershipFactory, WardFactory, officer
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

SUPPLEMENT = {"reason": "Cần bản án", "contact": "Lan, 024 3827 1234", "tick-muc_dich": "on", "what-muc_dich": "Ghi rõ"}
# name of the page → where it starts, who owes it, what is said, the state it leads to
MORE = {
    "ask_confirmation": ("to_be_confirmed", "specialist", {}, "confirming"),
    "ask_visit": ("to_be_visited", "specialist", {}, "visiting"),
    "record_visit": ("visiting", "clerk", {}, "processing"),
    "record_first_visit": ("visiting_at_intake", "clerk", {}, "submitted"),
    "propose_supplement": (
        "processing",
        "specialist",
        {**SUPPLEMENT, "legal_basis": "Điều 11 Nghị định 118/2025/NĐ-CP"},
        "processing",
    ),
    "approve_supplement": ("proposed", "leader", {}, "supplement"),
    "decline_supplement": ("proposed", "leader", {"reason": "Đã có trong hồ sơ"}, "processing"),
    "ask_verification": (
        "to_be_verified",
        "specialist",
        {"agency": "UBND phường Bồ Đề", "reason": "Nơi cư trú cũ"},
        "processing",
    ),
    "ask_fee": ("processing", "specialist", {"amount": "15000", "reason": "Lệ phí hộ tịch"}, "awaiting_fee"),
    "record_fee": ("awaiting_fee", "clerk", {"receipt_number": "BL-0007"}, "processing"),
    "stop": ("processing", "leader", {"reason": "Công dân đề nghị"}, "stopped"),
    "declare_interest": ("processing", "specialist", {"relation": "con"}, "processing"),
}


@pytest.fixture(autouse=True)
def soon(clock):
    clock.move_to(AT + timedelta(minutes=40))


def post(client, user, dossier, name, said):
    client.force_login(user)
    return client.post(reverse(f"desk:{name}", args=[dossier.pk]), {"step": dossier.current_step.turn, **said})


@pytest.mark.parametrize("name", MORE)
def test_whoever_owes_it_makes_the_move(client, name):
    start, position, said, state = MORE[name]
    dossier = DossierFactory(**{start: True})
    who = officer(position, dossier.ward)
    client.force_login(who)
    assert client.get(reverse(f"desk:{name}", args=[dossier.pk])).status_code == 200

    assert post(client, who, dossier, name, said).status_code == 302

    dossier.refresh_from_db()
    assert (dossier.state, history_of(dossier).filter(action=name, actor_id=who.pk).count()) == (state, 1)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (name, wrong)
        for name, (_start, position, _said, _state) in MORE.items()
        if name not in {"declare_interest", "record_visit", "record_first_visit"}  # anybody's at the desk
        for wrong in ("clerk", "specialist", "registry_clerk", "leader")
        if wrong != position
    ],
)
def test_another_position_gets_403(client, name, wrong):
    start, _position, said, _state = MORE[name]
    dossier = DossierFactory(**{start: True})
    before = Dossier.objects.values().get(pk=dossier.pk)

    assert post(client, officer(wrong, dossier.ward), dossier, name, said).status_code == 403
    assert Dossier.objects.values().get(pk=dossier.pk) == before


@pytest.mark.parametrize("name", MORE)
def test_the_same_position_of_another_ward_gets_404(client, name):
    start, position, said, _state = MORE[name]
    dossier = DossierFactory(**{start: True})
    neighbour = WardFactory(neighbour=True, staffed=True)

    assert post(client, officer(position, neighbour), dossier, name, said).status_code == 404


@pytest.mark.parametrize(
    ("name", "said", "complaint"),
    [
        ("propose_supplement", SUPPLEMENT, "Ghi căn cứ pháp lý của yêu cầu này."),
        ("ask_fee", {"amount": "mười", "reason": "Lệ phí"}, "mười"),
        ("stop", {}, "Chọn một câu soạn sẵn hoặc viết lý do."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, name, said, complaint):
    start, position, _said, _state = MORE[name]
    dossier = DossierFactory(**{start: True})

    response = post(client, officer(position, dossier.ward), dossier, name, said)

    assert response.status_code == 200
    assert complaint in response.text
    assert 'role="alert"' in response.text


def test_the_leader_gives_a_step_to_another_officer(client):
    dossier = DossierFactory(processing=True)
    colleague = UserFactory(full_name="Vũ Thị Nhận")
    MembershipFactory(user=colleague, position=Position.SPECIALIST, ward=dossier.ward)

    answer = post(client, officer("leader", dossier.ward), dossier, "reassign", {"to": colleague.pk, "reason": "Ốm"})

    assert answer.status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).current_step.assignee == colleague


def test_a_stranger_cannot_be_given_a_step(client):
    dossier = DossierFactory(processing=True)

    answer = post(client, officer("leader", dossier.ward), dossier, "reassign", {"to": UserFactory().pk})

    assert answer.status_code == 200
    assert Dossier.objects.get(pk=dossier.pk).current_step.assignee == dossier.current_step.assignee


def test_a_leader_approves_that_a_relative_goes_on(client):
    dossier = DossierFactory(processing=True)
    relative = officer("specialist", dossier.ward)
    post(client, relative, dossier, "declare_interest", {"relation": "con"})
    assert client.get(reverse("desk:approve", args=[dossier.pk])).status_code == 403

    dossier.refresh_from_db()
    approved = post(client, officer("leader", dossier.ward), dossier, "approve_interest", {"officer": relative.pk})

    assert approved.status_code == 302
    client.force_login(relative)
    assert client.get(reverse("desk:approve", args=[dossier.pk])).status_code == 200


def test_a_resident_agrees_or_objects_on_a_page_of_their_own(client):
    agreeing, objecting = DossierFactory(confirming=True), DossierFactory(confirming=True)
    for dossier, said, state in (
        (agreeing, {"agrees": "yes"}, ("processing", True)),
        (objecting, {"agrees": "no", "reason": "Sai ngày sinh"}, ("processing", False)),
    ):
        client.force_login(dossier.owner)
        address = reverse("dossiers:agreement", args=[dossier.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"agrees": "no"}).status_code == 400
        assert client.post(address, said).status_code == 302
        dossier.refresh_from_db()
        assert (dossier.state, dossier.confirmed_at is not None) == state
