"""A request in its manager's hand: every move of the table, from its page."""

import uuid
from datetime import timedelta

import pytest

from buildings.desk.pages import PAGES
from buildings.desk.reading import shown_phone_of_reporter
from buildings.requests import actions
from buildings.requests.models import BuildingRequest, RequestComment, RequestPhoto, WardReferral
from buildings.requests.transitions import MANAGER_MOVES
from buildings.residence import actions as residents
from tests.factories.buildings import ApartmentFactory, BuildingFactory, MembershipFactory, ResidencyFactory
from tests.factories.people import UserFactory
from tests.factories.requests import a_request, accepted, finished, lift_of, neighbour_in, picture

from .conftest import NOW, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def fresh(request) -> BuildingRequest:
    return BuildingRequest.objects.get(pk=request.pk)


@pytest.fixture
def asked(building):
    return a_request(building)


def test_every_move_of_the_managers_has_its_page():
    with_a_form_of_their_own = {"note"}  # beside the conversation

    assert {move.name for move in MANAGER_MOVES} - {
        page.move.name for page in PAGES.values()
    } == with_a_form_of_their_own


def test_accepted_in_one_press(desk, asked):
    assert desk.get("move", asked.pk, "tiep-nhan").status_code == 200

    answer = desk.move(asked, "tiep-nhan")

    assert (answer.status_code, answer.url) == (302, asked.get_desk_url())
    assert fresh(asked).state == "accepted"


def test_planned_for_a_day(desk, asked):
    when = {"on_date_day": "24", "on_date_month": "11", "on_date_year": "2026", "on_time": "9h30"}

    desk.move(asked, "hen-ngay", **when)

    planned = fresh(asked)
    assert (planned.state, planned.planned_for.isoformat()) == ("planned", "2026-11-24T02:30:00+00:00")


def test_a_day_beyond_the_promise_is_said_in_words(desk, asked):
    when = {"on_date_day": "24", "on_date_month": "12", "on_date_year": "2026", "on_time": "9:30"}

    answer = desk.move(asked, "hen-ngay", **when)

    assert (answer.status_code, fresh(asked).state) == (200, "new")
    assert "Hạn đã hứa với cư dân" in answer.content.decode()


def test_waits_with_a_reason_and_a_day(desk, asked):
    accepted(asked)
    said = {
        "waiting_for": "part",
        "reason": "Chờ bo mạch",
        "back_on_day": "25",
        "back_on_month": "11",
        "back_on_year": "2026",
    }

    desk.move(asked, "tam-cho", **said)

    waiting = fresh(asked)
    assert (waiting.state, waiting.waiting_for, str(waiting.back_on)) == ("waiting", "part", "2026-11-25")
    desk.move(asked, "lam-tiep")
    assert fresh(asked).state == "accepted"


def test_finished_with_a_photo_from_the_phone(desk, asked):
    accepted(asked)
    said = {"note": "Đã thay con lăn.", "token": uuid.uuid4(), "pictures": [picture(3)]}

    desk.move(asked, "xong", **said)

    assert fresh(asked).state == "done"
    assert list(asked.photos.values_list("kind", flat=True)) == [RequestPhoto.Kind.DONE]


def test_a_photo_is_kept_when_the_words_were_missing(desk, asked):
    accepted(asked)
    token = uuid.uuid4()
    assert desk.move(asked, "xong", note="", token=token, pictures=[picture(3)]).status_code == 200

    desk.move(asked, "xong", note="Đã thay con lăn.", token=token)

    assert fresh(asked).state == "done"


def test_without_proof_nothing_is_done(desk, asked):
    accepted(asked)

    answer = desk.move(asked, "xong", note="Đã xong", token=uuid.uuid4())

    assert (answer.status_code, fresh(asked).state) == (200, "accepted")


def test_refused_with_where_else_to_go(desk, asked):
    desk.move(asked, "tu-choi", reason="Đèn của đường phố", elsewhere="Điện lực Long Biên")

    refused = fresh(asked)
    assert (refused.state, refused.elsewhere) == ("refused", "Điện lực Long Biên")


def test_a_neighbours_report_of_the_same_lift_is_offered_and_joined(desk, building, asked):
    same = a_request(building, what="Thang máy số 2 rung mạnh")

    offered = desk.get("move", same.pk, "gop")
    assert str(asked.pk) in offered.content.decode()
    desk.move(same, "gop", into=asked.pk)

    assert (fresh(same).state, fresh(same).joined_to) == ("joined", asked)


def test_no_other_buildings_request_is_joined(desk, asked):
    from tests.factories.requests import staffed_building  # noqa: PLC0415

    elsewhere = a_request(staffed_building(slug="bang-lang"))

    assert desk.move(asked, "gop", code=elsewhere.code).status_code == 200
    assert fresh(asked).state == "new"


def test_given_to_a_colleague(desk, building, manager, head, asked):
    desk.move(asked, "giao-viec", answerable=head.pk, executor=manager.pk)

    given = fresh(asked)
    assert (given.answerable, given.executor) == (head, manager)


