"""The person signs, the registry clerk numbers, the agency signs over it: one file, two signatures."""
# ruff: noqa: TID253 - forging needs pyHanko at once

import io
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import transaction
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal.core import audit, outbox
from portal.core.workflow import IllegalMove
from services.documents import issuing, rendering, signing
from services.documents.authority import authority
from services.documents.keeping import content_of, signed_content_of
from services.documents.models import IssuedDocument
from services.documents.verifying import Outcome, Verdict

from .conftest import AT
from .test_verifying import appended, judge

State = IssuedDocument.State
CONTEXT = {
    "blocks": [{"type": "paragraph", "text": "Xác nhận ông Trần Văn Đức chưa đăng ký kết hôn với ai."}],
    "capacity": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
    "signer": "Nguyễn Thị Hằng",
    "applicant": "Trần Văn Đức",
    "code": "H26.004.127-260205-0001",
}


@pytest.fixture
def clerk(person, ward):
    return person("thu@portal.example", "Lê Anh Thư", "registry_clerk", ward)


@pytest.fixture
def signed(paper, leader):
    """What the leader has signed; the worker has not run yet."""

    def make(key="1", **changes) -> IssuedDocument:
        result = paper(key, **{"template": "dossiers/result.html", **changes})
        with transaction.atomic():
            return issuing.sign(result, at=AT, by=leader, signer_title="Chủ tịch")

    return make


@pytest.fixture
def issued(signed, clerk):
    return release(signed(), clerk)


def release(document: IssuedDocument, clerk, *, at=AT + timedelta(minutes=20)) -> IssuedDocument:
    with transaction.atomic():
        document = issuing.number(document, by=clerk, at=at)
    with transaction.atomic():
        issuing.release(document, by=clerk, at=at)
    outbox.run_all(at=at)
    document.refresh_from_db()
    return document


def facts_of(pdf: bytes) -> list[tuple]:
    """What pyHanko alone says of each signature: whose, sound, what may still be changed, how far it reaches."""
    roots = [root for pem in authority().roots() for root in load_certs_from_pemder_data(pem)]
    found = []
    for one in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        status = validate_pdf_signature(one, ValidationContext(trust_roots=roots, allow_fetching=False))
        name = one.signer_cert.subject.native
        found.append((name["common_name"], name.get("title"), status.bottom_line, status.coverage.name))
    return found


def test_three_hands_leave_three_records_and_the_number_comes_after_the_signature(signed, leader, clerk):
    document = signed()
    assert (document.state, document.number, document.official_number) == (State.SIGNED, None, "…/UBND-XNTTHN")
    document = release(document, clerk)

    assert (document.state, document.official_number) == (State.ISSUED, "01/UBND-XNTTHN")
    assert [(event.action, event.actor_id) for event in audit.history_of(document)] == [
        ("signed", leader.pk),
        ("numbered", clerk.pk),
        ("issued", clerk.pk),
        ("person_signed", None),
        ("rendered", None),
    ]


def test_nobody_outside_hears_of_it_before_its_release(signed, owner, leader, client):
    document = signed()
    assert not IssuedDocument.objects.visible_to(owner).exists()
    assert IssuedDocument.objects.visible_to(leader).get() == document
    assert client.get(f"/xac-thuc/{document.token}/").status_code == 404


def test_it_is_numbered_once_and_released_only_with_its_number(signed, clerk):
    document = signed()
    with pytest.raises(IllegalMove), transaction.atomic():
        issuing.release(document, by=clerk, at=AT)
    with transaction.atomic():
        issuing.number(document, by=clerk, at=AT)
    with pytest.raises(IllegalMove), transaction.atomic():
        issuing.number(document, by=clerk, at=AT)
    assert signed("2").number is None
    assert IssuedDocument.objects.get(key="1").number == 1


def test_both_signatures_hold_for_pyhanko_itself_and_the_file_is_closed(issued, ward):
    assert facts_of(content_of(issued)) == [
        ("Nguyễn Thị Hằng", "Chủ tịch", True, "ENTIRE_REVISION"),
        (ward.agency, None, True, "ENTIRE_FILE"),
    ]


def test_the_issued_file_begins_with_the_very_bytes_the_leader_signed(issued):
    assert content_of(issued).startswith(signed_content_of(issued))


