from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home import pictures
from home.kinds import Kind
from home.models import AnnouncementPage, Audience, AudiencePart
from tests.clock import stopped_at
from tests.factories.buildings import BuildingFactory
from tests.home.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

HOME, LIST = "/viet-hung/", "/viet-hung/thong-bao/"
MOST_QUERIES = 8

frozen = stopped_at(AT, autouse=False)


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


def shown(response, name):
    found = response.context.get(name) or response.context["news"][name]
    return [announcement.title for announcement in found]


def test_the_front_page_offers_each_ward(client, viet_hung, giang_bien):
    assert [ward.name for ward in client.get("/").context["wards"]] == ["Giang Biên", "Việt Hưng"]


def test_a_ward_home_shows_the_newest_announcements_of_its_own(client, viet_hung, giang_bien, announce):
    for days_ago in range(8, 0, -1):
        announce(viet_hung, f"Tin {days_ago}", days_ago=days_ago)
    announce(viet_hung, "Bản nháp", live=False)
    announce(giang_bien, "Tin Giang Biên")
    assert shown(client.get(HOME), "newest") == [f"Tin {number}" for number in range(1, 7)]


def test_an_urgent_announcement_leads_the_home_until_it_ends(client, viet_hung, announce):
    announce(viet_hung, "Cắt nước tối nay", urgent_until=AT.replace(hour=20), days_ago=30)
    announce(viet_hung, "Khẩn đã qua", urgent_until=AT.replace(hour=1))
    response = client.get(HOME)
    assert [announcement.title for announcement in response.context["banners"].urgent] == ["Cắt nước tối nay"]
    assert shown(response, "newest") == ["Khẩn đã qua"]
    assert response.content.decode().index("Cắt nước tối nay") < response.content.decode().index("<h1>")


def test_the_home_says_whom_to_reach_and_when(client, viet_hung):
    page = client.get(HOME).content.decode()
    assert "0243 8271 234" in page or viet_hung.ward.phone.as_national in page
    assert viet_hung.ward.address in page
    assert "Bộ phận Một cửa" in page


def test_the_list_can_be_narrowed_to_a_kind(client, viet_hung, announce):
    announce(viet_hung, "Tiếp dân")
    announce(viet_hung, "Mất điện", kind=Kind.OUTAGE)
    response = client.get(LIST, {"loai": "cat-dien-nuoc"})
    assert shown(response, "announcements") == ["Mất điện"]
    assert response.context["narrowed"].kinds == [(Kind.RECEPTION, 1), (Kind.OUTAGE, 1)]
    assert shown(client.get(LIST, {"loai": "bia-dat"}), "announcements") == ["Mất điện", "Tiếp dân"]


def test_the_list_is_paged(client, viet_hung, announce):
    for number in range(21):
        announce(viet_hung, f"Tin {number}", days_ago=number + 1)
    assert shown(client.get(LIST, {"trang": 2}), "announcements") == ["Tin 20"]
    assert shown(client.get(LIST, {"trang": "x"}), "announcements")[0] == "Tin 0"


def test_an_announcement_says_what_it_is_and_when_it_was_published(client, viet_hung, announce):
    announcement = announce(
        viet_hung,
        "Dự toán ngân sách năm 2027",
        kind=Kind.BUDGET,
        decision_date=AT.date(),
        body=[("heading", "Thu"), ("paragraph", "<p>Tổng thu <b>12 tỷ</b></p>")],
    )
    assert announcement.address == "/viet-hung/thong-bao/du-toan-ngan-sach-nam-2027/" == announcement.url
    page = client.get(announcement.address).content.decode()
    assert "<h2>Thu</h2>" in page
    assert "Tổng thu <b>12 tỷ</b>" in page
    assert '<time datetime="2026-11-22">22/11/2026</time>' in page


@pytest.mark.parametrize(
    "address", ["/giang-bien/thong-bao/tin/", "/viet-hung/tin/", "/khong-co/", "/viet-hung/thong-bao/tin/a/"]
)
def test_an_announcement_has_one_address_alone(client, viet_hung, giang_bien, announce, address):
    announce(viet_hung, "Tin")
    assert client.get(address).status_code == 404


def test_a_draft_is_not_there_for_readers(client, viet_hung, announce):
    draft = announce(viet_hung, "Nháp", live=False)
    assert client.get(draft.address).status_code == 404


def test_addresses_carry_no_diacritics(viet_hung, announce):
    assert announce(viet_hung, "Đăng ký nghĩa vụ quân sự đợt 1").slug == "dang-ky-nghia-vu-quan-su-dot-1"
    assert announce(viet_hung, "Đăng ký nghĩa vụ quân sự đợt 1").slug == "dang-ky-nghia-vu-quan-su-dot-1-2"


