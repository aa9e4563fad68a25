"""What becomes of a notice, and who reads it."""

import uuid
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buildings.models import Block, Residency
from buildings.notices import actions, audience, delivery
from buildings.notices.kinds import KINDS, NoticeKind
from buildings.notices.models import Notice, NoticeState, Telling
from buildings.roles import Position
from portal.core import audit, outbox
from portal.core.models import Notification, User
from portal.core.workflow import IllegalMove
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, manager_of
from tests.factories.dossiers import AT
from tests.factories.notices import content_of, drafted, published
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return BuildingFactory()


def resident_on(building, floor: int, **more):
    return ResidencyFactory(apartment=ApartmentFactory(building=building, floor=floor), **more).user


# --- For whom ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "floors"),
    [("", []), ("3", [3]), ("3, 5-7", [3, 5, 6, 7]), ("7–5", None), ("3 5", [3, 5]), ("5 - 6", [5, 6]), ("ba", None)],
)
def test_floors_are_typed_as_people_write_them(typed, floors):
    if floors is None:
        with pytest.raises(ValidationError):
            audience.read_floors(typed, known=range(2, 10))
    else:
        assert audience.read_floors(typed, known=range(2, 10)) == floors


def test_a_floor_nobody_can_live_on_is_refused_by_its_number():
    with pytest.raises(ValidationError) as refused:
        audience.read_floors("9-11", known=range(2, 10))

    assert refused.value.messages == ["Không có căn hộ nào ở tầng 10–11."]


def test_the_people_of_two_floors_are_those_who_live_there_today(building):
    here = [resident_on(building, 3), resident_on(building, 4)]
    resident_on(building, 5)
    resident_on(building, 3, asked=True)
    resident_on(building, 3, ended_at=AT)
    twice = ApartmentFactory(building=building, floor=4)
    ResidencyFactory(apartment=twice, user=here[0])

    assert list(audience.people(drafted(building, floors=(3, 4)))) == here


def test_who_lives_on_the_floor_reads_it_and_a_neighbour_above_does_not(building):
    notice = published(building, floors=(3, 4))
    on, above = resident_on(building, 3), resident_on(building, 5)

    assert list(Notice.objects.visible_to(on)) == [notice]
    assert list(Notice.objects.visible_to(above)) == []


def test_a_floor_is_not_taken_for_another_that_begins_alike(building):
    published(building, floors=(13,))

    assert list(Notice.objects.visible_to(resident_on(building, 3))) == []


def test_who_moved_out_no_longer_reads_what_is_for_residents(building):
    published(building, NoticeKind.FEES)

    assert list(Notice.objects.visible_to(resident_on(building, 3, ended_at=AT))) == []


def test_what_is_for_owners_is_not_read_by_tenants(building):
    notice = published(building, NoticeKind.OWNERS_MEETING, place="Sảnh A")
    owner, tenant = resident_on(building, 3), resident_on(building, 3, role=Residency.Role.TENANT)

    assert list(Notice.objects.visible_to(owner)) == [notice]
    assert list(Notice.objects.visible_to(tenant)) == []


@pytest.mark.parametrize(
    ("kind", "who"), [("water", ["chủ khối A", "thuê khối A"]), ("owners_meeting", ["chủ khối A"])]
)
def test_told_are_those_who_may_read_it_and_can_still_sign_in(building, kind, who):
    blocks = {name: Block.objects.create(building=building, name=name) for name in "AB"}
    for name, role, active in (
        ("chủ khối A", "owner", True),
        ("thuê khối A", "tenant", True),
        ("chủ khối B", "owner", True),
        ("đã khóa, khối A", "owner", False),
    ):
        flat = ApartmentFactory(building=building, floor=3, block=blocks[name[-1]])
        ResidencyFactory(apartment=flat, role=role, user__full_name=name, user__is_active=active)
    notice = published(building, kind, floors=(3,), on_blocks=audience.kept([blocks["A"].pk]), place="Sảnh")

    assert [person.full_name for person in audience.people(notice)] == who
    read = [person.full_name for person in User.objects.order_by("pk") if notice in Notice.objects.concerning(person)]
    assert [name for name in read if "khóa" not in name] == who


def test_everybody_reads_a_water_cut_of_the_whole_building_and_nobody_outside_its_fees():
    water = published(BuildingFactory())
    published(BuildingFactory(), NoticeKind.FEES)
    published(BuildingFactory(), floors=(2,))

    assert list(Notice.objects.visible_to(UserFactory())) == [water]


