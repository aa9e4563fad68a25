"""A kept page ends with what it shows; without a cache pages are made afresh."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import override

from buildings.models import Building
from home.models import AnnouncementPage
from home.tasks import publish_scheduled
from portal.core import page_cache
from services.catalogue.models import Procedure
from tests.factories.catalogue import published
from tests.home.conftest import AT

from .conftest import ELSEWHERE, HOME, LIST, is_kept, show, text

pytestmark = pytest.mark.django_db


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


def test_pages_are_made_afresh_when_the_cache_is_out_of_order(wards, monkeypatch, committed):
    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(type(caches["pages"]), "get", broken)
    monkeypatch.setattr(type(caches["pages"]), "set", broken)
    assert "Tin cũ" in text(HOME)
    with committed():
        AnnouncementPage.objects.get().unpublish()
    assert "Tin cũ" not in text(HOME)


def test_a_preview_is_never_kept(wards, editor_of):
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
