"""Drafts nobody comes back to: warned of, then deleted with their files; never without a warning."""

from datetime import timedelta

import pytest

from portal.core import audit
from portal.core.models import AuditEvent, Notification
from services.dossiers import filing, forgetting
from services.dossiers.models import DRAFT_KEPT, Attachment, Dossier
from tests.factories.dossiers import AT, DossierFactory

from .screens import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = timedelta(days=1)
WARNING_DAY = AT + DRAFT_KEPT - forgetting.WARNED_AHEAD


@pytest.fixture
def draft():
    return DossierFactory()


def warnings(draft):
    return Notification.objects.filter(kind="dossiers.draft_ends", recipient=draft.owner)


def test_its_owner_is_warned_once_a_fortnight_ahead(draft):
    assert forgetting.watch_drafts(at=WARNING_DAY - DAY) == (0, 0)
    assert forgetting.watch_drafts(at=WARNING_DAY) == (1, 0)
    assert forgetting.watch_drafts(at=WARNING_DAY + DAY) == (0, 0)
    warning = warnings(draft).get()
    assert warning.title == f"Bản nháp sẽ bị xóa sau ngày {AT + DRAFT_KEPT:%d/%m/%Y}"
    assert warning.url == draft.get_absolute_url()
    assert draft.owner.full_name not in warning.body


@pytest.mark.bucket
def test_after_ninety_days_it_is_gone_with_its_files_and_that_is_recorded(draft, django_capture_on_commit_callbacks):
    attachment = draft.attachments.get()
    storage, names = attachment.file.storage, (attachment.file.name, attachment.thumbnail.name)
    forgetting.watch_drafts(at=WARNING_DAY)
    assert forgetting.watch_drafts(at=AT + DRAFT_KEPT - DAY) == (0, 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert forgetting.watch_drafts(at=AT + DRAFT_KEPT) == (0, 1)
    assert not Dossier.objects.exists()
    assert not Attachment.objects.exists()
    assert [storage.exists(name) for name in names] == [False, False]
    event = AuditEvent.objects.get(stream=audit.stream_of(draft), action="draft_forgotten")
    assert (event.actor_id, event.ward_id, event.public) == (None, draft.ward_id, False)


def test_a_change_begins_the_ninety_days_anew_and_so_does_its_warning(draft):
    forgetting.watch_drafts(at=WARNING_DAY)
    filing.choose_delivery(draft, "post", by=draft.owner, at=WARNING_DAY + DAY)
    assert forgetting.watch_drafts(at=AT + DRAFT_KEPT + DAY) == (0, 0)
    assert forgetting.watch_drafts(at=WARNING_DAY + DRAFT_KEPT) == (1, 0)
    assert warnings(draft).count() == 2


def test_where_the_clock_stood_still_for_months_the_fortnight_counts_from_the_warning(draft):
    late = AT + 2 * DRAFT_KEPT
    assert forgetting.watch_drafts(at=late) == (1, 0)
    assert forgetting.watch_drafts(at=late + forgetting.WARNED_AHEAD - DAY) == (0, 0)
    assert warnings(draft).get().title == f"Bản nháp sẽ bị xóa sau ngày {late + forgetting.WARNED_AHEAD:%d/%m/%Y}"
    assert forgetting.watch_drafts(at=late + forgetting.WARNED_AHEAD) == (0, 1)


def test_what_was_sent_is_left_alone():
    DossierFactory(submitted=True)
    assert forgetting.watch_drafts(at=AT + 10 * DRAFT_KEPT) == (0, 0)
    assert Dossier.objects.sent().count() == 1


def test_one_that_cannot_be_deleted_holds_up_none_of_the_others(draft, monkeypatch):
    other = DossierFactory()
    forgetting.watch_drafts(at=WARNING_DAY)
    erase = filing.erase

    def fail_for_the_first(locked):
        if locked.pk == draft.pk:
            raise RuntimeError("no")
        erase(locked)

    monkeypatch.setattr(filing, "erase", fail_for_the_first)
    assert forgetting.watch_drafts(at=AT + DRAFT_KEPT) == (0, 1)
    assert list(Dossier.objects.all()) == [draft]
    assert not AuditEvent.objects.filter(stream=audit.stream_of(draft), action="draft_forgotten").exists()
    assert not Dossier.objects.filter(pk=other.pk).exists()


def test_its_owner_reads_until_when_it_is_kept(draft, client):
    client.force_login(draft.owner)
    assert f"giữ đến {AT + DRAFT_KEPT:%d/%m/%Y}" in text_of(client.get("/ho-so/"))
