"""A building passes to another operator, and loses nothing."""

from datetime import date, timedelta

import pytest
from django.test import Client

from buildings.models import OperatorTerm
from buildings.registry import operators
from buildings.registry.models import Handover
from buildings.requests import actions, lateness
from buildings.requests.models import BuildingRequest, RequestLateness
from buildings.roles import Position
from portal.core.models import Notification
from tests.buildings.registry.conftest import AT, board
from tests.clients import as_user
from tests.factories.buildings import ApartmentFactory, MembershipFactory, manager_of
from tests.factories.people import UserFactory
from tests.factories.requests import a_request, neighbour_in, staffed_building

pytestmark = pytest.mark.django_db
DESK = "/quan-ly-toa-nha/viet-hung/sen-hong"
FLATS = f"{DESK}/so-can-ho/"
PUBLIC = "/viet-hung/toa-nha/sen-hong/"


def handover_form(to, **more):
    return {
        **{"company": "Công ty Đô Thị Xanh", "phone": "02438271201", "head": to.email},
        **{"began_on_day": "23", "began_on_month": "11", "began_on_year": "2026", "item-0": "on"},
        **{"item-note-1": "Chủ đầu tư chưa giao", "note": "Bàn giao tại sảnh"},
        **more,
    }


def test_a_building_passes_to_another_operator_and_loses_nothing(building, sen_hong, head, chair):
    old_staff, new_head, new_staff = manager_of(building), UserFactory(proven=True), UserFactory(proven=True)
    ApartmentFactory(building=building)
    client = Client()
    client.force_login(chair)
    done = client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head, staff=new_staff.email))
    assert done["Location"] == f"{DESK}/don-vi-van-hanh/"

    sen_hong.refresh_from_db()
    new = OperatorTerm.objects.current().get()
    assert (sen_hong.ended_on, new.company) == (date(2026, 11, 22), "Công ty Đô Thị Xanh")
    held = building.memberships.current().values_list("user", "position")
    assert set(held) == {
        (new_head.pk, "building_head"),
        (new_staff.pk, "building_manager"),
        (chair.pk, "board_chair"),
    }
    assert set(building.memberships.filter(ended_at=AT).values_list("user", flat=True)) == {old_staff.pk, head.pk}
    record = Handover.objects.get()
    assert record.facts["Căn hộ trong sổ"] == 1
    assert record.items[:2] == [
        [operators.ITEMS[0], True, ""],
        [operators.ITEMS[1], False, "Chủ đầu tư chưa giao"],
    ]
    pdf = client.get(f"{DESK}/don-vi-van-hanh/ban-giao/{record.pk}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    left = Client()
    left.force_login(head)
    assert left.get(f"{DESK}/ho-so/").status_code == 404


def test_open_requests_have_a_new_answerable_person_and_the_due_time_they_had(building, sen_hong, head, chair):
    request = a_request(building)
    due = (request.due_at, request.next_due_at)
    assert request.answerable == head
    new_head = UserFactory(proven=True)
    client = Client()
    client.force_login(chair)
    client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head))
    request.refresh_from_db()
    assert (request.answerable, request.executor) == (new_head, None)
    assert (request.due_at, request.next_due_at) == due
    assert Handover.objects.get().facts["Yêu cầu của cư dân đang mở"] == 1


@pytest.mark.parametrize(("decided", "over"), [(date(2023, 11, 20), True), (date(2024, 11, 20), False)])
def test_whoever_hands_over_after_the_boards_term_is_told_and_so_is_the_ward(
    building, sen_hong, head, chair, decided, over
):
    board(building, decided=decided)
    leader = MembershipFactory(user=UserFactory(), position=Position.LEADER, ward=building.ward).user
    page = as_user(chair).get(f"{DESK}/don-vi-van-hanh/ban-giao/").content.decode()
    as_user(chair).post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(UserFactory(proven=True)))

    assert ("Ủy ban nhân dân phường làm việc của Ban quản trị" in page) is over
    urls = Notification.objects.filter(recipient=leader, kind="building_handed_over").values_list("url", flat=True)
    assert list(urls) == [PUBLIC] * over


