"""Public pages are kept, and nobody's own page ever is (assurance.md §1: six cache leaks in a year)."""

import gzip
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from time_machine import travel
from wagtail.models import Page

from buildings.models import Building, Ward
from home.kinds import Kind
from home.models import ANNOUNCEMENTS_A_PAGE, AnnouncementPage
from home.tasks import publish_scheduled
from portal.core import page_cache
from services.catalogue.models import Procedure
from tests.factories.catalogue import published
from tests.factories.people import UserFactory
from tests.home.conftest import AT

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE, LIST = "/viet-hung/", "/giang-bien/", "/viet-hung/thong-bao/"
ON_COMMIT = {"execute": True}


@pytest.fixture(autouse=True)
def clock():
    with travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """The embedded default: pages kept in files."""
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": tmp_path / "pages"}}


@pytest.fixture
def settled(clock):
    """What was purged a moment ago is kept again from now on."""

    def settled():
        for subject in (page_cache.FRONT, *(page_cache.ward(ward.pk) for ward in Ward.objects.all())):
            page_cache._turn_of(subject)
        clock.shift(timedelta(seconds=1))

    return settled


@pytest.fixture
def wards(viet_hung, giang_bien, announce, settled, django_capture_on_commit_callbacks):
    announce(viet_hung, "Tin cũ", days_ago=9)
    settled()
    return viet_hung, giang_bien


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def queries(address, client=None, **more):
    """Of a page that finds no kept pieces to be made from: none at all means that it is kept whole."""
    page_cache._pieces.clear()
    with CaptureQueriesContext(connection) as captured:
        response = (client or Client()).get(address, **more)
    assert response.status_code in {200, 304}
    return len(captured)


def is_kept(address, **more):
    return queries(address, **more) == 0


def show(*addresses):
    for address in addresses:
        Client().get(address)


def text(address, **more):
    return Client().get(address, **more).content.decode()


# --- What is kept ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "/",
        HOME,
        "/en/viet-hung/",
        LIST,
        f"{LIST}?loai=phong-chay",
        f"{LIST}rss/",
        f"{LIST}tin-cu/",
        "/viet-hung/dich-vu/",
    ],
)
def test_the_second_visitor_asks_the_database_nothing(wards, address):
    first = Client().get(address)
    with CaptureQueriesContext(connection) as captured:
        second = Client().get(address)
    assert len(captured) == 0
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)


@pytest.mark.parametrize("address", ["/", HOME, LIST, f"{LIST}tin-cu/", "/viet-hung/dich-vu/"])
def test_a_public_page_sets_no_cookie_and_says_how_long_it_may_be_kept(wards, address):
    response = Client().get(address)
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=30"
    assert response["Vary"] == "Cookie, Accept-Encoding"
    assert response["ETag"].startswith('W/"')


@pytest.mark.parametrize("address", ["/tim-kiem/", "/tra-cuu/", "/xac-thuc/", "/tai-khoan/login/", "/khong-co/"])
def test_what_does_not_call_itself_public_is_asked_for_anew(wards, address):
    response = Client().get(address)
    assert "public" not in response["Cache-Control"]
    assert {"private", "no-cache"} <= set(response["Cache-Control"].split(", "))
    assert not hasattr(response, "public_subject")


def test_whoever_has_the_page_already_is_told_so(wards):
    tag = Client().get(HOME)["ETag"]
    for _kept in (True, False):
        response = Client().get(HOME, headers={"if-none-match": tag})
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=30"
        caches["pages"].clear()


