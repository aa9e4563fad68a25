"""Whom an announcement is for, when it is urgent, events, interruptions, the two languages, and bad input."""

from datetime import date, datetime, timedelta

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from buildings.models import Apartment, Block, Building, Residency
from home.kinds import Kind
from home.models import AnnouncementPage, Audience, AudiencePart
from portal.core.calendar import VIETNAM
from portal.core.models import AuditEvent, Job, User
from portal.core.outbox import run_all
from tests.clock import stopped_at
from tests.factories.buildings import ResidencyFactory
from tests.factories.catalogue import published
from tests.home.conftest import AT
from tests.home.editors_form import COUNTS, form_of

pytestmark = pytest.mark.django_db

clock = stopped_at(AT)


@pytest.fixture
def building(viet_hung):
    return Building.objects.create(
        ward=viet_hung.ward, slug="sen-hong", name="Chung cư Sen Hồng", address="Phố Hoa Sữa", floors=18
    )


@pytest.fixture
def elsewhere(giang_bien):
    return Building.objects.create(ward=giang_bien.ward, slug="ven-song", name="Ven Sông", address="Bến", floors=9)


@pytest.fixture
def aimed(announce, viet_hung):
    """Publishes an announcement for some places."""

    def aimed(title, *places, **fields):
        parts = [AudiencePart(**place) for place in places]
        return announce(viet_hung, title, audience=Audience.BUILDINGS, audience_parts=parts, **fields)

    return aimed


def resident(building, number="1203", floor=12):
    flat = Apartment.objects.create(building=building, floor=floor, number=number)
    user = User.objects.create_user(email=f"{number}@portal.example", full_name="Cư dân")
    ResidencyFactory(user=user, apartment=flat, confirmed_at=AT, confirmed_by=user)
    return user


# --- Audience ------------------------------------------------------------------------------------
def test_each_resident_is_reached_where_they_live(viet_hung, announce, aimed, building, elsewhere):
    other = Building.objects.create(ward=viet_hung.ward, slug="x", name="X", address="Y", floors=5)
    everybody = announce(viet_hung, "Toàn phường")
    whole = aimed("Cả tòa", {"building": building})
    floors = aimed("Tầng 3–5", {"building": building, "from_floor": 3, "to_floor": 5})
    block = aimed("Khối A", {"building": building, "block": "A"})
    aimed("Tòa khác", {"building": other})
    high = resident(building)
    low = resident(building, number="A-0402", floor=4)
    Apartment.objects.filter(number="A-0402").update(block=Block.objects.create(building=building, name="A"))
    stranger = User.objects.create_user(email="x@portal.example", full_name="X")
    objects = AnnouncementPage.objects
    assert set(objects.aimed_at(high)) == {whole}
    assert set(objects.aimed_at(low)) == {whole, floors, block}
    assert set(objects.aimed_at(stranger)) == set()
    assert set(objects.for_building(building)) == {everybody, whole, floors, block}
    assert set(objects.for_building(elsewhere)) == set()


def test_who_claims_a_flat_or_has_left_is_not_reached(aimed, building):
    aimed("Cả tòa", {"building": building})
    user = resident(building)
    Residency.objects.update(**{"state": "ended", "ended_at": AT})
    assert not AnnouncementPage.objects.aimed_at(user).exists()
    asked = {"state": "asked", "ended_at": None, "confirmed_at": None, "confirmed_by": None, "confirmed_as": ""}
    Residency.objects.update(**asked)
    assert not AnnouncementPage.objects.aimed_at(user).exists()


def test_residents_find_what_is_theirs_on_the_wards_home_and_others_do_not(client, aimed, building, clock):
    page = aimed("Cắt nước tầng 12", {"building": building, "from_floor": 12, "to_floor": 12})
    assert client.get("/viet-hung/").context["for_you"] == []
    client.force_login(resident(building))
    assert client.get("/viet-hung/").context["for_you"] == [page]


