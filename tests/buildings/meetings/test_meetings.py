"""The meeting of the owners: convened in time, counted at the door, decided, written down."""

from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buildings.meetings import actions, papers
from buildings.meetings.counting import count, in_words
from buildings.meetings.models import Meeting
from buildings.meetings.rules import RULES, Share
from buildings.meetings.transitions import INVITATION
from buildings.models import Apartment
from buildings.notices import actions as notices
from buildings.roles import Position
from portal.core import outbox
from portal.core.models import Notification
from portal.core.workflow import Blocked, IllegalMove
from tests.clients import as_user
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, manager_of
from tests.factories.dossiers import AT
from tests.factories.meetings import convened, held, opened, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    """Ten flats."""
    building = BuildingFactory()
    for number in range(10):
        ApartmentFactory(building=building, floor=2 + number // 4, number=f"{number + 1:02d}")
    return building


@pytest.fixture
def chair(building):
    return manager_of(building, Position.BOARD_CHAIR)


# --- Convening -----------------------------------------------------------------------------------
def test_owners_are_invited_once_and_tenants_are_not(building):
    owner = ResidencyFactory(apartment=building.apartments.first()).user
    ResidencyFactory(apartment=building.apartments.last(), role="tenant")
    convened(building)
    outbox.run_all(at=AT)

    assert [notice.recipient for notice in Notification.objects.filter(kind="notices.published")] == [owner]


def test_the_invitation_goes_out_enough_days_ahead(building, chair):
    late = prepared(building, days=INVITATION.ahead_days - 1)

    with pytest.raises(notices.Refused):
        notices.publish([late.notice], by=chair, at=AT)


def test_an_operators_clerk_does_not_convene(building):
    with pytest.raises(PermissionDenied):
        prepared(building, by=manager_of(building))


def test_the_same_form_sent_twice_is_one_meeting(building):
    first, again = (prepared(building, token="7" * 32) for _time in range(2))

    assert first == again


# --- Counting ------------------------------------------------------------------------------------
def test_the_door_does_not_open_before_its_time(building, chair):
    meeting = convened(building)
    early = meeting.notice.starts_at - timedelta(hours=RULES.opens_hours_before, seconds=1)

    with pytest.raises(Blocked):
        actions.begin(meeting, by=chair, at=early)


@pytest.mark.parametrize(("present", "enough", "missing"), [(0, False, 5), (4, False, 1), (5, True, 0), (10, True, 0)])
def test_half_of_the_votes_are_enough(building, present, enough, missing):
    here = count(opened(building, present))

    assert (here.flats, here.all_flats, here.is_enough, here.missing) == (present, 10, enough, missing)


def test_a_flat_ticked_twice_counts_once_and_can_be_taken_back(building, chair):
    meeting, flat = opened(building), building.apartments.first()
    for proxy in ("", "Lê Văn Ba"):
        actions.tick(meeting, flat, by=chair, at=AT, proxy=proxy)
    assert [attendance.proxy for attendance in meeting.attendances.all()] == ["Lê Văn Ba"]

    actions.untick(meeting, flat, by=chair)
    assert count(meeting).flats == 0


def test_by_area_a_large_flat_weighs_more(building, chair):
    Apartment.objects.filter(building=building).update(area=Decimal("50.00"))
    large = building.apartments.first()
    Apartment.objects.filter(pk=large.pk).update(area=Decimal("450.50"))
    meeting = convened(building, share=Share.AREA)
    meeting = actions.begin(meeting, by=chair, at=meeting.notice.starts_at)
    actions.tick(meeting, large, by=chair, at=AT)
    present = count(meeting)

    assert (present.flats, present.votes, present.all_votes, present.is_enough) == (1, 45050, 90050, True)
    assert in_words(meeting, present.votes) == "450,50 m²"


def test_votes_are_not_counted_by_area_while_the_area_of_a_flat_is_unknown(building):
    with pytest.raises(notices.Refused):
        prepared(building, share=Share.AREA)


# --- Deciding ------------------------------------------------------------------------------------
def test_without_a_quorum_nothing_is_decided_and_the_meeting_is_adjourned(building, chair):
    meeting = opened(building, 4)
    with pytest.raises(ValidationError):
        actions.resolve(meeting, by=chair, at=AT, text="Bầu ban", votes_for=4, votes_against=0, abstained=0)
    with pytest.raises(Blocked):
        actions.close(meeting, by=chair, at=AT, chair="A", secretary="B", witness="", discussion="")

    adjourned = actions.adjourn(meeting, by=chair, at=AT, why="Mới có 4/10 căn")
    again = prepared(building, again_after=adjourned)
    assert (adjourned.state, adjourned.present_flats, again.convening) == ("adjourned", 4, 2)


def test_a_meeting_with_a_quorum_is_not_adjourned_for_want_of_one(building, chair):
    with pytest.raises(Blocked):
        actions.adjourn(opened(building, 5), by=chair, at=AT, why="Không thích")


@pytest.mark.parametrize(("votes_for", "passed"), [(3, False), (4, True)])
def test_more_than_half_of_those_present_decide(building, chair, votes_for, passed):
    meeting = opened(building, 6)
    words = {"text": "Thuê bảo vệ", "votes_against": 0, "abstained": 6 - votes_for}
    resolution = actions.resolve(meeting, by=chair, at=AT, votes_for=votes_for, **words)

    assert (resolution.number, resolution.passed) == (1, passed)


def test_a_vote_sent_twice_is_recorded_once(building, chair):
    meeting = opened(building, 6)
    vote = {"text": "Thuê bảo vệ", "votes_for": 4, "votes_against": 1, "abstained": 1}
    for _press in range(2):
        actions.resolve(meeting, by=chair, at=AT, **vote)

    assert meeting.resolutions.count() == 1


def test_more_votes_than_are_present_are_refused(building, chair):
    with pytest.raises(ValidationError):
        actions.resolve(opened(building, 6), by=chair, at=AT, text="Bầu ban", votes_for=5, votes_against=2, abstained=0)


def test_what_was_present_stays_as_it_was_when_the_meeting_ended(building, chair):
    meeting = held(building, present=6)
    ApartmentFactory(building=building, floor=9)

    assert (count(meeting).flats, count(meeting).all_flats) == (6, 10)
    with pytest.raises(actions.NotOpen):
        actions.tick(meeting, building.apartments.last(), by=chair, at=AT)
    with pytest.raises(IllegalMove):
        actions.begin(meeting, by=chair, at=meeting.ended_at)


# --- Paper ---------------------------------------------------------------------------------------
def text_of(pdf: bytes) -> list[str]:
    """The words of each page."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.bucket
def test_the_minutes_say_who_was_counted_what_was_decided_and_who_signs(building):
    meeting = held(building, present=6)
    outbox.run_all(at=meeting.ended_at)
    meeting.refresh_from_db()
    (page,) = text_of(meeting.minutes.open().read())

    expected = ["6/10", "60,0%", "Thông qua", "Hồ Sĩ Lâm", "Trần Thị Thư", "Căn hộ dự họp (6)"]
    assert [words for words in expected if words in page] == expected
    assert papers.minutes(meeting) == meeting.minutes.open().read()


def test_an_invitation_a_flat(building):
    meeting = convened(building)
    pages = text_of(papers.invitation(meeting, list(building.apartments.filter(floor=2)), at=AT))

    assert [f"căn hộ {number}," in page for number, page in zip(("01", "02", "03", "04"), pages, strict=True)] == [
        True
    ] * 4


def test_the_paper_of_authority_names_flat_and_proxy(building):
    meeting = convened(building)
    owner = ResidencyFactory(apartment=building.apartments.first(), user__full_name="Đỗ Thị Chủ").user
    actions.answer(meeting, by=owner, at=AT, answer="proxy", proxy="Lê Văn Ba")
    with time_machine.travel(AT, tick=False):
        pdf = as_user(owner).get(reverse("meetings:proxy_form", args=[meeting.pk])).content
    (page,) = text_of(pdf)

    assert [words for words in ("Đỗ Thị Chủ", "Lê Văn Ba", "căn hộ 01") if words in page] == [
        "Đỗ Thị Chủ",
        "Lê Văn Ba",
        "căn hộ 01",
    ]


# --- Screens -------------------------------------------------------------------------------------
def place(name: str, meeting: Meeting) -> str:
    building = meeting.building
    return reverse(f"meetings:manage_{name}", args=[building.ward.slug, building.slug, meeting.pk])


def test_at_the_door_a_flat_is_looked_up_and_ticked(building):
    meeting = opened(building)
    clerk = as_user(manager_of(building))
    flat = building.apartments.get(number="07")
    shown = clerk.get(place("attendance", meeting), {"q": "07"}).content.decode()
    assert (f'value="{flat.pk}"' in shown, "08</h2>" in shown) == (True, False)

    after = clerk.post(place("attendance", meeting), {"flat": flat.pk, "q": "07"}, follow=True)
    assert "1/10 căn có mặt" in after.content.decode()


def test_a_flat_of_another_building_is_not_ticked(building):
    other = ApartmentFactory(building=BuildingFactory(slug="bang-lang"))
    answer = as_user(manager_of(building)).post(place("attendance", opened(building)), {"flat": other.pk})

    assert answer.status_code == 404


@pytest.mark.parametrize("flats", [1, 30])
def test_the_door_asks_as_often_for_one_flat_as_for_many(flats):
    building = BuildingFactory()
    for _flat in range(flats):
        ApartmentFactory(building=building)
    address = place("attendance", opened(building, flats))
    client = as_user(manager_of(building))
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    assert len(asked) == 13


def test_an_owner_answers_and_answers_again(building):
    meeting = convened(building)
    owner = as_user(ResidencyFactory(apartment=building.apartments.first()).user)
    address = reverse("meetings:meeting", args=[meeting.pk])
    with time_machine.travel(AT, tick=False):
        refused = owner.post(address, {"answer": "proxy"})
        owner.post(address, {"answer": "comes"})
        owner.post(address, {"answer": "proxy", "proxy": "Lê Văn Ba"})

    assert (refused.status_code, [(row.answer, row.proxy) for row in meeting.answers.all()]) == (
        400,
        [("proxy", "Lê Văn Ba")],
    )


def test_owners_read_what_was_decided_and_tenants_find_nothing(building):
    meeting = held(building, present=6)
    owner = ResidencyFactory(apartment=building.apartments.first()).user
    tenant = ResidencyFactory(apartment=building.apartments.first(), role="tenant").user
    address = reverse("meetings:meeting", args=[meeting.pk])

    assert "Đọc biên bản" in as_user(owner).get(address).content.decode()
    assert as_user(owner).get(reverse("meetings:minutes", args=[meeting.pk])).content[:5] == b"%PDF-"
    assert as_user(tenant).get(address).status_code == 404


def test_the_whole_meeting_by_its_screens(building, chair):
    client = as_user(chair)
    room = reverse("meetings:manage_prepare", args=[building.ward.slug, building.slug])
    day = AT + timedelta(days=10)
    with time_machine.travel(AT, tick=False) as clock:
        client.post(
            room,
            {
                "title": "Hội nghị thường niên",
                "occasion": "yearly",
                "starts_day_day": day.day,
                "starts_day_month": day.month,
                "starts_day_year": day.year,
                "starts_time": "08:00",
                "ends_time": "11:00",
                "place": "Sảnh A",
                "text": "Báo cáo năm\nBầu ban quản trị",
                "token": "1" * 32,
            },
        )
        meeting = Meeting.objects.get()
        client.post(reverse("notices:manage_publish", args=[building.ward.slug, building.slug, meeting.pk]))
        meeting.notice.refresh_from_db()
        clock.move_to(meeting.notice.starts_at)
        client.force_login(chair)
        client.post(place("begin", meeting))
        for flat in building.apartments.all()[:7]:
            client.post(place("attendance", meeting), {"flat": flat.pk})
        votes = {"text": "Bầu ban", "votes_for": "6", "votes_against": "1", "abstained": "0"}
        assert client.post(place("resolve", meeting), {**votes, "votes_for": "9"}).status_code == 400
        client.post(place("resolve", meeting), votes)
        client.post(place("close", meeting), {"chair": "Hồ Sĩ Lâm", "secretary": "Trần Thị Thư"})
        shown = client.get(place("meeting", meeting)).content.decode()
    meeting.refresh_from_db()

    assert (meeting.state, meeting.present_flats, meeting.resolutions.get().passed) == ("closed", 7, True)
    assert "Biên bản (PDF)" in shown