def test_a_resident_is_nobodys_colleague(desk, asked, head):
    answer = desk.move(asked, "giao-viec", answerable=asked.reporter_id, executor="")

    assert (answer.status_code, fresh(asked).answerable == asked.reporter) == (200, False)


def test_reclassified_with_a_reason(desk, asked):
    desk.move(asked, "sua-nhom", category="power", urgency="urgent", reason="Do mất điện")

    assert (fresh(asked).category, fresh(asked).urgency) == ("power", "urgent")


def test_handed_over_to_the_ward(desk, asked):
    accepted(asked)

    desk.move(asked, "chuyen-phuong", reason="Cây của phường đổ vào sân")

    assert fresh(asked).state == "with_ward"
    assert WardReferral.objects.get(request=asked).question == "Cây của phường đổ vào sân"


def test_a_comment_is_the_residents_to_read_and_a_note_is_not(desk, asked):
    for internal in ("", "1"):
        desk.client.post(
            desk.url("say", asked.pk), {"text": "Đã gọi hãng", "internal": internal, "token": uuid.uuid4()}
        )

    assert list(RequestComment.objects.order_by("pk").values_list("internal", flat=True).order_by("internal")) == [
        False,
        True,
    ]


def test_a_page_that_is_no_longer_true_says_who_was_quicker(desk, asked, manager):
    seen = desk.get("move", asked.pk, "hen-ngay").context["seen"]
    accepted(asked)

    when = {"on_date_day": "24", "on_date_month": "11", "on_date_year": "2026", "on_time": "9:30", "seen": seen}
    answer = desk.move(asked, "hen-ngay", **when)

    assert (answer.status_code, fresh(asked).state) == (409, "accepted")
    assert str(manager) in answer.content.decode()


def test_talking_meanwhile_leaves_a_screen_true(desk, asked):
    seen = desk.get("move", asked.pk, "tiep-nhan").context["seen"]
    actions.comment(asked, by=asked.reporter, at=NOW, text="Nhanh giúp tôi")

    assert desk.move(asked, "tiep-nhan", seen=seen).status_code == 302


def test_what_was_done_already_is_no_move_any_more(desk, asked):
    finished(accepted(asked))

    assert desk.get("move", asked.pk, "tiep-nhan").status_code == 409
    assert desk.move(asked, "xong", note="x", token=uuid.uuid4(), pictures=[picture()]).status_code == 409


def test_the_board_looks_on(building, asked):
    from buildings.roles import Position  # noqa: PLC0415
    from tests.factories.buildings import manager_of  # noqa: PLC0415

    chair = Desk(building, manager_of(building, Position.BOARD_CHAIR))

    assert chair.get("request", asked.pk).status_code == 200
    assert chair.get("move", asked.pk, "tiep-nhan").status_code == 403


def test_nobody_handles_a_request_of_their_own(building):
    owner = neighbour_in(building)
    MembershipFactory(user=owner, position="building_manager", ward=building.ward, building=building)
    own = a_request(building, by=owner, place=lift_of(building))

    assert Desk(building, owner).move(own, "tiep-nhan").status_code == 403


def test_its_pictures_are_shown_to_its_managers(desk, asked):
    finished(accepted(asked))
    shown = asked.photos.get()

    assert desk.get("photo", asked.pk, shown.pk)["Content-Type"] == "image/jpeg"
    assert desk.get("photo", asked.pk, shown.pk, nho=1).status_code == 200


def test_late_the_page_offers_the_road_out_alone(desk, asked, clock):
    clock.move_to(asked.next_due_at + timedelta(minutes=1))
    desk = Desk(desk.building, asked.answerable)

    page = desk.get("request", asked.pk).content.decode()

    assert desk.url("road", asked.pk, "giai-trinh") in page
    assert desk.url("move", asked.pk, "tiep-nhan") not in page
    assert desk.move(asked, "tiep-nhan").status_code == 409


def test_the_reporters_phone_is_shown_only_while_they_allow_it(desk, building):
    home = ResidencyFactory(apartment=ApartmentFactory(building=building), user=UserFactory(phone="+84912345678"))
    reported = a_request(building, by=home.user)

    def shown() -> bool:
        return 'href="tel:+84912345678"' in desk.get("request", reported.pk).content.decode()

    assert not shown()
    residents.show_phone(home, shown=True, by=home.user, at=NOW)
    assert shown()
    residents.show_phone(home, shown=False, by=home.user, at=NOW)
    assert not shown()


def test_a_phone_shown_in_another_building_or_before_moving_out_is_not_shown(desk, building):
    person = UserFactory(phone="+84912345678")
    home = ResidencyFactory(apartment=ApartmentFactory(building=building), user=person)
    reported = a_request(building, by=person)
    elsewhere = ApartmentFactory(building=BuildingFactory(slug="bang-lang"))
    ResidencyFactory(apartment=elsewhere, user=person, phone_shown=True)
    assert shown_phone_of_reporter(reported) is None

    residents.show_phone(home, shown=True, by=person, at=NOW)
    assert str(shown_phone_of_reporter(reported)) == "+84912345678"
    residents.leave(home, by=person, at=NOW)
    assert shown_phone_of_reporter(reported) is None
