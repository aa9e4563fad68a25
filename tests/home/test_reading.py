"""What readers find: the list narrowed, the archive, feeds, what is related, and how a page is passed on."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.log_actions import LogContext

from buildings.models import Apartment, Building, Residency
from home import pictures
from home.kinds import Kind
from home.models import Audience, AudiencePart
from home.reading import related
from home.reading.narrowing import Month
from tests.clock import stopped_at
from tests.factories.catalogue import published
from tests.factories.people import UserFactory
from tests.home.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

HOME, LIST = "/viet-hung/", "/viet-hung/thong-bao/"
ATOM = "{http://www.w3.org/2005/Atom}"

frozen = stopped_at(AT, autouse=False)


@pytest.fixture
def sen(viet_hung):
    return Building.objects.create(ward=viet_hung.ward, slug="sen", name="Tòa Sen", address="x", floors=9)


@pytest.fixture
def bach(viet_hung):
    return Building.objects.create(ward=viet_hung.ward, slug="bach", name="Tòa Bách", address="x", floors=9)


@pytest.fixture
def announce_to(announce):
    def announce_to(page, building, title, **fields):
        part = AudiencePart(building=building)
        return announce(page, title, audience=Audience.BUILDINGS, audience_parts=[part], **fields)

    return announce_to


def found(client, **asked):
    return [each.title for each in client.get(LIST, asked).context["announcements"]]


# --- The list ------------------------------------------------------------------------------------
def test_kind_building_and_month_narrow_together(client, viet_hung, sen, bach, announce, announce_to):
    announce_to(viet_hung, sen, "Sen mất nước", kind=Kind.OUTAGE, days_ago=2)
    announce_to(viet_hung, bach, "Bách mất nước", kind=Kind.OUTAGE, days_ago=3)
    announce(viet_hung, "Mất điện", kind=Kind.OUTAGE, days_ago=40)
    announce(viet_hung, "Tiếp dân", days_ago=4)
    assert found(client, loai="cat-dien-nuoc") == ["Sen mất nước", "Bách mất nước", "Mất điện"]
    assert found(client, **{"toa-nha": "sen"}) == ["Sen mất nước", "Tiếp dân", "Mất điện"]
    assert found(client, thang="2026-10") == ["Mất điện"]
    assert found(client, loai="cat-dien-nuoc", thang="2026-11", **{"toa-nha": "sen"}) == ["Sen mất nước"]


def test_each_choice_says_how_many_it_leaves(client, viet_hung, announce):
    announce(viet_hung, "Mất điện", kind=Kind.OUTAGE, days_ago=40)
    announce(viet_hung, "Mất nước", kind=Kind.OUTAGE)
    announce(viet_hung, "Tiếp dân")
    narrowed = client.get(LIST, {"loai": "cat-dien-nuoc", "thang": "2026-11"}).context["narrowed"]
    assert narrowed.kinds == [(Kind.RECEPTION, 1), (Kind.OUTAGE, 1)]
    assert narrowed.months == [(Month(2026, 11), 1), (Month(2026, 10), 1)]


@pytest.mark.parametrize(
    "asked",
    [
        {"loai": "bia-dat"},
        {"toa-nha": "khong-co"},
        {"thang": "2026-13"},
        {"thang": "0000-01"},
        {"thang": "２０２６-11"},
        {"thang": "x" * 500},
        {"loai": "\x00", "toa-nha": "' OR 1=1", "thang": "-"},
        {"trang": "999999999999999999999"},
    ],
)
def test_what_is_not_known_narrows_nothing(client, viet_hung, sen, announce, asked):
    announce(viet_hung, "Tin")
    assert found(client, **asked) == ["Tin"]


@pytest.mark.parametrize("name", ["0002-01", "9999-12", "2027-02"])
def test_a_month_without_announcements_is_an_empty_list(client, viet_hung, announce, name):
    announce(viet_hung, "Tin")
    assert found(client, thang=name) == []


def test_a_month_begins_and_ends_at_midnight_in_vietnam(client, viet_hung, announce):
    last = announce(viet_hung, "Cuối tháng mười")
    last.first_published_at = AT.replace(month=10, day=31, hour=16, minute=59)
    last.save()
    first = announce(viet_hung, "Đầu tháng mười một")
    first.first_published_at = AT.replace(month=10, day=31, hour=17)
    first.save()
    assert found(client, thang="2026-10") == ["Cuối tháng mười"]
    assert found(client, thang="2026-11") == ["Đầu tháng mười một"]


def test_the_pages_of_a_narrowed_list_stay_narrowed(client, viet_hung, announce):
    for number in range(21):
        announce(viet_hung, f"Tin {number}", days_ago=number + 1)
    announce(viet_hung, "Mất điện", kind=Kind.OUTAGE)
    shown = client.get(LIST, {"loai": "tiep-cong-dan"}).content.decode()
    assert "?loai=tiep-cong-dan&amp;trang=2" in shown


@pytest.mark.usefixtures("pieces_are_kept")
def test_the_list_says_whom_each_is_for_with_few_questions(
    client, viet_hung, giang_bien, sen, bach, announce_to, frozen
):
    def questions():
        frozen.shift(timedelta(minutes=2))
        client.get("/giang-bien/")  # what every ward's pages start from
        with CaptureQueriesContext(connection) as captured:
            response = client.get(LIST, {"toa-nha": "sen", "loai": "tiep-cong-dan"})
        assert "Dành cho:" in response.content.decode()
        return len(captured)

    announce_to(viet_hung, sen, "Tin 0")
    questions()
    few = questions()
    for number in range(1, 30):
        announce_to(viet_hung, sen, f"Tin {number}")
    assert questions() == few <= 8


# --- The archive ---------------------------------------------------------------------------------
def test_the_archive_has_months_and_the_titles_of_what_ran_out(client, viet_hung, giang_bien, announce):
    announce(viet_hung, "Còn đăng", days_ago=40)
    announce(viet_hung, "Đã hết hạn").unpublish()
    again = announce(viet_hung, "Đăng lại")
    again.unpublish()
    again.save_revision().publish()
    announce(giang_bien, "Phường khác").unpublish()
    response = client.get(f"{LIST}luu-tru/")
    assert response.context["narrowed"].months[-1] == (Month(2026, 10), 1)
    assert [record.title for record in response.context["run_out"]] == ["Đã hết hạn"]
    assert "/viet-hung/thong-bao/da-het-han/" not in response.content.decode()


def test_what_somebody_took_down_is_not_told_of(client, viet_hung, announce, editor_of):
    with LogContext(user=editor_of(viet_hung)):
        announce(viet_hung, "Danh sách có tên người").unpublish()
    assert list(client.get(f"{LIST}luu-tru/").context["run_out"]) == []


# --- Languages -----------------------------------------------------------------------------------
def test_search_engines_are_offered_english_where_it_was_written(client, viet_hung, announce):
    only = announce(viet_hung, "Cắt nước").address
    both = announce(viet_hung, "Mất điện", title_en="Power off", summary_en="Tonight.").address
    for address in (only, f"/en{only}"):
        shown = client.get(address).content.decode()
        assert f'<link rel="canonical" href="http://testserver{only}">' in shown
        assert 'rel="alternate" hreflang="en"' not in shown
    english = client.get(f"/en{both}").content.decode()
    assert f'<link rel="canonical" href="http://testserver/en{both}">' in english
    assert f'<link rel="alternate" hreflang="en" href="http://testserver/en{both}">' in english
    assert f'<link rel="alternate" hreflang="vi" href="http://testserver{both}">' in english


# --- Feeds ---------------------------------------------------------------------------------------
def test_atom_and_rss_hold_the_same_with_public_addresses(client, viet_hung, announce, settings):
    settings.PUBLIC_URL = "https://phuong.example"
    announce(viet_hung, "Mới & hay", summary="Phí < 5 đồng")
    announce(viet_hung, "Nháp", live=False)
    atom = ET.fromstring(client.get(f"{LIST}atom/").content)  # noqa: S314 - our own
    (entry,) = atom.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Mới & hay"
    assert entry.findtext(f"{ATOM}summary") == "Phí &lt; 5 đồng"
    assert entry.find(f"{ATOM}link").get("href") == "https://phuong.example/viet-hung/thong-bao/moi-hay/"
    assert atom.findtext(f"{ATOM}author/{ATOM}name") == "Phường Việt Hưng"  # RFC 4287 asks for one
    assert atom.find(f"{ATOM}link[@rel='self']").get("href") == "https://phuong.example/viet-hung/thong-bao/atom/"
    rss = ET.fromstring(client.get(f"{LIST}rss/").content)  # noqa: S314
    assert [item.findtext("link") for item in rss.iter("item")] == [
        "https://phuong.example/viet-hung/thong-bao/moi-hay/"
    ]


@pytest.mark.parametrize("feed", ["rss", "atom"])
def test_a_feed_can_keep_to_a_kind(client, viet_hung, announce, feed):
    announce(viet_hung, "Tiếp dân")
    announce(viet_hung, "Mất điện", kind=Kind.OUTAGE)
    text = client.get(f"{LIST}{feed}/", {"loai": "cat-dien-nuoc"}).content.decode()
    assert "Mất điện" in text
    assert "Tiếp dân" not in text
    assert "Tiếp dân" in client.get(f"{LIST}{feed}/", {"loai": "x"}).content.decode()


def test_an_english_feed_has_english_titles(client, viet_hung, announce):
    announce(viet_hung, "Cắt nước", title_en="Water off", summary_en="Tonight.")
    english = client.get("/en/viet-hung/thong-bao/rss/").content.decode()
    assert "<language>en</language>" in english
    assert "Water off" in english
    assert "/en/viet-hung/thong-bao/cat-nuoc/" in english
    assert "<language>vi</language>" in client.get(f"{LIST}rss/").content.decode()


def test_pages_name_their_feeds(client, viet_hung, announce):
    page = announce(viet_hung, "Tin")
    for address in (HOME, LIST, page.address):
        shown = client.get(address).content.decode()
        assert f'type="application/atom+xml" title="Thông báo của Phường Việt Hưng" href="{LIST}atom/"' in shown
    kept_to = client.get(LIST, {"loai": "tiep-cong-dan"}).content.decode()
    assert f'href="{LIST}rss/?loai=tiep-cong-dan"' in kept_to
    # The calendar of the ward's events is one of them, named in words on the list.
    assert (
        f'<link rel="alternate" type="text/calendar" title="Lịch sự kiện của phường" href="{LIST}lich.ics">' in kept_to
    )
    assert f'<a href="{LIST}lich.ics">' in kept_to


# --- Related -------------------------------------------------------------------------------------
class Service:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


BIRTH, MARRIAGE, DEATH, STAY, COPY = SERVICES = tuple(
    map(
        Service,
        [
            "Đăng ký khai sinh",
            "Đăng ký kết hôn",
            "Đăng ký khai tử",
            "Khai báo tạm trú",
            "Chứng thực bản sao giấy tờ, văn bản",
        ],
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lưu động đăng ký khai sinh, kết hôn tại nhà văn hóa", [BIRTH, MARRIAGE]),
        ("Đăng ký tiêm chủng", []),
        ("KHAI BAO TAM TRU cho người thuê nhà", [STAY]),
        ("Mang theo giấy tờ, văn bản liên quan", []),
        ("Chứng thực giấy tờ tại nhà cho người già", [COPY]),
        ("", []),
    ],
)
def test_services_are_related_by_words_that_tell_them_apart(text, expected):
    assert related.spoken_of(text, SERVICES) == expected


def test_an_announcement_leads_to_services_it_speaks_of_and_others_of_its_kind(client, viet_hung, giang_bien, announce):
    service = published()
    page = announce(viet_hung, f"Hướng dẫn: {service.name}")
    for number in range(5):
        announce(viet_hung, f"Cùng loại {number}", days_ago=number + 2)
    announce(viet_hung, "Khác loại", kind=Kind.OUTAGE)
    announce(giang_bien, "Phường khác")
    response = client.get(page.address)
    assert response.context["services"]["spoken_of"] == [service]
    assert [each.title for each in response.context["related"]] == [f"Cùng loại {number}" for number in range(3)]


# --- Passing on ----------------------------------------------------------------------------------
def test_a_page_is_passed_on_with_its_picture(
    client, viet_hung, announce, picture, settings, django_capture_on_commit_callbacks
):
    settings.PUBLIC_URL = "https://phuong.example"
    top = picture(viet_hung)
    with django_capture_on_commit_callbacks(execute=True):
        page = announce(viet_hung, "Tin", picture=top, picture_alt="Sân chơi")
    cut = top.renditions.get(filter_spec=pictures.SHARED)
    assert (cut.width, cut.height) == (1200, 630)
    shown = client.get(page.address).content.decode()
    assert f'<meta property="og:image" content="https://phuong.example{cut.url}">' in shown
    assert '<meta property="og:image:alt" content="Sân chơi">' in shown
    assert client.get(cut.url).status_code == 200


def test_a_page_without_a_picture_is_passed_on_with_the_portals(client, viet_hung, announce, settings):
    settings.PUBLIC_URL = "https://phuong.example"
    for address in ("/", HOME, announce(viet_hung, "Tin").address):
        shown = client.get(address).content.decode()
        assert '<meta property="og:image" content="https://phuong.example/static/portal/img/share' in shown
        assert f'<meta property="og:url" content="https://phuong.example{address}">' in shown


# --- Of one's own home ---------------------------------------------------------------------------
def test_who_lives_there_sees_first_what_is_said_to_their_building(client, viet_hung, sen, bach, announce_to, announce):
    announce_to(viet_hung, sen, "Cho Sen", days_ago=20)
    announce_to(viet_hung, bach, "Cho Bách")
    for number in range(6):
        announce(viet_hung, f"Tin {number}")
    assert client.get(HOME).context["for_you"] == []
    resident = UserFactory()
    flat = Apartment.objects.create(building=sen, number="305", floor=3)
    facts = {"claimed_at": AT, "confirmed_at": AT, "confirmed_by": resident}
    Residency.objects.create(user=resident, apartment=flat, role="owner", state="confirmed", **facts)
    client.force_login(resident)
    response = client.get(HOME)
    assert [each.title for each in response.context["for_you"]] == ["Cho Sen"]
    assert "Dành cho:" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_what_is_not_translated_says_so(client, viet_hung, announce):
    page = announce(viet_hung, "Lịch cắt nước")
    announce(viet_hung, "Tin", title_en="News", summary_en="Short.")
    english = client.get("/en/viet-hung/thong-bao/").content.decode()
    assert '<span lang="vi">Lịch cắt nước</span>' in english
    assert ">News</a>" in english
    assert '<h1 lang="vi">Lịch cắt nước</h1>' in client.get(f"/en{page.address}").content.decode()