# --- Drafts --------------------------------------------------------------------------------------
def test_nobody_but_its_managers_sees_a_draft(building):
    draft = drafted(building)
    resident = resident_on(building, 3)

    assert list(Notice.objects.visible_to(resident)) == list(Notice.objects.concerning(resident)) == []
    assert list(Notice.objects.managed_by(manager_of(building))) == [draft]
    assert list(Notice.objects.managed_by(manager_of(BuildingFactory(slug="bang-lang")))) == []


def test_the_form_pressed_twice_is_one_draft_a_building(building):
    both = [building, BuildingFactory(slug="bang-lang")]
    manager = manager_of(building)
    manager.memberships.create(
        position=Position.BUILDING_MANAGER, ward=building.ward, building=both[1], began_at=AT - timedelta(days=9)
    )
    token = uuid.uuid4()
    words = {"kind": NoticeKind.WATER, "by": manager, "at": AT, "content": content_of("water"), "token": token}
    first = actions.draft(both, **words)

    assert actions.draft(both, **words) == first
    assert [notice.building for notice in first] == both


def test_the_form_sent_again_with_other_words_is_the_same_draft_with_these(building):
    said = {"kind": NoticeKind.WATER, "by": manager_of(building), "at": AT, "token": uuid.uuid4()}
    actions.draft([building], content=content_of("water", title="Cắt nưc"), **said)
    (mended,) = actions.draft([building], content=content_of("water", title="Cắt nước"), **said)
    assert (mended.title, building.notices.count()) == ("Cắt nước", 1)

    actions.publish([mended], by=said["by"], at=AT)
    (up,) = actions.draft([building], content=content_of("water", title="Cắt điện"), **said)
    assert (up.title, up.state, up.version) == ("Cắt nước", NoticeState.PUBLISHED, 1)


def test_the_form_sent_again_for_other_buildings_is_a_draft_in_these(building):
    added = BuildingFactory(slug="bang-lang")
    manager = manager_of(building)
    manager.memberships.create(
        position=Position.BUILDING_MANAGER, ward=building.ward, building=added, began_at=AT - timedelta(days=9)
    )
    said = {"kind": NoticeKind.WATER, "by": manager, "at": AT, "content": content_of("water"), "token": uuid.uuid4()}
    (first,) = actions.draft([building], **said)

    assert {notice.building for notice in actions.draft([building, added], **said)} == {building, added}
    (left,) = actions.draft([added], **said)
    first.refresh_from_db()
    assert (left.building, left.batch, first.state) == (added, first.batch, NoticeState.DROPPED)


def test_nobody_writes_for_a_building_that_is_not_theirs(building):
    stranger = manager_of(BuildingFactory(slug="bang-lang"))

    with pytest.raises(PermissionDenied):
        actions.draft([building], kind="water", by=stranger, at=AT, content=content_of("water"))


@pytest.mark.parametrize(
    ("position", "kind", "may"),
    [
        (Position.BUILDING_MANAGER, NoticeKind.WATER, True),
        (Position.BUILDING_MANAGER, NoticeKind.FEES, False),
        (Position.BUILDING_HEAD, NoticeKind.FEES, True),
        (Position.BOARD_CHAIR, NoticeKind.WATER, False),
        (Position.BOARD_CHAIR, NoticeKind.OWNERS_MEETING, True),
        (Position.BUILDING_MANAGER, NoticeKind.OWNERS_MEETING, False),
    ],
)
def test_who_puts_up_what(building, position, kind, may):
    draft = drafted(building, kind)
    person = manager_of(building, position)
    if may:
        assert actions.publish([draft], by=person, at=AT)[0].state == NoticeState.PUBLISHED
    else:
        with pytest.raises(PermissionDenied):
            actions.publish([draft], by=person, at=AT)


def test_a_draft_whose_time_has_passed_is_not_put_up(building):
    draft = drafted(building)

    with pytest.raises(actions.Refused):
        actions.publish([draft], by=draft.author, at=draft.ends_at)


# --- Up ------------------------------------------------------------------------------------------
def test_a_correction_is_a_new_version_that_says_what_changed_and_keeps_the_old_one(building):
    notice = published(building)
    before = notice.ends_at
    later = content_of("water", ends_at=before + timedelta(hours=2))
    corrected = actions.correct(notice, by=notice.author, at=AT, changed="Lùi giờ đến 13:00", content=later)

    assert (corrected.state, corrected.version, corrected.until) == ("published", 2, before + timedelta(hours=2))
    assert [(version.number, version.changed) for version in corrected.versions.order_by("number")] == [
        (1, ""),
        (2, "Lùi giờ đến 13:00"),
    ]
    assert corrected.versions.get(number=1).content["ends_at"] == before.isoformat()


