"""Drafts, answers and papers: what filling in keeps, refuses and forgets."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from portal.core.audit import history_of, verify
from portal.core.files.uploads import UploadRefused
from portal.core.models import Job, Notification
from services.documents.models import IssuedDocument
from services.dossiers import actions, filing, journey
from services.dossiers.assignment import NobodyToOwn
from services.dossiers.models import Attachment, Dossier, DossierState
from tests.factories.buildings import WardFactory
from tests.factories.dossiers import ANSWERS, AT, DEFINITION, DossierFactory, advance, photo, publish, version_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)

CAN_CUOC, LY_HON = DEFINITION.field("can_cuoc"), DEFINITION.field("giay_ly_hon")


STORAGE = Attachment._meta.get_field("file").storage


def stored(attachment) -> list[bool]:
    return [STORAGE.exists(name) for name in (attachment.file.name, attachment.thumbnail.name)]


@pytest.fixture
def files():
    """The files in the private storage, asked again at each call."""

    def files() -> set[str]:
        return {
            f"{folder}/{name}"
            for folder in ("papers", "thumbnails")
            if STORAGE.exists(folder)
            for name in STORAGE.listdir(folder)[1]
        }

    return files


# --- Drafts --------------------------------------------------------------------------------------


def test_two_clicks_on_start_give_one_draft():
    ward, owner = WardFactory(), UserFactory()

    first = filing.start(version_of(), ward, by=owner, at=AT)
    second = filing.start(version_of(), ward, by=owner, at=LATER)

    assert second == first


def test_a_draft_with_answers_is_left_alone_by_a_new_start():
    begun = DossierFactory(with_paper=False)

    fresh = filing.start(begun.version, begun.ward, by=begun.owner, at=LATER)

    assert fresh != begun
    assert fresh.answers == {}


def test_a_draft_with_only_a_paper_is_left_alone_by_a_new_start():
    begun = DossierFactory(answers={})

    assert filing.start(begun.version, begun.ward, by=begun.owner, at=LATER) != begun


def test_a_draft_keeps_the_version_it_was_begun_under():
    draft = DossierFactory()
    publish(draft.version.procedure, replace(DEFINITION, name="Tên mới"))

    sent = actions.submit(draft, by=draft.owner, at=LATER)

    assert sent.spec.name == DEFINITION.name


def test_a_page_replaces_its_own_answers_and_no_others():
    draft = DossierFactory()
    page = DEFINITION.page("hon-nhan").fields

    filing.save_answers(
        draft, page, {"tinh_trang": "ly_hon", "ho_ten": "Kẻ Khác", "state": "done"}, by=draft.owner, at=LATER
    )

    draft.refresh_from_db()
    assert draft.answers == {"ho_ten": ANSWERS["ho_ten"], "tinh_trang": "ly_hon"}
    assert draft.changed_at == LATER


def test_somebody_elses_draft_is_not_written():
    draft = DossierFactory()

    with pytest.raises(PermissionDenied):
        filing.save_answers(draft, DEFINITION.sections[0].fields, {"ho_ten": "X"}, by=UserFactory(), at=LATER)


@pytest.mark.parametrize("trait", ["submitted", "accepted", "processing", "refused", "withdrawn"])
def test_what_was_sent_is_frozen(trait):
    dossier = DossierFactory(**{trait: True})
    attachment = dossier.attachments.get()

    for change in (
        lambda: filing.save_answers(
            dossier, DEFINITION.sections[0].fields, {"ho_ten": "X"}, by=dossier.owner, at=LATER
        ),
        lambda: filing.choose_delivery(dossier, "post", by=dossier.owner, at=LATER),
        lambda: filing.attach(dossier, CAN_CUOC, photo(colour="#112233"), by=dossier.owner, at=LATER),
        lambda: filing.remove(attachment, by=dossier.owner, at=LATER),
        lambda: filing.delete_draft(dossier, by=dossier.owner),
    ):
        with pytest.raises(filing.NotEditable):
            change()
    dossier.refresh_from_db()
    assert dossier.answers == ANSWERS
    assert [row.removed_at for row in dossier.attachments.all()] == [None]


def test_a_deleted_draft_takes_its_files_along(django_capture_on_commit_callbacks):
    draft = DossierFactory()
    attachment = draft.attachments.get()
    assert stored(attachment) == [True, True]

    with django_capture_on_commit_callbacks(execute=True):
        filing.delete_draft(draft, by=draft.owner)

    assert not Dossier.objects.exists()
    assert stored(attachment) == [False, False]


def test_the_way_skips_what_is_not_asked_and_resumes_where_something_is_missing():
    draft = DossierFactory(empty=True)
    assert [page.key for page in journey.pages(draft)] == ["nguoi-yeu-cau", "hon-nhan", "delivery", "giay-to", "check"]
    assert journey.resume(draft).key == "nguoi-yeu-cau"

    draft.answers = dict(ANSWERS)
    assert journey.resume(draft).key == "giay-to"

    complete = DossierFactory(ward=draft.ward)
    assert journey.resume(complete).key == "check"


# --- Papers --------------------------------------------------------------------------------------


def test_a_photo_is_kept_cleaned_encrypted_and_counted():
    draft = DossierFactory(with_paper=False)

    attachment = filing.attach(draft, CAN_CUOC, photo("ảnh/../thẻ.php.jpg"), by=draft.owner, at=AT)

    assert (attachment.field, attachment.content_type, attachment.pages) == ("can_cuoc", "image/jpeg", 1)
    assert "/" not in attachment.name and attachment.name.endswith(".jpg")
    with attachment.file.open() as content:
        assert len(content.read()) == attachment.size
    with STORAGE.inner.open(attachment.file.name) as raw:
        assert not raw.read().startswith(b"\xff\xd8")


def test_the_same_photo_twice_is_one_attachment():
    draft = DossierFactory(with_paper=False)

    first = filing.attach(draft, CAN_CUOC, photo(), by=draft.owner, at=AT)
    second = filing.attach(draft, CAN_CUOC, photo("ten-khac.jpg"), by=draft.owner, at=LATER)

    assert second == first
    assert draft.attachments.count() == 1


def test_the_same_photo_may_serve_two_papers():
    draft = DossierFactory(answers={**ANSWERS, "tinh_trang": "ly_hon"})

    filing.attach(draft, LY_HON, photo(), by=draft.owner, at=AT)

    assert sorted(draft.attachments.values_list("field", flat=True)) == ["can_cuoc", "giay_ly_hon"]


def test_a_refused_file_leaves_nothing_behind(files):
    draft = DossierFactory(with_paper=False)
    before = files()

    with pytest.raises(UploadRefused):
        filing.attach(draft, CAN_CUOC, SimpleUploadedFile("x.jpg", b"<?php echo 1;"), by=draft.owner, at=AT)

    assert not Attachment.objects.exists()
    assert files() == before


def test_a_file_for_a_dossier_sent_meanwhile_leaves_nothing_behind(files):
    dossier = DossierFactory(submitted=True)
    before = files()

    with pytest.raises(filing.NotEditable):
        filing.attach(dossier, CAN_CUOC, photo(colour="#445566"), by=dossier.owner, at=LATER)

    assert files() == before


def test_a_paper_takes_only_so_many_files(monkeypatch):
    monkeypatch.setattr(filing, "FILES_A_PAPER", 2)
    draft = DossierFactory()
    filing.attach(draft, CAN_CUOC, photo(colour="#000001"), by=draft.owner, at=AT)

    with pytest.raises(ValidationError, match="đã có 2 tệp"):
        filing.attach(draft, CAN_CUOC, photo(colour="#ffffff"), by=draft.owner, at=AT)

    assert draft.attachments.count() == 2


def test_a_dossier_holds_only_so_many_bytes(monkeypatch):
    monkeypatch.setattr(filing, "BYTES_A_DOSSIER", 4000)
    draft = DossierFactory(with_paper=False)
    filing.attach(draft, CAN_CUOC, photo(), by=draft.owner, at=AT)

    with pytest.raises(filing.TooMuch):
        for shade in range(10):
            filing.attach(draft, CAN_CUOC, photo(colour=f"#0000{shade}0"), by=draft.owner, at=AT)


def test_a_removed_draft_file_loses_its_bytes(django_capture_on_commit_callbacks):
    draft = DossierFactory()
    attachment = draft.attachments.get()

    with django_capture_on_commit_callbacks(execute=True):
        filing.remove(attachment, by=draft.owner, at=LATER)

    assert not draft.attachments.exists()
    assert stored(attachment) == [False, False]


# --- Sending -------------------------------------------------------------------------------------


def test_an_incomplete_draft_is_not_sent_and_says_where():
    draft = DossierFactory(answers={"ho_ten": "A", "tinh_trang": "ly_hon"}, with_paper=False)

    with pytest.raises(actions.Incomplete) as caught:
        actions.submit(draft, by=draft.owner, at=LATER)

    assert [(problem.page_key, problem.field_key) for problem in caught.value.problems] == [
        ("hon-nhan", "ban_an"),
        ("hon-nhan", "muc_dich"),
        ("giay-to", "can_cuoc"),
        ("giay-to", "giay_ly_hon"),
    ]
    draft.refresh_from_db()
    assert (draft.state, draft.code) == (DossierState.DRAFT, None)
    assert not draft.steps.exists()


def test_sent_twice_is_sent_once():
    draft = DossierFactory()

    first = actions.submit(draft, by=draft.owner, at=LATER)
    second = actions.submit(draft, by=draft.owner, at=LATER + timedelta(minutes=1))

    assert (second.code, second.submitted_at) == (first.code, first.submitted_at)
    assert first.code == "H26.004.127-261123-0001"
    assert IssuedDocument.objects.about(draft).count() == 1
    assert Notification.objects.filter(recipient=draft.owner).count() == 1
    assert [event.action for event in history_of(draft)] == ["submit"]


def test_codes_of_an_office_and_a_day_have_no_gaps():
    ward = WardFactory(staffed=True)
    codes = [DossierFactory(ward=ward, submitted=True).code[-4:] for _number in range(2)]
    incomplete = DossierFactory(ward=ward, empty=True)
    with pytest.raises(actions.Incomplete):
        actions.submit(incomplete, by=incomplete.owner, at=LATER)
    codes.append(DossierFactory(ward=ward, submitted=True).code[-4:])

    assert codes == ["0001", "0002", "0003"]
    assert DossierFactory(ward=ward, submitted=True, at=AT + timedelta(days=1)).code.endswith("261124-0001")


def test_a_new_dossier_has_a_named_owner_a_task_and_a_due_time():
    dossier = DossierFactory(submitted=True)

    step = dossier.current_step
    assert (step.assignee.full_name, step.task) == ("Trần Thu Hà", "Kiểm tra giấy tờ")
    assert step.due_at > step.started_at
    assert dossier.next_due_at == step.due_at


def test_a_ward_without_officers_takes_no_dossier_and_loses_no_draft():
    draft = DossierFactory(ward__staffed=False)

    with pytest.raises(NobodyToOwn):
        actions.submit(draft, by=draft.owner, at=LATER)

    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection, and no row locks")
@pytest.mark.django_db(transaction=True)
def test_a_double_click_gives_one_dossier_and_one_code():
    """Two requests at the same moment: on PostgreSQL the row lock lets one through after the other."""
    draft = DossierFactory()
    gate = Barrier(4)

    def send() -> str:
        try:
            gate.wait(timeout=10)
            return actions.submit(draft, by=draft.owner, at=LATER).code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        codes = {future.result() for future in [threads.submit(send) for _click in range(4)]}

    assert codes == {"H26.004.127-261123-0001"}
    assert IssuedDocument.objects.about(draft).count() == 1
    assert Job.objects.filter(kind="documents.render").count() == 1
    assert draft.steps.count() == 5


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection, and no row locks")
@pytest.mark.django_db(transaction=True)
def test_two_starts_and_two_uploads_at_once_give_one_draft_and_one_file():
    ward, owner, version = WardFactory(), UserFactory(), version_of()
    gate = Barrier(3)

    def begin():
        try:
            gate.wait(timeout=10)
            draft = filing.start(version, ward, by=owner, at=AT)
            gate.wait(timeout=10)
            filing.attach(draft, CAN_CUOC, photo(), by=owner, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        for future in [threads.submit(begin) for _click in range(3)]:
            future.result()

    assert Dossier.objects.count() == 1
    assert Attachment.objects.count() == 1


# --- Completing ----------------------------------------------------------------------------------


def test_only_what_was_asked_can_be_completed():
    dossier = DossierFactory(supplement=True)

    assert set(filing.editable_fields(dossier)) == {"muc_dich", "can_cuoc"}
    with pytest.raises(filing.NotEditable):
        filing.save_answers(dossier, DEFINITION.sections[0].fields, {"ho_ten": "X"}, by=dossier.owner, at=LATER)
    with pytest.raises(filing.NotEditable):
        filing.attach(dossier, LY_HON, photo(), by=dossier.owner, at=LATER)


def test_what_hangs_on_an_asked_answer_may_be_answered_too():
    dossier = DossierFactory(supplement=True, items=(("tinh_trang", "Khai lại cho đúng."),))

    assert set(filing.editable_fields(dossier)) == {"tinh_trang", "ban_an", "giay_ly_hon"}
    assert [spec.key for spec in filing.asked_with(dossier, "tinh_trang")] == ["tinh_trang", "ban_an", "giay_ly_hon"]


def test_a_supplement_is_sent_once_everything_asked_was_looked_at():
    dossier = DossierFactory(supplement=True)
    with pytest.raises(actions.Incomplete) as caught:
        actions.answer_supplement(dossier, by=dossier.owner, at=LATER)
    assert [problem.field_key for problem in caught.value.problems] == ["muc_dich", "can_cuoc"]

    filing.save_answers(
        dossier, (DEFINITION.field("muc_dich"),), {"muc_dich": "Kết hôn với ông B"}, by=dossier.owner, at=LATER
    )
    filing.attach(dossier, CAN_CUOC, photo(colour="#334455"), by=dossier.owner, at=LATER)
    answered = advance(dossier, "answer_supplement", at=LATER)

    assert answered.state == DossierState.SUBMITTED
    assert answered.answers["muc_dich"] == "Kết hôn với ông B"
    assert answered.pauses.get().ended_at == LATER
    assert [event.action for event in history_of(dossier)] == [
        "submit",
        "request_supplement",
        "completed",
        "completed",
        "answer_supplement",
    ]
    assert verify(history_of(dossier)) is None


def test_a_paper_taken_back_after_sending_stays_with_the_dossier():
    dossier = DossierFactory(supplement=True)
    attachment = dossier.attachments.get()

    filing.remove(attachment, by=dossier.owner, at=LATER)

    attachment.refresh_from_db()
    assert attachment.removed_at == LATER
    assert stored(attachment) == [True, True]
    assert list(dossier.attachments.kept()) == []