def test_what_the_law_obliges_to_publish_needs_the_date_of_its_decision(viet_hung, announce):
    with pytest.raises(ValidationError) as refused:
        announce(viet_hung, kind=Kind.BUDGET)
    assert list(refused.value.message_dict) == ["decision_date"]


def test_a_picture_needs_words_for_those_who_do_not_see_it(viet_hung, announce, picture):
    with pytest.raises(ValidationError) as refused:
        announce(viet_hung, picture=picture(viet_hung))
    assert list(refused.value.message_dict) == ["picture_alt"]


def test_pictures_come_in_the_sizes_that_were_made_when_publishing(
    client, viet_hung, announce, picture, django_capture_on_commit_callbacks
):
    top, inside = picture(viet_hung), picture(viet_hung)
    with django_capture_on_commit_callbacks(execute=True):
        announcement = announce(
            viet_hung,
            picture=top,
            picture_alt="Sân chơi",
            body=[("picture", {"image": inside, "decorative": False, "alt_text": "Sơ đồ"})],
        )
    before = {rendition.pk for rendition in [*top.renditions.all(), *inside.renditions.all()]}
    assert len(before) == 2 * len(pictures.SPECS) + 1  # the one that is shown when the page is passed on
    page = client.get(announcement.address).content.decode()
    assert {rendition.pk for rendition in [*top.renditions.all(), *inside.renditions.all()]} == before
    assert 'alt="Sân chơi"' in page
    assert 'alt="Sơ đồ"' in page
    assert page.count("<picture>") == page.count('height="240"') == page.count('width="360"') == 2


@pytest.mark.usefixtures("pieces_are_kept")
def test_a_page_asks_the_database_the_same_few_questions_however_much_there_is(
    client, viet_hung, giang_bien, announce, picture, public_file, frozen, django_capture_on_commit_callbacks
):
    def rich(number):
        return announce(
            viet_hung,
            f"Tin {number}",
            days_ago=number,
            kind=list(Kind)[number % 3 * 4],
            decision_date=AT.date(),
            picture=picture(viet_hung),
            picture_alt="Ảnh",
            body=[
                ("picture", {"image": picture(viet_hung), "decorative": False, "alt_text": "Ảnh"}),
                ("picture", {"image": picture(viet_hung), "decorative": True, "alt_text": ""}),
                ("files", [public_file(viet_hung), public_file(viet_hung)]),
                ("paragraph", f'<p>Xem <a linktype="page" id="{viet_hung.pk}">trang phường</a>.</p>'),
            ],
        )

    def made_anew():
        """Each page of the ward as after something was published there: nothing of the ward is kept."""
        counted = []
        for address in (HOME, LIST, first.address):
            frozen.shift(timedelta(minutes=2))
            client.get("/giang-bien/")  # what every ward's pages start from
            counted.append(queries_of(client, address))
        return counted

    with django_capture_on_commit_callbacks(execute=True):
        first = rich(1)
    made_anew()  # Wagtail looks up where its sites begin after each change
    few = made_anew()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(2, 31):
            rich(number)
    made_anew()
    assert made_anew() == few
    assert max(few) <= MOST_QUERIES, few


def test_with_nothing_kept_the_pages_read_most_ask_eight_queries(client, settings, viet_hung, announce, picture):
    """All that may stand on them stands there: a banner, a picture, a place an announcement is for."""
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    announce(viet_hung, "Cắt nước tối nay", urgent_until=AT.replace(hour=20))
    part = AudiencePart(building=BuildingFactory(ward=viet_hung.ward))
    announce(viet_hung, "Diễn tập", audience=Audience.BUILDINGS, audience_parts=[part])
    lead = announce(viet_hung, "Khánh thành", picture=picture(viet_hung), picture_alt="Ảnh")
    client.get(HOME)  # Wagtail looks up where its sites begin after each change
    counted = {address: queries_of(client, address) for address in ("/", HOME, lead.address)}
    assert max(counted.values()) <= MOST_QUERIES, counted
    assert shown(client.get(HOME), "newest") == ["Khánh thành", "Diễn tập"]


def test_an_announcement_stays_in_its_ward(viet_hung, giang_bien, announce):
    announcement = announce(viet_hung)
    assert not announcement.can_move_to(giang_bien.get_children().get())
    assert AnnouncementPage.objects.get().ward == viet_hung.ward


def test_the_feed_has_the_newest_of_the_ward(client, settings, viet_hung, giang_bien, announce):
    announce(viet_hung, "Cũ & mới", days_ago=2)
    announce(viet_hung, "Mới nhất")
    announce(viet_hung, "Nháp", live=False)
    announce(giang_bien, "Giang Biên")
    response = client.get(f"{LIST}rss/")
    text = response.content.decode()
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert [part.split("</title>")[0] for part in text.split("<item><title>")[1:]] == ["Mới nhất", "Cũ &amp; mới"]
    assert f"{settings.PUBLIC_URL}/viet-hung/thong-bao/moi-nhat/" in text