def test_the_page_says_whom_it_is_for_and_is_public(client, aimed, building):
    page = aimed(
        "Diễn tập", {"building": building, "from_floor": 3, "to_floor": 5}, {"building": building, "block": "B"}
    )
    shown = client.get(page.address).content.decode()
    assert "Chung cư Sen Hồng, tầng 3–5; Chung cư Sen Hồng, khối B" in shown
    assert "mọi người đều đọc được" in shown


def test_an_audience_of_no_building_or_of_another_ward_is_refused(viet_hung, announce, aimed, elsewhere):
    for places in ((), ({"building": elsewhere},)):
        with pytest.raises(ValidationError) as refused:
            aimed("Tin", *places)
        assert list(refused.value.message_dict) == ["audience"]


@pytest.mark.parametrize(
    ("floors", "field"), [((5, 3), "to_floor"), ((1, 19), "to_floor"), ((None, 4), None), ((4, None), None)]
)
def test_floors_are_in_order_and_in_the_building(building, floors, field):
    part = AudiencePart(building=building, from_floor=floors[0], to_floor=floors[1])
    if field is None:
        part.clean()
        assert part.floors == "tầng 4"
        return
    with pytest.raises(ValidationError) as refused:
        part.clean()
    assert list(refused.value.message_dict) == [field]


def test_a_block_is_one_of_the_buildings_own(building):
    part = AudiencePart(building=building, block="a")
    with pytest.raises(ValidationError) as refused:
        part.clean()
    assert refused.value.message_dict == {"block": ["Tòa nhà này không chia khối. Hãy để trống."]}
    Block.objects.create(building=building, name="A")
    part.clean()
    assert part.block == "A"
    part.block = "C"
    with pytest.raises(ValidationError) as refused:
        part.clean()
    assert refused.value.message_dict == {"block": ["Tòa nhà này không có khối “C”. Các khối: A."]}


# --- Urgent --------------------------------------------------------------------------------------
def test_the_banner_stands_on_every_page_of_the_ward_while_it_is_urgent(client, viet_hung, giang_bien, announce, clock):
    begins, ends = AT + timedelta(hours=1), AT + timedelta(hours=3)
    announcement = announce(viet_hung, "Nước sông lên", urgent_from=begins, urgent_until=ends)
    announce(viet_hung, "Tin khác")
    addresses = ["/viet-hung/", "/viet-hung/thong-bao/", "/viet-hung/thong-bao/tin-khac/", "/viet-hung/dich-vu/"]
    addresses += ["/theo-doi/viet-hung/", "/tim-kiem/?phuong=viet-hung"]

    def seen(address):
        return "urgent-banner__title" in client.get(address).content.decode()

    for hours, stands in ((0.5, False), (1, True), (2.9, True), (3, False)):
        clock.move_to(AT + timedelta(hours=hours))
        assert [seen(address) for address in addresses] == [stands] * len(addresses), hours
    clock.move_to(begins)
    assert not seen(announcement.address)  # not above itself
    assert not seen("/giang-bien/")
    assert not seen("/")


def test_the_banner_costs_a_query_while_there_is_one_and_none_otherwise(client, viet_hung, announce):
    page = announce(viet_hung, "Tin khác")

    def asked():
        client.get(page.address, {"fresh": "1"})
        with CaptureQueriesContext(connection) as captured:
            client.get(page.address, {"fresh": "2"})
        return len(captured)

    without = asked()
    for number in range(5):
        announce(viet_hung, f"Khẩn {number}", urgent_until=AT + timedelta(hours=3))
    assert asked() == without + 1


def test_word_is_sent_out_once_when_it_begins(viet_hung, announce, clock):
    begins = AT + timedelta(hours=2)
    page = announce(viet_hung, "Nước sông lên", urgent_from=begins, urgent_until=begins + timedelta(hours=5))
    page.save_revision().publish()
    (job,) = Job.objects.filter(kind="home.urgent")
    assert job.run_at == begins
    run_all(at=AT)
    assert not AuditEvent.objects.filter(action="announcement.urgent").exists()
    clock.move_to(begins)
    run_all(at=begins)
    run_all(at=begins)
    assert AuditEvent.objects.filter(action="announcement.urgent").count() == 1


