"""Whatever way an announcement goes up, its readers are told, once; and again only when its editor says so."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from home.models import AnnouncementPage
from home.subscriptions.models import Dispatch
from portal.core import outbox
from tests.clock import stopped_at
from tests.home.editors_form import form_of

from .conftest import AT, addressees, subscribe

pytestmark = pytest.mark.django_db

clock = stopped_at(AT)


@pytest.fixture
def draft(viet_hung, ward, announce):
    subscribe("an@x.example", ward, at=AT - timedelta(days=5))
    page = announce(viet_hung, live=False)
    AnnouncementPage.objects.update(first_published_at=None, last_published_at=None)
    return AnnouncementPage.objects.get(pk=page.pk)


def work(at=AT) -> list[str]:
    outbox.run_all(at=at)
    return addressees()


def test_a_draft_tells_nobody(draft):
    draft.save_revision()
    assert work() == []


def test_publishing_tells_and_publishing_an_edit_does_not(draft, clock):
    draft.save_revision().publish()
    assert work() == ["an@x.example"]
    clock.shift(60)
    draft.refresh_from_db()
    draft.title = "Đã sửa lỗi chính tả"
    draft.save_revision().publish()
    assert work(AT + timedelta(minutes=1)) == ["an@x.example"]


def test_what_is_scheduled_is_told_when_its_time_comes(draft, clock):
    draft.go_live_at = AT + timedelta(hours=2)
    draft.save_revision(approved_go_live_at=draft.go_live_at)
    assert work() == []
    clock.move_to(AT + timedelta(hours=2, minutes=1))
    for _beat in range(2):
        call_command("publish_scheduled")
    assert work(AT + timedelta(hours=2, minutes=1)) == ["an@x.example"]


def test_taken_down_and_put_up_again_it_is_no_news(draft, clock):
    draft.kind = "cat-dien-nuoc"
    draft.save_revision().publish()
    work()
    clock.shift(60)
    AnnouncementPage.objects.get().unpublish()
    AnnouncementPage.objects.get().save_revision().publish()
    assert work(AT + timedelta(minutes=1)) == ["an@x.example"]


def test_urgency_that_begins_after_publishing_is_told_by_itself(draft, clock):
    draft.kind, draft.urgent_from, draft.urgent_until = "cat-dien-nuoc", AT + timedelta(hours=1), AT + timedelta(days=1)
    draft.save_revision().publish()
    work()
    clock.move_to(AT + timedelta(hours=1))
    assert work(AT + timedelta(hours=1)) == ["an@x.example"] * 2
    assert [message.subject.startswith("Khẩn, ") for message in mail.outbox] == [False, True]


def test_the_editor_asks_for_it_to_be_told_again_once(client, draft, editor_of, viet_hung, clock):
    draft.save_revision().publish()
    work()
    editor = editor_of(viet_hung)
    editor.is_superuser = editor.is_staff = True  # whoever approves: the workflow is not what is looked at here
    editor.save()
    client.force_login(editor)
    address = reverse("wagtailadmin_pages:edit", args=[draft.pk])

    def edit(title, **more) -> bool:
        """Publishes an edit; whether the box was ticked before anybody touched it."""
        clock.shift(60)
        ticked = client.get(address).context["form"].initial["tell_again"]
        answer = client.post(address, form_of(title=title, slug=draft.slug, **more))
        assert answer.status_code == 302, answer.context["form"].errors
        return ticked

    assert edit("Sửa một", tell_again="on") is False
    assert work(AT + timedelta(hours=1)) == ["an@x.example"] * 2
    assert edit("Sửa hai") is False
    assert work(AT + timedelta(hours=1)) == ["an@x.example"] * 2
    assert mail.outbox[1].subject.endswith("Sửa một")
    assert sorted(Dispatch.objects.values_list("number", flat=True)) == [1, 2]