def test_the_check_names_the_person_and_the_agency(issued, ward, client):
    verdict = judge(content_of(issued))
    assert verdict == Verdict(Outcome.VALID, issued, ward.agency, "Nguyễn Thị Hằng, Chủ tịch")
    assert "Nguyễn Thị Hằng, Chủ tịch" in client.get(f"/xac-thuc/{issued.token}/").text


def test_a_byte_changed_under_the_agencys_signature_is_an_alteration(issued):
    content = bytearray(content_of(issued))
    content[len(signed_content_of(issued)) // 4] ^= 1
    assert judge(bytes(content)).outcome == Outcome.ALTERED


def test_what_is_added_behind_the_agencys_signature_is_told(issued):
    assert judge(appended(content_of(issued))).outcome == Outcome.APPENDED


def test_the_leaders_revision_alone_is_a_document_without_its_agency(issued):
    verdict = judge(signed_content_of(issued))
    assert (verdict.outcome, verdict.document) == (Outcome.STRIPPED, issued)


def test_a_number_filled_in_by_somebody_else_is_not_issued(issued):
    forged = with_number(signed_content_of(issued), "Số: 99/UBND-XNTTHN")
    assert judge(forged).outcome == Outcome.APPENDED


def test_another_number_over_the_issued_file_is_told(issued):
    assert judge(with_number(content_of(issued), "Số: 99/UBND-XNTTHN")).outcome == Outcome.APPENDED


def test_another_officers_certificate_is_not_the_leaders(issued, person, ward):
    """Even with a hand in the database: the file carries the signature of somebody who did not sign it."""
    other = person("khac@portal.example", "Phạm Văn Khác", "specialist", ward)
    signer, issued.signed_by = issued.signed_by, other
    forged = signing.sign_as_person(rendering.print_document(issued), issued)
    forged = signing.countersign(forged, issued, at=AT)
    issued.signed_by = signer
    assert judge(forged).outcome == Outcome.UNKNOWN
    IssuedDocument.objects.filter(pk=issued.pk).update(sha256=sha256(forged).hexdigest())
    assert judge(forged).outcome == Outcome.IMPOSTOR


def test_a_person_who_changes_their_name_has_signed_what_they_signed(issued):
    issued.signed_by.full_name = "Nguyễn Thị Minh Hằng"
    issued.signed_by.save()
    assert judge(content_of(issued)).outcome == Outcome.VALID


def test_a_correction_replaces_the_first_only_when_it_is_released(issued, signed, clerk, client):
    newer = signed("2", replaces=issued)
    issued.refresh_from_db()
    assert issued.state == State.ISSUED
    assert "Được thay bằng" not in client.get(f"/xac-thuc/{issued.token}/").text
    newer = release(newer, clerk)
    issued.refresh_from_db()
    assert (issued.state, issued.replaced_by) == (State.REPLACED, newer)
    page = client.get(f"/xac-thuc/{issued.token}/").text
    assert "02/UBND-XNTTHN" in page
    assert "đã được thay thế" in page


def test_a_file_the_store_has_lost_is_a_page_and_not_an_error(issued, owner, client):
    issued.file.storage.delete(issued.file.name)
    client.force_login(owner)
    response = client.get(f"/tai-lieu/{issued.pk}/")
    assert response.status_code == 503
    assert "Chưa mở được tệp" in response.text


def test_the_first_reading_by_its_owner_is_kept_and_what_waits_for_it_promised(
    signed, clerk, owner, leader, client, monkeypatch
):
    read = []
    monkeypatch.setitem(outbox._handlers, "tests.read", lambda document_id: read.append(document_id))
    document = release(signed(when_read="tests.read"), clerk)
    client.force_login(leader)
    client.get(document.get_absolute_url())
    document.refresh_from_db()
    assert document.read_at is None
    client.force_login(owner)
    for _time in range(2):
        client.get(document.get_absolute_url())
    document.refresh_from_db()
    outbox.run_all(at=document.read_at + timedelta(minutes=1))
    assert read == [str(document.pk)]


def with_number(content: bytes, text: str) -> bytes:
    """The number's place filled in (again), as anyone with a PDF editor can."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "SoVanBan":
            field["/V"] = generic.pdf_string(text)
            writer.update_container(field)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
