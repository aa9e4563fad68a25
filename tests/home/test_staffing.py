"""The operator names who works where: a ward is switched on with nobody in it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from buildings import staffing
from buildings.models import Building, Membership, positions_in
from buildings.roles import Position
from home import staffing as editing
from portal.core import audit
from portal.core.models import MailboxMessage, Notification, User
from portal.core.outbox import run_all
from tests.factories.buildings import BuildingFactory, WardFactory, manager_of, officer
from tests.factories.dossiers import DossierFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

PEOPLE = "/van-hanh/phuong/viet-hung/nhan-su/"
BUILDINGS = "/van-hanh/phuong/viet-hung/toa-nha/"
CLERK = {"full_name": "Nguyễn Thị Hoa", "email": "Hoa@phuong.example", "position": "clerk", "title": ""}


@pytest.fixture
def ward():
    return WardFactory()


@pytest.fixture
def operator(ward):
    client = Client()
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def test_somebody_new_is_given_a_position_told_of_it_and_can_set_a_password(operator, ward):
    operator.post(PEOPLE, CLERK)
    run_all(at=timezone.now())

    person = User.objects.get(email="hoa@phuong.example")
    assert positions_in(person, ward.pk) == {"clerk"}
    assert person.has_usable_password() is False
    (notice,) = Notification.objects.filter(recipient=person)
    assert notice.url == "/tai-khoan/password/reset/"
    assert "Nguyễn Thị Hoa" in operator.get(PEOPLE).text
    assert [event.action for event in audit.history_of(Membership.objects.get(user=person))] == ["appoint"]


def test_whoever_has_an_account_keeps_it_and_twice_is_once(operator, ward):
    person = UserFactory(email="hoa@phuong.example", full_name="Nguyễn Thị Hoa", proven=True)

    for _each in range(2):
        operator.post(PEOPLE, CLERK)

    assert list(Membership.objects.values_list("user", "position", "ward")) == [(person.pk, "clerk", ward.pk)]


def test_whoever_signed_up_with_the_address_without_proving_it_gets_no_office(operator, ward, settings):
    """A stranger who guesses a future officer's address signs up with it and a phone number of their own."""
    settings.EMAIL_BACKEND = "portal.core.notifications.mailbox.EmailBackend"
    stranger, password = Client(), "hoa-sen-no-1987"
    claimed = {"full_name": "Nguyễn Thị Hoa", "phone": "0912345678", "email": CLERK["email"], "password1": password}
    stranger.post("/tai-khoan/signup/", claimed)
    code = re.search(r"\b\d{6}\b", MailboxMessage.objects.filter(to="+84912345678").first().body)[0]
    stranger.post("/tai-khoan/phone/verify/", {"code": code})
    assert User.objects.get(email="hoa@phuong.example").phone_verified

    operator.post(PEOPLE, CLERK)

    stranger = Client()
    signed_in = stranger.post("/tai-khoan/login/", {"login": "0912345678", "password": password})
    assert signed_in["Location"] == "/tai-khoan/tiep-tuc/"
    assert stranger.get("/mot-cua/").status_code == 404
    officer_account = Membership.objects.get().user
    assert (officer_account.email, officer_account.phone) == ("hoa@phuong.example", None)
    assert not officer_account.has_usable_password()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"position": ""}, "Chọn vị trí."),
        ({"email": "hoa"}, "Địa chỉ thư chưa đúng."),
        ({"full_name": ""}, "Nhập họ tên."),
        ({"position": "building_manager"}, "chọn tòa nhà"),
        ({"building": "sen-hong"}, "không ở tòa nhà"),
        ({"position": "inspector"}, "error-summary"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(operator, ward, typed, said):
    building = BuildingFactory(ward=ward)
    if "building" in typed:
        typed = {"building": building.pk}

    response = operator.post(PEOPLE, {**CLERK, **typed})

    assert said in response.text
    assert Membership.objects.count() == 0


def test_a_building_is_opened_and_its_manager_named(operator, ward):
    operator.post(BUILDINGS, {"name": "Sen Hồng", "slug": "sen-hong", "address": "Số 12 phố Hoa Sữa", "floors": "18"})
    again = operator.post(BUILDINGS, {"name": "Sen", "slug": "sen-hong", "address": "Số 2", "floors": "9"})
    building = Building.objects.get()
    operator.post(PEOPLE, {**CLERK, "position": "building_manager", "building": building.pk})

    assert "error-summary" in again.text
    person = User.objects.get(email="hoa@phuong.example")
    assert Building.objects.managed_by(person).get() == building


def test_ending_shuts_the_door_at_once_and_names_what_is_left(operator, ward):
    for position in Position.CLERK, Position.SPECIALIST, Position.REGISTRY_CLERK, Position.LEADER:
        officer(position, ward)
    dossier = DossierFactory(ward=ward, submitted=True)
    clerk = dossier.current_step.assignee
    held = Membership.objects.get(user=clerk)
    desk = Client()
    desk.force_login(clerk)
    assert desk.get("/mot-cua/").status_code == 200

    response = operator.post(f"{PEOPLE}{held.pk}/thoi/", follow=True)

    assert "Còn 1 hồ sơ đứng tên người này" in response.text
    assert desk.get("/mot-cua/").status_code == 404


def test_a_membership_of_another_ward_is_not_ended_from_here(operator, ward):
    theirs = officer(Position.CLERK, WardFactory(neighbour=True)).memberships.get()

    assert operator.post(f"{PEOPLE}{theirs.pk}/thoi/").status_code == 404


def test_nobody_but_the_operator_names_people(ward):
    for person in (officer(Position.LEADER, ward), manager_of(BuildingFactory(ward=ward)), UserFactory()):
        client = Client()
        client.force_login(person)
        assert [client.post(PEOPLE, CLERK).status_code, client.get(BUILDINGS).status_code] == [404, 404]


def test_the_command_does_the_same_and_knows_positions_over_all_wards(ward, capsys):
    BuildingFactory(ward=ward)
    call_command("appoint", "building_head", "van@nha.example", "Cao Thị Vân", "--place", "viet-hung/sen-hong")
    call_command("appoint", "inspector", "viet@tren.example", "Trương Việt Dũng")

    held = Membership.objects.order_by("pk").values_list("position", "ward__slug", "building__slug")
    assert list(held) == [("building_head", "viet-hung", "sen-hong"), ("inspector", None, None)]
    for wrong in (("clerk", "a@b.example", "A"), ("clerk", "a@b.example", "A", "--place", "khong-co")):
        with pytest.raises(CommandError):
            call_command("appoint", *wrong)


def test_a_building_is_opened_by_command_once(ward, capsys):
    facts = ("--name", "Chung cư Sen Hồng", "--address", "Phố Vạn Hạnh", "--floors", "22")
    for _time in range(2):
        call_command("open_building", "viet-hung/sen-hong", *facts)
    opened = Building.objects.get()
    assert (opened.ward, opened.name, opened.floors) == (ward, "Chung cư Sen Hồng", 22)
    assert [event.action for event in audit.history_of(opened)] == ["open"]
    for wrong in ("khong-co/sen-hong", "viet-hung", "viet-hung/Sen Hồng"):
        with pytest.raises(CommandError):
            call_command("open_building", wrong, *facts)


def test_a_closed_ward_takes_nobody(ward):
    ward.is_open, ward.closed_at = False, timezone.now()
    ward.save()

    with pytest.raises(ValidationError):
        staffing.appoint(
            email="a@b.example", full_name="A", position=Position.CLERK, ward=ward, by=None, at=timezone.now()
        )


def test_an_editors_position_opens_the_editors_admin_with_its_first_day_and_shuts_it_with_its_last(viet_hung):
    at = timezone.now()
    place = {"position": Position.WARD_EDITOR, "ward": viet_hung.ward}
    held = editing.appoint(email="hoa@phuong.example", full_name="Nguyễn Thị Hoa", by=None, at=at, **place)
    assert list(held.user.groups.all()) == [viet_hung.editors]

    editing.dismiss(held, by=None, at=at)
    assert not held.user.groups.exists()
