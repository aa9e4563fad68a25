import pytest
from time_machine import travel

from buildings.models import Ward
from home.models import AnnouncementPage, Picture, PublicityRecord
from portal.demo.announcements import load_announcements
from portal.demo.announcements.items import Day
from portal.demo.announcements.of_ward import OF_WARD
from portal.demo.people import load_operator
from portal.demo.places import WARDS, load_buildings
from tests.home.conftest import AT, ward_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", OF_WARD)
def test_each_ward_of_the_demo_has_announcements_of_many_kinds(client, slug):
    ward = ward_page(slug).ward
    load_buildings(ward, next(demo for demo in WARDS if demo.slug == slug), by=load_operator(), at=AT)
    with travel(AT, tick=False):
        load_announcements(ward, at=AT)
    announcements = AnnouncementPage.objects.of(ward).live()
    assert announcements.count() >= 8
    assert announcements.values("kind").distinct().count() >= 7
    assert announcements.exclude(title_en="").count() == 2
    assert announcements.exclude(event_starts_at=None).exists()
    assert announcements.exclude(expire_at=None).count() == 1
    assert announcements.exclude(downtime_from=None).count() == 1
    assert announcements.filter(audience="buildings").count() == 1
    scheduled = AnnouncementPage.objects.of(ward).get(live=False)
    assert scheduled.scheduled_revision.approved_go_live_at > AT
    records = PublicityRecord.objects.filter(ward=ward, obliged=True)
    assert records.exists()
    assert all(record.in_time for record in records)
    assert [announcement.is_urgent(AT) for announcement in announcements].count(True) == 1
    for announcement in announcements:
        page = client.get(announcement.address)
        assert page.status_code == 200
        assert "{" not in announcement.summary + str(announcement.body)


def test_loading_twice_adds_nothing():
    ward = ward_page("viet-hung").ward
    load_announcements(ward, at=AT)
    before = AnnouncementPage.objects.count(), Picture.objects.count()
    load_announcements(Ward.objects.get(), at=AT)
    assert (AnnouncementPage.objects.count(), Picture.objects.count()) == before


def test_dates_in_the_texts_count_from_the_day_of_loading():
    day = Day(AT.date())  # a Monday
    assert (
        f"{day:+1} {day:3} {day:0} {day:-1}"
        == "thứ Ba 24/11/2026 thứ Năm 26/11/2026 thứ Hai 30/11/2026 Chủ nhật 22/11/2026"
    )