def test_what_is_over_stays_as_it_was_and_so_does_the_work_of_who_goes_on(building, sen_hong, head, chair):
    promoted = UserFactory(proven=True)
    MembershipFactory(user=promoted, position=Position.BUILDING_MANAGER, ward=building.ward, building=building)
    over, goes_on, left = (a_request(building) for _request in range(3))
    actions.withdraw(over, by=over.reporter, at=AT)
    for request, executor in ((goes_on, promoted), (left, head)):
        BuildingRequest.objects.filter(pk=request.pk).update(answerable=executor, executor=executor)
    as_user(chair).post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(promoted))

    now = [BuildingRequest.objects.get(pk=request.pk) for request in (over, goes_on, left)]
    assert now[0].answerable not in (promoted, None)
    assert [(one.answerable, one.executor) for one in now[1:]] == [(promoted, promoted), (promoted, None)]


def test_what_was_late_is_answered_for_by_who_comes_and_elsewhere_by_who_stays(building, sen_hong, head, chair):
    """The head who leaves works for another building, too."""
    here, elsewhere = (
        lateness.find_late(request, at=request.next_due_at + timedelta(minutes=1))
        for request in (a_request(building), a_request(staffed_building(slug="bang-lang")))
    )
    RequestLateness.objects.update(responsible=head)
    new_head = UserFactory(proven=True)
    as_user(chair).post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head))

    assert [RequestLateness.objects.get(pk=case.pk).responsible for case in (here, elsewhere)] == [new_head, head]


def test_what_the_new_head_reported_as_a_resident_is_a_colleagues(building, sen_hong, head, chair):
    new_head, new_staff = neighbour_in(building, proven=True), UserFactory(proven=True)
    request = a_request(building, by=new_head)
    case = lateness.find_late(request, at=request.next_due_at + timedelta(minutes=1))
    as_user(chair).post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head, staff=new_staff.email))

    request.refresh_from_db()
    case.refresh_from_db()
    assert (request.answerable, case.responsible) == (new_staff, new_staff)
    case.responsible = new_head  # an operator of one person: they are named, and explain nothing to themselves
    assert [lateness.answering(person, case) for person in (new_head, new_staff)] == [False, True]


def test_who_goes_on_under_the_next_operator_keeps_the_position(building, sen_hong, head, chair):
    held = head.memberships.get()
    client = Client()
    client.force_login(chair)
    client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(head))
    held.refresh_from_db()
    assert held.ended_at is None


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (
            {"head": "chua-xac-nhan@portal.example"},
            "Chưa có tài khoản nào dùng thư điện tử chua-xac-nhan@portal.example.",
        ),
        ({"head": "khong-ai@portal.example"}, "Chưa có tài khoản nào dùng thư điện tử khong-ai@portal.example."),
        ({"began_on_year": "2023"}, "Hợp đồng mới phải bắt đầu sau hợp đồng hiện tại."),
        ({"began_on_year": "2027"}, "Ghi bàn giao vào ngày đơn vị mới bắt đầu, không trước."),
        ({"company": ""}, "Đơn vị quản lý vận hành"),
    ],
)
def test_a_handover_that_cannot_be_changes_nothing(building, sen_hong, chair, given, answer):
    new_head = UserFactory(proven=True)
    UserFactory(email="chua-xac-nhan@portal.example")  # signed up with somebody's address, never answered its code
    client = Client()
    client.force_login(chair)
    refused = client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(new_head, **given))
    assert (refused.status_code, Handover.objects.count()) == (400, 0)
    assert answer in refused.content.decode()
    assert OperatorTerm.objects.current().get() == sen_hong


def test_the_form_of_a_handover_does_not_say_of_ever_more_addresses_whether_they_have_accounts(
    building, sen_hong, chair
):
    known, client = UserFactory(proven=True), as_user(chair)
    guesses = "\n".join(["", *(f"ai-do-{number}@portal.example" for number in range(30))])
    answers = [
        client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(known, staff=guesses)).status_code
        for _time in range(4)
    ]

    assert answers == [400, 400, 400, 429]  # 31 addresses a time, 100 a day
    assert client.post(f"{DESK}/don-vi-van-hanh/ban-giao/", handover_form(known)).status_code == 429
    assert client.get(f"{DESK}/don-vi-van-hanh/ban-giao/").status_code == 200
    assert Handover.objects.count() == 0


def test_the_head_hands_over_only_where_there_is_no_board(desk, building, sen_hong):
    assert desk.get(f"{DESK}/don-vi-van-hanh/ban-giao/").status_code == 200
    manager_of(building, Position.BOARD_CHAIR)
    assert desk.get(f"{DESK}/don-vi-van-hanh/ban-giao/").status_code == 404
