from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from portal.core import audit, outbox
from portal.core.models import Job
from portal.core.workflow import IllegalMove
from services.documents import issuing, rendering
from services.documents.models import IssuedDocument

from .conftest import AT

State = IssuedDocument.State

pytestmark = pytest.mark.postgres  # SQLite ignores the row locks that all of this stands on


def test_an_issue_numbers_records_and_promises_the_file(issue_document, leader):
    document = issue_document()
    assert (document.official_number, document.year, document.state) == ("01/UBND-XNTTHN", 2026, State.PENDING)
    assert [(event.action, event.actor_id) for event in audit.history_of(document)] == [("issued", leader.pk)]
    assert list(Job.objects.values_list("kind", "payload")) == [("documents.render", {"document_id": str(document.pk)})]


def test_the_same_issue_asked_for_again_is_the_same_document(issue_document):
    assert issue_document() == issue_document()
    assert IssuedDocument.objects.count() == 1
    assert Job.objects.count() == 1


def test_a_book_counts_by_ward_and_year_without_gaps(issue_document, other_ward):
    numbers = [issue_document(str(n)).official_number for n in range(2)]
    elsewhere = issue_document("elsewhere", ward=other_ward)
    other_book = issue_document("other", book="PBS")
    # 31/12/2026 17:30 UTC is 2027 in Hanoi.
    next_year = issue_document("next", at=datetime(2026, 12, 31, 17, 30, tzinfo=UTC))
    assert numbers == ["01/UBND-XNTTHN", "02/UBND-XNTTHN"]
    assert [(document.number, document.year) for document in (elsewhere, other_book, next_year)] == [
        (1, 2026),
        (1, 2026),
        (1, 2027),
    ]


def test_a_transaction_that_fails_gives_its_number_back(issue_document):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue_document("lost")
        1 / 0  # noqa: B018
    assert issue_document("kept").number == 1


def test_the_file_is_made_once_and_then_what_follows_is_promised(issue_document, monkeypatch):
    told = []
    monkeypatch.setitem(outbox._handlers, "tests.told", lambda document_id: told.append(document_id))
    document = issue_document(then="tests.told")
    outbox.run_all(at=AT)
    document.refresh_from_db()
    assert document.state == State.ISSUED
    assert document.file.name == f"documents/2026/{document.pk}.pdf"
    with document.file.open() as file:
        content = file.read()
    assert (document.size, content[:5]) == (len(content), b"%PDF-")

    rendering.render(str(document.pk), at=AT)  # delivered twice
    document.refresh_from_db()
    with document.file.open() as file:
        assert file.read() == content
    outbox.run_all(at=timezone.now())
    assert told == [str(document.pk)]


def test_a_worker_killed_after_writing_leaves_one_file_when_it_runs_again(issue_document, monkeypatch):
    document = issue_document()
    with monkeypatch.context() as patch:
        patch.setattr(rendering.workflow, "apply", killed)
        with pytest.raises(KeyboardInterrupt):
            rendering.render(str(document.pk), at=AT)
    document.refresh_from_db()
    assert document.state == State.PENDING
    rendering.render(str(document.pk), at=AT)
    document.refresh_from_db()
    assert document.state == State.ISSUED
    assert files_of(document) == [f"{document.pk}.pdf"]


def test_of_two_workers_the_second_throws_its_copy_away(issue_document, monkeypatch):
    document = issue_document()
    sign = rendering.signing.sign

    def sign_while_another_finishes(*args, **kwargs):
        monkeypatch.setattr(rendering.signing, "sign", sign)
        rendering.render(str(document.pk), at=AT)
        return sign(*args, **kwargs)

    monkeypatch.setattr(rendering.signing, "sign", sign_while_another_finishes)
    rendering.render(str(document.pk), at=AT)
    assert files_of(document) == [f"{document.pk}.pdf"]
    assert [event.action for event in audit.history_of(document)] == ["issued", "rendered"]


def test_a_correction_replaces_what_it_names(issued, issue_document):
    correction = issue_document("2", replaces=issued)
    issued.refresh_from_db()
    assert issued.state == State.REPLACED
    assert issued.replaced_by == correction


def test_what_is_not_in_force_cannot_be_replaced_again(issued, issue_document):
    issue_document("2", replaces=issued)
    with pytest.raises(IllegalMove):
        issue_document("3", replaces=issued)
    assert not IssuedDocument.objects.filter(key="3").exists()


def test_only_a_leader_of_the_ward_revokes(issued, leader, person, other_ward):
    stranger = person("khac@portal.example", "Lê Văn Khác", "leader", other_ward)
    with pytest.raises(PermissionDenied), transaction.atomic():
        issuing.revoke(issued, by=stranger, at=AT, reason="Sai")
    with transaction.atomic():
        issuing.revoke(issued, by=leader, at=AT, reason="Cấp sai người")
    issued.refresh_from_db()
    assert issued.state == State.REVOKED
    assert audit.history_of(issued).last().data["reason"] == "Cấp sai người"


def killed(*args, **kwargs):
    raise KeyboardInterrupt


def files_of(document) -> list[str]:
    """Every file kept for this document, under whatever name."""
    names = document.file.storage.listdir(f"documents/{document.year}")[1]
    return [name for name in names if str(document.pk) in name]