def test_no_word_is_sent_of_what_was_taken_down_before(viet_hung, announce, clock):
    begins = AT + timedelta(hours=2)
    announce(viet_hung, "Nhầm", urgent_from=begins, urgent_until=begins + timedelta(hours=5)).unpublish()
    clock.move_to(begins)
    run_all(at=begins)
    assert not AuditEvent.objects.filter(action="announcement.urgent").exists()


# --- Events --------------------------------------------------------------------------------------
def events_in(response):
    return list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))


def test_an_event_goes_into_ones_own_calendar(client, viet_hung, announce):
    begins = datetime(2026, 11, 26, 8, tzinfo=VIETNAM)
    page = announce(
        viet_hung,
        "Tiếp công dân",
        event_starts_at=begins,
        event_ends_at=begins + timedelta(hours=3),
        event_place="Phòng Tiếp công dân",
        event_repeats="weekly",
        event_repeats_until=date(2026, 12, 31),
    )
    assert f"{page.address}lich.ics" in client.get(page.address).content.decode()
    response = client.get(f"{page.address}lich.ics")
    assert response["Content-Type"].startswith("text/calendar")
    (event,) = events_in(response)
    assert (event["SUMMARY"], event["LOCATION"]) == ("Tiếp công dân", "Phòng Tiếp công dân")
    assert (event.start, event.end) == (begins, begins + timedelta(hours=3))
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20261231T165959Z"


def test_the_wards_calendar_holds_what_is_to_come_and_what_recurs(client, viet_hung, giang_bien, announce):
    facts = {"kind": Kind.EVENTS, "event_place": "Nhà văn hóa"}
    announce(viet_hung, "Sắp tới", event_starts_at=AT + timedelta(days=3), **facts)
    announce(viet_hung, "Xưa", event_starts_at=AT - timedelta(days=60), **facts)
    announce(viet_hung, "Hằng tháng", event_starts_at=AT - timedelta(days=60), event_repeats="monthly", **facts)
    announce(viet_hung, "Nháp", event_starts_at=AT + timedelta(days=3), live=False, **facts)
    announce(giang_bien, "Nơi khác", event_starts_at=AT + timedelta(days=3), **facts)
    announce(viet_hung, "Không ngày")
    calendar = client.get("/viet-hung/thong-bao/lich.ics")
    assert [event["SUMMARY"] for event in events_in(calendar)] == ["Hằng tháng", "Sắp tới"]
    assert icalendar.Calendar.from_ical(calendar.content)["X-WR-CALNAME"] == "Sự kiện của Phường Việt Hưng"


def test_what_has_no_date_has_no_calendar(client, viet_hung, announce):
    assert client.get(f"{announce(viet_hung).address}lich.ics").status_code == 404


# --- Interruptions -------------------------------------------------------------------------------
def test_an_interruption_stands_on_the_services_it_touches_until_it_is_over(client, viet_hung, announce, clock):
    touched = published()
    begins = AT + timedelta(days=14)
    page = announce(
        viet_hung, "Nâng cấp", kind=Kind.DOWNTIME, downtime_from=begins, downtime_until=begins + timedelta(hours=4)
    )
    other = announce(
        viet_hung, "Nâng cấp hai", kind=Kind.DOWNTIME, downtime_from=begins, downtime_until=begins + timedelta(hours=4)
    )
    other.downtime_services = [touched]
    other.save()

    def said(address):
        content = client.get(address).content.decode()
        return [
            each.title for each in (page, other) if f">{each.title}</a>" in content and "downtime-banner" in content
        ]

    assert said("/viet-hung/dich-vu/") == ["Nâng cấp", "Nâng cấp hai"]
    assert said(touched.address_in(viet_hung.ward)) == ["Nâng cấp", "Nâng cấp hai"]
    assert "downtime-banner" not in client.get("/viet-hung/").content.decode()
    clock.move_to(begins + timedelta(hours=4))
    assert said("/viet-hung/dich-vu/") == []