def test_a_withdrawn_notice_says_why_and_is_not_withdrawn_again(building):
    notice = published(building)
    actions.withdraw(notice, by=notice.author, at=AT, reason="Công ty nước đổi ngày")

    notice.refresh_from_db()
    assert (notice.state, notice.reason, notice.withdrawn_at) == ("withdrawn", "Công ty nước đổi ngày", AT)
    with pytest.raises(IllegalMove):
        actions.withdraw(notice, by=notice.author, at=AT, reason="Lần nữa")


def test_a_notice_is_over_by_itself_at_its_end(building):
    water, fees = published(building), published(building, NoticeKind.FEES)
    assert actions.end_what_is_over(at=water.ends_at - timedelta(seconds=1)) == 0
    assert actions.end_what_is_over(at=water.ends_at) == 1

    water.refresh_from_db()
    fees.refresh_from_db()
    assert (water.state, fees.state) == ("over", "published")
    assert audit.history_of(water).last().action == "end"


def test_fees_are_over_when_the_last_day_to_pay_has_passed_in_hanoi(building):
    fees = published(building, NoticeKind.FEES)

    assert fees.until.isoformat() == f"{fees.due_date + timedelta(days=1)}T00:00:00+07:00"


def test_every_kind_has_an_end_of_its_own():
    ends = {"ends_at", "due_date", "shown_until"}

    assert {key: len(ends & set(kind.needed)) for key, kind in KINDS.items()} == dict.fromkeys(KINDS, 1)


# --- Telling -------------------------------------------------------------------------------------
def test_publishing_tells_each_person_once_with_a_calendar_file(building):
    neighbours = [resident_on(building, 2) for _number in range(3)]
    resident_on(building, 5)
    published(building, floors=(2,), title="Cắt nước tầng 2")
    outbox.run_all(at=AT)
    outbox.run_all(at=AT)

    told = Notification.objects.order_by("recipient_id")
    assert [(notice.recipient, notice.title) for notice in told] == [
        (neighbour, "Cắt nước tầng 2") for neighbour in neighbours
    ]
    assert "BEGIN:VEVENT" in told[0].calendar


def test_what_was_corrected_before_it_was_told_is_told_as_it_is_now(building):
    resident = resident_on(building, 2)
    notice = published(building)
    actions.correct(notice, by=notice.author, at=AT, changed="Chỉ đến 10:00", content=content_of("water"))
    outbox.run_all(at=AT)

    assert [notice.kind for notice in Notification.objects.filter(recipient=resident)] == ["notices.corrected"]


def test_a_telling_broken_off_goes_on_where_it_stopped_and_tells_nobody_twice(building, monkeypatch):
    neighbours = [resident_on(building, 2) for _number in range(5)]
    telling = published(building).tellings.get()
    monkeypatch.setattr(delivery, "BATCH", 2)
    monkeypatch.setattr(outbox, "hold", Mock(side_effect=[None, KeyboardInterrupt]))  # killed after two batches
    with pytest.raises(KeyboardInterrupt):
        delivery.tell_all(telling.pk)
    telling.refresh_from_db()
    assert (telling.told, telling.percent, telling.finished_at) == (4, 80, None)

    monkeypatch.setattr(outbox, "hold", Mock())
    for _again in range(2):
        delivery.tell_all(telling.pk)
    telling.refresh_from_db()
    assert (telling.told, telling.percent) == (5, 100)
    assert list(Notification.objects.order_by("recipient_id").values_list("recipient_id", flat=True)) == [
        neighbour.pk for neighbour in neighbours
    ]


def test_a_batch_killed_halfway_is_told_whole_the_next_time(building, monkeypatch):
    resident_on(building, 2)
    telling = published(building).tellings.get()
    with monkeypatch.context() as broken:
        broken.setattr(Telling, "save", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            delivery.tell_all(telling.pk)
    assert Notification.objects.count() == 0

    delivery.tell_all(telling.pk)
    assert Notification.objects.count() == 1


def test_putting_up_asks_as_often_however_many_are_to_be_told(building):
    asked = []
    for residents in (1, 30):
        for _resident in range(residents):
            resident_on(building, 2)
        draft = drafted(building)
        with CaptureQueriesContext(connection) as captured:
            actions.publish([draft], by=draft.author, at=AT)
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_a_building_where_nobody_can_be_told_is_soon_done(building):
    notice = published(building)
    outbox.run_all(at=AT)

    telling = notice.tellings.get()
    assert (telling.total, telling.told, telling.finished_at is not None) == (0, 0, True)