def test_the_page_comes_zipped_to_whoever_takes_it(wards):

    plain = Client().get(HOME)
    zipped = Client().get(HOME, headers={"accept-encoding": "gzip, br"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert int(zipped["Content-Length"]) == len(zipped.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain.headers


def test_a_head_is_answered_from_what_is_kept_and_keeps_nothing(wards):
    head = Client().head(HOME)
    assert not is_kept(HOME)
    with CaptureQueriesContext(connection) as captured:
        again = Client().head(HOME)
    assert len(captured) == 0
    assert again.content == b""
    assert again["ETag"] == head["ETag"]
    assert Client().get(HOME).content


def test_hosts_and_languages_are_kept_apart(wards, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Page.objects.filter(slug="viet-hung").update(title="Một")
    assert "http://a.example/viet-hung/" in text(HOME, headers={"host": "a.example"})
    assert "http://b.example/viet-hung/" in text(HOME, headers={"host": "b.example"})
    assert '<html lang="en">' in text("/en/viet-hung/")
    assert '<html lang="vi">' in text(HOME)


def test_a_host_that_is_not_ours_is_refused_before_and_after(wards, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    show(HOME)
    assert Client().get(HOME, headers={"host": "evil.test"}).status_code == 400
    assert "evil.test" not in text(HOME, headers={"x-forwarded-host": "evil.test", "forwarded": "host=evil.test"})
    assert "evil.test" not in text(HOME)


@pytest.mark.parametrize(
    "query",
    [
        "q=1",
        "trang=1&trang=2",
        "trang=%3Cscript%3E",
        "TRANG=1",
        "loai=",
        "x",
        "_=17",
        "loai=a%0Ab",
        f"trang={'1' * 41}",
    ],
)
def test_an_address_with_what_we_do_not_know_is_answered_afresh_and_not_kept(wards, query):
    show(f"{LIST}?{query}")
    assert not is_kept(f"{LIST}?{query}")
    assert Client().get(f"{LIST}?{query}")["Cache-Control"] == "public, max-age=0, s-maxage=30"


def test_known_parameters_are_kept_whatever_their_order_and_apart(wards, announce, settled):
    show(f"{LIST}?loai=phong-chay&trang=1")
    assert is_kept(f"{LIST}?trang=1&loai=phong-chay")
    assert not is_kept(f"{LIST}?loai=phong-chay&trang=2")
    assert not is_kept(LIST)


def test_what_others_hang_on_a_link_neither_misses_nor_enters_the_kept_page(wards):
    show(f"{HOME}?fbclid=A-SECRET")
    assert not is_kept(HOME)
    assert is_kept(f"{HOME}?fbclid=B&utm_source=zalo")
    assert "A-SECRET" not in text(f"{HOME}?fbclid=B")


# --- Nobody's own page --------------------------------------------------------------------------------
def signed_in(name):
    client = Client()
    client.force_login(UserFactory(full_name=name))
    return client


@pytest.mark.parametrize("address", ["/", HOME, LIST, f"{LIST}tin-cu/", "/viet-hung/dich-vu/"])
def test_a_signed_in_person_gets_their_own_page_and_nobody_else_does(wards, address):
    anne, bob = signed_in("CANARY-ANNE"), signed_in("CANARY-BOB")
    own = anne.get(address)
    assert "CANARY-ANNE" in own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    assert "ETag" not in own
    assert "CANARY" not in text(address)
    assert "CANARY" not in text(address)
    for odd in (
        {"vary": "*"},
        {"cache-control": "only-if-cached"},
        {"cookie": "sessionid"},
        {"cookie": "a=b; sessionid="},
    ):
        assert "CANARY" not in text(address, headers=odd)
    bobs = bob.get(address).content.decode()
    assert "CANARY-BOB" in bobs
    assert "CANARY-ANNE" not in bobs
    assert "CANARY-ANNE" in anne.get(address).content.decode()


@pytest.mark.parametrize(
    "cookie", ["sessionid=never-seen", "messages=forged", "x=1; sessionid=y", "sessionid=a; sessionid=b"]
)
def test_whoever_carries_a_session_or_a_message_is_answered_afresh(wards, cookie):
    show(HOME)
    client = Client(headers={"cookie": cookie})
    assert queries(HOME, client) > 0
    response = client.get(HOME)
    assert "public" not in response["Cache-Control"]
    assert "ETag" not in response


def test_a_session_of_nobody_is_kept_by_nobody(wards):
    assert Client(headers={"cookie": "sessionid=never-seen"}).get(HOME)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("cookie", ["_ga=GA1.1", "_", "django_language=en", "SESSIONID=x", "csrftoken=abc"])
def test_a_cookie_that_is_not_ours_changes_nothing(wards, cookie):
    expected = text(HOME)
    assert is_kept(HOME, headers={"cookie": cookie})
    assert text(HOME, headers={"cookie": cookie}) == expected


def test_a_visitor_with_a_csrf_cookie_leaves_no_page_behind(wards):
    show_with_token = Client(headers={"cookie": f"csrftoken={'a' * 32}"})
    show_with_token.get(HOME)
    assert not is_kept(HOME)


def test_credentials_in_a_header_are_answered_afresh(wards):
    show(HOME)
    assert not is_kept(HOME, headers={"authorization": "Basic eDp5"})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda request, response: response.set_cookie("x", "1"),
        lambda request, response: request.META.update(CSRF_COOKIE="made for a form on the page"),
        lambda request, response: setattr(request, "_csp_nonce", "abc"),
        lambda request, response: setattr(request, "_messages", ["Đã gửi hồ sơ"]),
        lambda request, response: response.__setitem__("Cache-Control", "private"),
        lambda request, response: response.__setitem__("Cache-Control", "no-store"),
        lambda request, response: response.__setitem__("Vary", "Accept-Language"),
        lambda request, response: response.__setitem__("Vary", "*"),
        lambda request, response: setattr(response, "status_code", 404),
        lambda request, response: delattr(response, "public_subject"),
    ],
)
def test_a_page_that_is_somebodys_is_not_kept_even_if_it_calls_itself_public(settled, spoil):
    made = []

    def view(request):
        made.append(request)
        response = page_cache.keep(HttpResponse(f"for {len(made)}"), page_cache.FRONT)
        if spoil:
            spoil(request, response)
        return response

    settled()
    ask = page_cache.kept_pages(view)
    for number in (1, 2):
        response = ask(RequestFactory().get("/"))
        assert response.content == f"for {number}".encode()
        assert "public" not in response.get("Cache-Control", "")
        assert "ETag" not in response
    spoil = None
    for _again in range(2):
        assert ask(RequestFactory().get("/")).content == b"for 3"


# --- What ends it -------------------------------------------------------------------------------------
def test_publishing_purges_its_ward_and_only_that(wards, committed, settled):
    viet_hung, giang_bien = wards
    show(HOME, "/en/viet-hung/", LIST, f"{LIST}rss/", ELSEWHERE, "/")
    with committed():
        draft = AnnouncementPage(title="Tin mới", kind="phong-chay", summary="Tóm tắt", live=False)
        viet_hung.get_children().get().add_child(instance=draft)
        draft.save_revision()
    assert all(map(is_kept, [HOME, LIST, ELSEWHERE, "/"]))  # a draft is nobody's news
    with committed():
        draft.get_latest_revision().publish()
    assert all("Tin mới" in text(address) for address in (HOME, "/en/viet-hung/", LIST, f"{LIST}rss/"))
    assert is_kept(ELSEWHERE)
    assert is_kept("/")


def test_a_draft_of_what_is_published_purges_nothing_and_its_publishing_does(wards, committed):
    page = AnnouncementPage.objects.get()
    show(HOME, page.address)
    with committed():
        page.title = "Tin sửa"
        revision = page.save_revision()
    assert is_kept(HOME)
    assert is_kept(page.address)
    with committed():
        revision.publish()
    assert "Tin sửa" in text(HOME)
    assert "Tin sửa" in text(page.address)


def test_taking_down_purges(wards, committed):
    page = AnnouncementPage.objects.get()
    show(HOME, page.address, ELSEWHERE)
    with committed():
        page.unpublish()
    assert "Tin cũ" not in text(HOME)
    assert Client().get(page.address).status_code == 404
    assert is_kept(ELSEWHERE)


def test_deleting_purges(wards, committed):
    show(HOME, ELSEWHERE)
    with committed():
        AnnouncementPage.objects.get(slug="tin-cu").delete()
    assert "Tin cũ" not in text(HOME)
    assert is_kept(ELSEWHERE)


def test_the_scheduled_run_purges_what_it_publishes_and_takes_down_and_only_that(wards, committed, clock, settled):
    page = AnnouncementPage.objects.get()
    page.expire_at = AT + timedelta(hours=1)
    page.save_revision().publish()
    coming = page.get_parent().add_child(
        instance=AnnouncementPage(title="Tin hẹn", kind="phong-chay", summary="Tóm tắt", live=False)
    )
    coming.go_live_at = AT + timedelta(hours=1)
    coming.save_revision().publish()
    settled()
    show(HOME, ELSEWHERE)
    with committed():
        publish_scheduled()
    assert is_kept(HOME)
    clock.move_to(AT + timedelta(hours=1, minutes=1))
    settled()
    show(HOME, ELSEWHERE)
    with committed():
        publish_scheduled()
    shown = text(HOME)
    assert "Tin hẹn" in shown
    assert "Tin cũ" not in shown
    assert is_kept(ELSEWHERE)


def test_changes_of_a_ward_and_its_buildings_show(wards, committed, settled):
    viet_hung, _giang_bien = wards
    show("/", HOME, ELSEWHERE)
    with committed():
        building = Building.objects.create(ward=viet_hung.ward, slug="sen", name="Tòa Sen", address="x", floors=9)
    assert "Tòa Sen" in text(HOME)
    assert is_kept(ELSEWHERE)
    assert is_kept("/")
    settled()
    show(HOME)
    with committed():
        building.delete()
    assert "Tòa Sen" not in text(HOME)
    settled()
    show("/", HOME)
    with committed():
        viet_hung.ward.address = "Số 2 phố Mới"
        viet_hung.ward.save()
    assert "Số 2 phố Mới" in text(HOME)
    assert "Số 2 phố Mới" in text("/")


def test_a_procedure_shows_in_every_ward(wards, committed, settled):
    show("/", HOME, ELSEWHERE)
    with committed():
        procedure = published()
    assert all(procedure.name in text(address) for address in ("/", HOME, ELSEWHERE, "/viet-hung/dich-vu/"))
    settled()
    show("/", HOME)
    with committed():
        Procedure.objects.get().unpublish()
    assert procedure.name not in text(HOME)


def test_what_is_rolled_back_purges_nothing(wards, committed):
    show(HOME)
    AnnouncementPage.objects.get().save()  # its transaction never commits
    assert is_kept(HOME)


def test_a_page_read_before_a_purge_and_ready_after_it_is_not_kept(wards, clock):
    """It shows what was before; kept under the new turn it would hide the news."""
    viet_hung, _giang_bien = wards
    answers = []

    def slow_view(request):
        answers.append("before" if not answers else "after")
        if len(answers) == 1:
            clock.shift(timedelta(seconds=2))
            page_cache._purge([page_cache.ward(viet_hung.ward.pk)])
        return page_cache.keep(HttpResponse(answers[-1]), page_cache.ward(viet_hung.ward.pk))

    ask = page_cache.kept_pages(slow_view)
    assert ask(RequestFactory().get("/x/")).content == b"before"
    clock.shift(timedelta(milliseconds=100))
    assert ask(RequestFactory().get("/x/")).content == b"after"


def test_without_a_purge_a_change_shows_after_a_minute(wards, clock):
    """The process was killed between the commit and the purge."""
    show(HOME)
    AnnouncementPage.objects.filter(slug="tin-cu").update(title="Tin đã sửa")
    clock.shift(page_cache.LONGEST - timedelta(seconds=1))
    assert "Tin đã sửa" not in text(HOME)
    clock.shift(timedelta(seconds=1))
    assert "Tin đã sửa" in text(HOME)


def test_an_urgent_notice_ends_to_the_second(viet_hung, announce, settled, clock):
    announce(viet_hung, "Cắt nước", urgent_until=AT + timedelta(seconds=21))
    settled()
    assert Client().get(HOME)["Cache-Control"] == "public, max-age=0, s-maxage=20"
    clock.shift(timedelta(seconds=19))
    assert is_kept(HOME)
    assert "urgent-banner" in text(HOME)
    clock.shift(timedelta(seconds=1))
    assert "urgent-banner" not in text(HOME)


def test_no_page_is_kept_over_midnight(wards, clock, settled):
    """A procedure comes into force, a day is over."""
    clock.move_to(AT.replace(hour=16, minute=59, second=50))  # 23:59:50 in Hanoi
    settled()
    show(HOME)
    assert is_kept(HOME)
    clock.move_to(AT.replace(hour=17, minute=0, second=0))
    assert not is_kept(HOME)


def test_a_lost_turn_begins_anew(wards, committed, clock):
    show(HOME)
    caches["pages"].delete(f"turn:{page_cache.ward(wards[0].ward.pk)}")
    assert not is_kept(HOME)


# --- A convenience ------------------------------------------------------------------------------------
def test_pages_are_made_afresh_when_the_cache_is_out_of_order(wards, monkeypatch, committed):
    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(type(caches["pages"]), "get", broken)
    monkeypatch.setattr(type(caches["pages"]), "set", broken)
    assert "Tin cũ" in text(HOME)
    with committed():
        AnnouncementPage.objects.get().unpublish()
    assert "Tin cũ" not in text(HOME)


def test_a_preview_is_never_kept(wards, editor_of, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    viet_hung, _giang_bien = wards
    page = AnnouncementPage.objects.get()
    page.title = "BẢN NHÁP"
    page.save_revision()
    client = Client()
    client.force_login(editor_of(viet_hung))
    shown = client.get(f"/bien-tap/pages/{page.pk}/view_draft/")
    assert "BẢN NHÁP" in shown.content.decode()
    assert "private" in shown["Cache-Control"]
    assert "BẢN NHÁP" not in text(page.address)
    with override("en"):
        assert "BẢN NHÁP" not in text(page.address)


# --- Pieces ---------------------------------------------------------------------------------------------
def pieces():
    return page_cache._pieces


@pytest.fixture(autouse=True)
def no_pieces():
    pieces().clear()


def rendered(source, request, **context):

    return engines["django"].from_string(source).render(context, request)


@pytest.mark.parametrize(
    "inside",
    [
        "{{ user }}",
        "{{ user.full_name }}",
        "{{ request.user }}",
        "{{ csrf_token }}{% csrf_token %}",
        "{% for message in messages %}{{ message }}{% endfor %}",
        "{{ unread_notices }}",
        "{{ request.get_full_path }}",
    ],
)
def test_a_kept_piece_knows_nothing_of_the_person(wards, rf, inside):
    request = rf.get("/?CANARY")
    request.user = UserFactory(full_name="CANARY", email="canary@portal.example")
    request._messages = ["CANARY"]
    request.session = {}
    source = f'{{% kept "x" ward %}}[{inside}]{{% endkept %}}'
    assert rendered(source, request, ward=wards[0].ward) == "[]"


def test_the_signed_in_get_the_kept_pieces_and_their_own_header(wards):
    show(f"{HOME}?x=1")
    client = signed_in("Nguyễn Thị An")
    client.get(HOME)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(HOME).content.decode()
    assert "Nguyễn Thị An" in page
    assert "Tin cũ" in page
    assert not [query["sql"] for query in captured if "announcementpage" in query["sql"] or "procedure" in query["sql"]]
    assert "Nguyễn Thị An" not in text(f"{HOME}?x=1")


def test_pieces_end_with_what_they_show(wards, committed, clock):
    show(f"{HOME}?x=1", f"{ELSEWHERE}?x=1")
    kept = {place[1] for place in pieces()}
    assert {page_cache.ward(page.ward.pk) for page in wards} <= kept
    page = AnnouncementPage.objects.get()
    show(f"{page.address}?x=1")
    clock.shift(timedelta(seconds=1))
    with committed():
        page.title = "Tin sửa"
        page.save_revision().publish()
    assert "Tin sửa" in text(f"{HOME}?x=1")
    assert "Tin sửa" in text(f"{page.address}?x=1")
    with committed():
        AnnouncementPage.objects.get().unpublish()
    assert Client().get(f"{page.address}?x=1").status_code == 404
    AnnouncementPage.objects.update(title="Ngoài luồng")


def test_a_piece_in_each_language_and_host(wards, settings):
    settings.ALLOWED_HOSTS = ["*"]
    show(f"{HOME}?x=1")
    assert "What you can do here" in text(f"/en{HOME}?x=1") or "Việc bạn có thể làm" not in text(f"/en{HOME}?x=1")
    assert "Việc bạn có thể làm" in text(f"{HOME}?x=1")
    before = len(pieces())
    text(f"{HOME}?x=1", headers={"host": "other.example"})
    assert len(pieces()) > before


def test_each_page_of_a_narrowed_list_has_pieces_of_its_own(viet_hung, announce, settled):
    building = Building.objects.create(ward=viet_hung.ward, slug="sen", name="Tòa Sen", address="x", floors=9)
    announce(viet_hung, "Cúp điện", kind=Kind.OUTAGE)
    announce(viet_hung, "Tiếp dân", kind=Kind.EVENTS, days_ago=50)
    for number in range(ANNOUNCEMENTS_A_PAGE):
        announce(viet_hung, f"Diễn tập {number}", kind=Kind.FIRE, days_ago=60 + number)
    settled()

    def listed(query):
        page = Client().get(f"{LIST}?xem=1&{query}").text
        return [title for title in ("Cúp điện", "Tiếp dân", "Diễn tập 0", "Diễn tập 19") if f">{title}</a>" in page]

    for _again in range(2):
        assert listed("") == ["Cúp điện", "Tiếp dân", "Diễn tập 0"]
        assert listed("trang=2") == ["Diễn tập 19"]
        assert listed(f"loai={Kind.OUTAGE}") == ["Cúp điện"]
        assert listed(f"loai={Kind.FIRE}&toa-nha={building.slug}") == ["Diễn tập 0", "Diễn tập 19"]
        assert listed("thang=1999-01") == []


def test_a_page_of_kept_pieces_ends_with_the_first_of_them(viet_hung, announce, settled, clock):
    announce(viet_hung, "Cắt nước", urgent_until=AT + timedelta(seconds=31), kind="cat-dien-nuoc")
    settled()
    show(f"{HOME}?x=1")
    clock.shift(timedelta(seconds=10))
    assert Client().get(HOME)["Cache-Control"] == "public, max-age=0, s-maxage=20"
    clock.shift(timedelta(seconds=20))
    assert "urgent-banner" not in text(HOME)


def test_there_are_never_more_pieces_than_fit(wards, monkeypatch, rf):
    monkeypatch.setattr(page_cache, "MOST_PIECES", 3)
    for number in range(9):
        page_cache.piece(rf.get("/"), page_cache.ward(wards[0].ward.pk), number, lambda: "x")
    assert [place[2] for place in pieces()] == [6, 7, 8]


def test_a_preview_leaves_no_piece(wards, editor_of, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    page = AnnouncementPage.objects.get()
    page.title = "BẢN NHÁP"
    page.save_revision()
    client = Client()
    client.force_login(editor_of(wards[0]))
    assert "BẢN NHÁP" in client.get(f"/bien-tap/pages/{page.pk}/view_draft/").content.decode()
    assert "BẢN NHÁP" not in text(f"{page.address}?x=1")
    assert "BẢN NHÁP" not in client.get(page.address).content.decode()
