"""Parts of a page that are the same whoever looks, kept for the signed in too."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext

from buildings.models import Building
from home.kinds import Kind
from home.models import ANNOUNCEMENTS_A_PAGE, AnnouncementPage
from portal.core import page_cache
from tests.factories.people import UserFactory
from tests.home.conftest import AT

from .conftest import ELSEWHERE, HOME, LIST, pieces, show, signed_in, text

pytestmark = pytest.mark.django_db


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


def test_a_preview_leaves_no_piece(wards, editor_of):
    page = AnnouncementPage.objects.get()
    page.title = "BẢN NHÁP"
    page.save_revision()
    client = Client()
    client.force_login(editor_of(wards[0]))
    assert "BẢN NHÁP" in client.get(f"/bien-tap/pages/{page.pk}/view_draft/").content.decode()
    assert "BẢN NHÁP" not in text(f"{page.address}?x=1")
    assert "BẢN NHÁP" not in client.get(page.address).content.decode()