# --- Two languages -------------------------------------------------------------------------------
def test_english_is_read_where_it_was_written_and_vietnamese_says_so_elsewhere(client, viet_hung, announce):
    both = announce(viet_hung, "Cắt nước", slug="a", kind=Kind.OUTAGE, title_en="No water", summary_en="Tonight.")
    one = announce(viet_hung, "Mất điện", slug="b", kind=Kind.OUTAGE)
    english, vietnamese = (client.get(f"/en{page.address}").content.decode() for page in (both, one))
    assert "<h1>No water</h1>" in english
    assert '<h1 lang="vi">Mất điện</h1>' in vietnamese
    assert "<h1>Cắt nước</h1>" in client.get(both.address).content.decode()
    with translation.override("en"):
        assert (both.lang_of_content, one.lang_of_content) == ("en", "vi")
        assert (both.title_shown, one.title_shown) == ("No water", "Mất điện")


def test_a_wards_contacts_are_read_in_english_where_they_were_written_in_it(client, viet_hung):
    viet_hung.contacts = [("contact", {"office": "Trạm Y tế", "matter": "Tiêm chủng", "phone": "024 3875 0001"})]
    viet_hung.contacts_en = []
    viet_hung.save()
    only_vietnamese = client.get("/en/viet-hung/").content.decode()
    assert '<dl class="reach" lang="vi">\n<div><dt>Trạm Y tế</dt>' in only_vietnamese
    viet_hung.contacts_en = [("contact", {"office": "Health station", "matter": "Vaccination"})]
    viet_hung.save()
    both = client.get("/en/viet-hung/").content.decode()
    assert '<dl class="reach">\n<div><dt>Health station</dt>' in both
    assert "Trạm Y tế" not in both
    assert "<dt>Trạm Y tế</dt>" in client.get("/viet-hung/").content.decode()


def test_english_is_whole_or_not_at_all(viet_hung, announce):
    with pytest.raises(ValidationError) as refused:
        announce(viet_hung, body=[("heading", "Thu")], title_en="Budget")
    assert sorted(refused.value.message_dict) == ["body_en", "summary_en"]
    viet_hung.intro, viet_hung.intro_en = "Chào", "Welcome"
    with pytest.raises(ValidationError) as refused:
        viet_hung.save()
    assert list(refused.value.message_dict) == ["title_en"]


# --- Bad input in the editors' form --------------------------------------------------------------
def moment(days=0, hours=0):
    return (AT + timedelta(days=days, hours=hours)).astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")


def parts(*places):
    posted = {f"audience_parts-{name}": number for name, number in COUNTS.items()}
    posted["audience_parts-TOTAL_FORMS"] = str(len(places))
    for number, place in enumerate(places):
        blank = {"building": "", "block": "", "from_floor": "", "to_floor": "", "id": "", "ORDER": number, "DELETE": ""}
        posted |= {f"audience_parts-{number}-{name}": value for name, value in {**blank, **place}.items()}
    return posted


