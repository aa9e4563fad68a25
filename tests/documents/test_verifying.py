"""Each way a file can be other than what was issued, told apart from the others."""
# ruff: noqa: TID253 - forging needs pyHanko at once

import io
import random
import re
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from buildings.agencies import AGENCIES
from portal.core.pdf import print_html
from services.documents import issuing, signing, verifying
from services.documents.authority import KeptAuthority, authority
from services.documents.keeping import content_of
from services.documents.models import IssuedDocument
from services.documents.rendering import print_document
from services.documents.verifying import Outcome, Verdict, verify
from services.documents.wording import WORDS

from .conftest import AT


def judge(content: bytes) -> Verdict:
    return verify(SimpleUploadedFile("van-ban.pdf", content), at=timezone.now())


def appended(content: bytes) -> bytes:
    """The file with a later revision behind the signature: a note over the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 100, 300, 200))),
            generic.pdf_name("/Contents"): generic.pdf_string("Nguyễn Văn Bình"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_by(other: KeptAuthority, document: IssuedDocument, monkeypatch) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(signing, "authority", lambda: other)
        return signing.sign(print_document(document), document, at=AT)


class Stranger(KeptAuthority):
    root_name = "CA của người khác"


def test_what_was_issued_is_valid(issued):
    verdict = judge(content_of(issued))
    assert verdict == Verdict(Outcome.VALID, issued, issued.ward.agency)
    assert verdict.genuine


def test_pyhanko_itself_agrees_and_finds_the_file_closed_to_changes(issued):
    (root,) = load_certs_from_pemder_data(authority().roots()[0])
    (signature,) = PdfFileReader(io.BytesIO(content_of(issued))).embedded_regular_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], allow_fetching=False))
    assert (status.bottom_line, status.coverage.name, signature.docmdp_level.name) == (
        True,
        "ENTIRE_FILE",
        "NO_CHANGES",
    )
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_a_replaced_document_is_genuine_but_not_in_force(issued, issue_document):
    content = content_of(issued)
    issue_document("2", replaces=issued)
    assert judge(content).outcome == Outcome.REPLACED


def test_a_revoked_document_is_genuine_but_withdrawn(issued, leader):
    with transaction.atomic():
        issuing.revoke(issued, by=leader, at=AT, reason="Cấp sai")
    assert judge(content_of(issued)).outcome == Outcome.REVOKED


def test_one_flipped_byte_of_the_content_is_an_alteration(issued):
    content = bytearray(content_of(issued))
    largest = max(re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL), key=lambda found: len(found[1]))
    content[sum(largest.span(1)) // 2] ^= 1  # in a font: elsewhere it could leave a file nobody can read
    assert judge(bytes(content)) == Verdict(Outcome.ALTERED, issued, issued.ward.agency)


def test_no_flipped_byte_anywhere_is_taken_for_genuine(issued, monkeypatch):
    # In this process: a new one for each of many files would take a minute.
    monkeypatch.setattr(verifying, "_examine", examine_here)
    content = content_of(issued)
    chance = random.Random(2026)
    for position in chance.sample(range(len(content)), 60):
        altered = bytearray(content)
        altered[position] ^= 1 << chance.randrange(8)
        assert not judge(bytes(altered)).genuine, position


def test_an_appended_update_is_told_though_the_signature_stays_intact(issued):
    verdict = judge(appended(content_of(issued)))
    assert verdict == Verdict(Outcome.APPENDED, issued, issued.ward.agency)


def test_bytes_after_the_end_are_an_addition_too(issued):
    assert judge(content_of(issued) + b"\n% x\n").outcome == Outcome.APPENDED


def test_a_document_without_its_signature_is_told_by_its_check_code(issued):
    assert judge(print_document(issued).pdf) == Verdict(Outcome.STRIPPED, issued)


def test_the_revision_before_the_signature_is_a_stripped_document(issued):
    content = content_of(issued)
    first_revision = content[: content.index(b"%%EOF") + len(b"%%EOF")]
    assert judge(first_revision).outcome == Outcome.STRIPPED


def test_a_foreign_signature_is_told(issued, tmp_path, monkeypatch):
    forged = signed_by(Stranger(tmp_path), issued, monkeypatch)
    assert judge(forged) == Verdict(Outcome.FOREIGN, issued, issued.ward.agency)


def test_a_self_made_copy_of_the_authority_is_told(issued, tmp_path, monkeypatch):
    forged = signed_by(KeptAuthority(tmp_path), issued, monkeypatch)
    assert judge(forged) == Verdict(Outcome.IMPOSTOR, issued, issued.ward.agency)


def test_an_unsigned_stranger_is_told(db):
    pdf = print_html(
        "<!doctype html><html lang='vi'><title>x</title><body style='font-family:Tinos'>Giấy</body></html>"
    ).pdf
    assert judge(pdf) == Verdict(Outcome.UNSIGNED)


def test_our_signature_on_what_no_row_keeps_is_unknown(issued):
    content = content_of(issued)
    IssuedDocument.objects.all().delete()
    assert judge(content).outcome == Outcome.UNKNOWN


def test_a_hand_in_the_database_alone_makes_nothing_genuine(issued, tmp_path, monkeypatch):
    forged = signed_by(KeptAuthority(tmp_path), issued, monkeypatch)
    IssuedDocument.objects.update(sha256=sha256(forged).hexdigest())
    assert judge(forged).outcome == Outcome.IMPOSTOR


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"", Outcome.NOT_PDF),
        (b"<html>%PDF-1.7", Outcome.NOT_PDF),
        (b"%PDF-1.7\nnot at all", Outcome.UNREADABLE),
        (b"%PDF-" + b"x" * verifying.MAX_BYTES, Outcome.TOO_BIG),
    ],
)
def test_what_is_no_document_at_all(db, content, outcome):
    assert judge(content) == Verdict(outcome)


def test_an_examination_that_takes_too_long_is_ended(db, monkeypatch):
    monkeypatch.setattr(verifying, "SECONDS", 0.01)
    assert judge(b"%PDF-1.7\n").outcome == Outcome.UNREADABLE


def test_every_outcome_has_words():
    assert set(WORDS) == set(Outcome)


def test_keys_are_readable_by_their_owner_alone_and_made_once(tmp_path, ward):
    first, second, committee = KeptAuthority(tmp_path), KeptAuthority(tmp_path), AGENCIES["committee"]
    assert (
        first.signer_for(ward, committee).signing_cert.dump() == second.signer_for(ward, committee).signing_cert.dump()
    )
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "authority").iterdir()}
    assert modes == {"root.pem": "0o600", "root.crt": "0o644", "ward-00127.pem": "0o600"}
    assert b"PRIVATE" not in (tmp_path / "authority" / "root.crt").read_bytes()


def test_verifying_needs_no_key(issued):
    keys = authority().folder
    for name in ("root.pem", f"ward-{issued.ward.code}.pem"):
        (keys / name).rename(keys / f"{name}.away")
    try:
        assert judge(content_of(issued)).outcome == Outcome.VALID
    finally:
        for name in ("root.pem", f"ward-{issued.ward.code}.pem"):
            (keys / f"{name}.away").rename(keys / name)


def examine_here(content, *, ours, moment):
    try:
        return verifying.examine(content, authority().roots(), moment=moment)
    except Exception as error:
        raise verifying.Unreadable from error