BAD = {
    "an event that ends before it starts": (
        {"event_starts_at": moment(2), "event_ends_at": moment(1), "event_place": "X"},
        "event_ends_at",
    ),
    "an event without a place": ({"event_starts_at": moment(2)}, "event_place"),
    "an event gone by": ({"event_starts_at": moment(-2), "event_place": "X"}, "event_starts_at"),
    "an urgency that ends before it starts": (
        {"kind": Kind.OUTAGE.value, "urgent_from": moment(2), "urgent_until": moment(1)},
        "urgent_until",
    ),
    "an urgency gone by": ({"kind": Kind.OUTAGE.value, "urgent_until": moment(-1)}, "urgent_until"),
    "an urgency of a kind that has none": ({"urgent_until": moment(1)}, "urgent_until"),
    "some buildings and none named": ({"audience": "buildings"}, "audience"),
    "a schedule in the past": ({"go_live_at": moment(-1)}, "go_live_at"),
    "a decision to come": (
        {"kind": Kind.BUDGET.value, "decision_date": "2026-12-24"},
        "decision_date",
    ),
    "a lawful duty that expires too early": (
        {"kind": Kind.BUDGET.value, "decision_date": "2026-11-20", "expire_at": moment(10)},
        "expire_at",
    ),
    "a procedure that expires": (
        {"kind": Kind.PROCEDURES.value, "decision_date": "2026-11-20", "expire_at": moment(400)},
        "expire_at",
    ),
    "an interruption told too late": (
        {"kind": Kind.DOWNTIME.value, "downtime_from": moment(8), "downtime_until": moment(8, 4)},
        "downtime_from",
    ),
    "an interruption without a time": ({"kind": Kind.DOWNTIME.value}, "downtime_from"),
    "half a translation": ({"title_en": "Only a title"}, "summary_en"),
    "an address of the feed": ({"slug": "rss"}, "slug"),
}


def create(client, ward_page, **fields):
    index = ward_page.get_children().get()
    return client.post(
        reverse("wagtailadmin_pages:add", args=["home", "announcementpage", index.pk]), form_of(**fields)
    )


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_beside_its_field_and_nothing_typed_is_lost(client, viet_hung, editor_of, case):
    fields, at_fault = BAD[case]
    client.force_login(editor_of(viet_hung))
    sent = {"action-publish": "", "action-submit": "1", **fields}
    response = create(client, viet_hung, summary="Lời tôi vừa gõ", **sent)
    assert response.status_code == 200
    assert at_fault in response.context["form"].errors
    assert "Lời tôi vừa gõ" in response.content.decode()
    assert not AnnouncementPage.objects.exists()


def test_a_building_of_another_ward_cannot_be_named(client, viet_hung, building, elsewhere, editor_of):
    client.force_login(editor_of(viet_hung))
    refused = create(client, viet_hung, audience="buildings", **parts({"building": str(elsewhere.pk)}))
    assert refused.status_code == 200
    assert not AnnouncementPage.objects.exists()
    made = create(client, viet_hung, audience="buildings", **parts({"building": str(building.pk), "from_floor": "3"}))
    assert made.status_code == 302, made.context["form"].errors
    assert AnnouncementPage.objects.get().audience_places == ["Chung cư Sen Hồng, tầng 3"]


def test_an_unforeseen_interruption_may_be_told_late_with_a_reason(client, viet_hung, editor_of):
    client.force_login(editor_of(viet_hung))
    facts = {"kind": Kind.DOWNTIME.value, "downtime_from": moment(1), "downtime_until": moment(1, 4)}
    made = create(client, viet_hung, downtime_unforeseen="Hỏng máy chủ", **facts)
    assert made.status_code == 302, made.context["form"].errors


def test_a_draft_may_lack_what_publishing_needs(client, viet_hung, editor_of):
    client.force_login(editor_of(viet_hung))
    lacking = {"kind": Kind.BUDGET.value, "audience": "buildings", "title_en": "Budget"}
    saved = create(client, viet_hung, **{**lacking, "action-publish": ""})
    assert saved.status_code == 302, saved.context["form"].errors
    assert not AnnouncementPage.objects.get().live


def test_the_editor_is_warned_before_and_after_the_limit(client, viet_hung, announce, editor_of, clock):
    editor = editor_of(viet_hung)
    page = announce(viet_hung, "Dự toán", kind=Kind.BUDGET, decision_date=date(2026, 11, 16), live=False)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    for day, words in (
        (17, "Công khai chậm nhất ngày 23/11/2026"),
        (22, "Sắp hết hạn công khai"),
        (24, "Đã quá hạn công khai"),
    ):
        clock.move_to(datetime(2026, 11, day, 9, tzinfo=VIETNAM))
        client.force_login(editor)
        assert words in client.get(address).content.decode(), day
