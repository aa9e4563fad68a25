from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core import outbox
from services.documents.keeping import content_of

from .test_verifying import appended


def pdf_file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("van-ban.pdf", content, "application/pdf")


def test_anyone_may_open_the_check_page(client, db):
    response = client.get("/xac-thuc/")
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")


def test_a_qr_code_shows_what_the_document_is_and_no_more_of_its_owner(client, issued):
    response = client.get(f"/xac-thuc/{issued.token}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert [
        fact
        for fact in (
            "Giấy xác nhận tình trạng hôn nhân",
            "01/UBND-XNTTHN",
            "05/02/2026",
            "N*** V*** A***",
            "có hiệu lực",
        )
        if fact not in page
    ] == []
    assert "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT HƯNG" in page
    assert "Nguyễn Văn An" not in page
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store, no-cache", "noindex")
    assert '<meta name="robots" content="noindex">' in page


def test_its_page_says_when_a_document_was_replaced_and_leads_to_the_newer(client, issued, issue_document):
    newer = issue_document("2", replaces=issued)
    page = client.get(f"/xac-thuc/{issued.token}/").content.decode()
    assert "đã được thay thế" in page
    assert f"/xac-thuc/{newer.token}/" in page


def test_an_unknown_code_and_one_not_ready_are_the_same_404(client, issue_document):
    pending = issue_document()
    unknown = client.get("/xac-thuc/AAAAAAAAAAAAAAAAAAAAAA/")
    not_ready = client.get(f"/xac-thuc/{pending.token}/")
    assert (unknown.status_code, not_ready.status_code) == (404, 404)
    assert "Không có văn bản nào mang mã này" in unknown.content.decode()
    assert pending.title not in not_ready.content.decode()


@pytest.mark.parametrize("typed", ["{token}", "  {token} ", "http://localhost:8000/xac-thuc/{token}/"])
def test_a_code_typed_from_paper_leads_to_its_page(client, issued, typed):
    response = client.get(f"/xac-thuc/?ma={quote(typed.format(token=issued.token))}")
    assert (response.status_code, response["Location"]) == (302, f"/xac-thuc/{issued.token}/")


@pytest.mark.parametrize("typed", ["", "abc", "../../etc/passwd", "<script>alert(1)</script>"])
def test_what_cannot_be_a_code_is_said_at_its_field(client, db, typed):
    response = client.get(f"/xac-thuc/?ma={quote(typed)}")
    assert response.status_code == 200
    assert list(response.context["code_form"].errors) == ["ma"]
    assert "<script>alert" not in response.content.decode()


def test_the_file_itself_is_judged(client, issued):
    response = client.post("/xac-thuc/", {"file": pdf_file(content_of(issued))})
    page = response.content.decode()
    assert "Văn bản thật, đang có hiệu lực" in page
    assert "01/UBND-XNTTHN" in page


def test_a_forged_file_is_told_apart_and_names_the_document_it_claims_to_be(client, issued):
    response = client.post(f"/xac-thuc/{issued.token}/", {"file": pdf_file(appended(content_of(issued)))})
    page = response.content.decode()
    assert "Tệp đã bị thêm nội dung sau khi ký" in page
    assert "Văn bản gốc mà tệp tự nhận" in page


def test_the_file_of_another_document_than_the_page_is_said_to_be_another(client, issued, issue_document):
    other = issue_document("2")
    outbox.run_all(at=other.issued_at)
    other.refresh_from_db()
    response = client.post(f"/xac-thuc/{issued.token}/", {"file": pdf_file(content_of(other))})
    assert "thuộc một văn bản khác" in response.content.decode()


def test_no_file_chosen_is_said_at_its_field(client, db):
    response = client.post("/xac-thuc/", {})
    assert list(response.context["file_form"].errors) == ["file"]


def test_a_body_beyond_all_bounds_is_refused_unread(client, db, settings):
    settings.MAX_REQUEST_BYTES = 1000
    response = client.post("/xac-thuc/", {"file": pdf_file(b"%PDF-" + b"x" * 2000)})
    assert response.status_code == 413


def test_codes_cannot_be_tried_without_end(client, db):
    answers = [client.get(f"/xac-thuc/AAAAAAAAAAAAAAAAAAAA{n:02d}/").status_code for n in range(42)]
    assert answers == [404] * 40 + [429] * 2


# --- Downloads ---------------------------------------------------------------------------------------


@pytest.mark.bucket
def test_the_owner_gets_the_file_exactly_as_issued(client, issued, owner):
    client.force_login(owner)
    response = client.get(f"/tai-lieu/{issued.pk}/")
    assert response.content == content_of(issued)
    headers = ("Content-Type", "Content-Disposition", "Cache-Control", "X-Content-Type-Options")
    assert [response[name] for name in headers] == [
        "application/pdf",
        'attachment; filename="giay-xac-nhan-tinh-trang-hon-nhan-01-ubnd-xntthn-2026.pdf"',
        "private, no-store",
        "nosniff",
    ]


@pytest.mark.parametrize("position", ["clerk", "specialist", "registry_clerk", "leader"])
def test_the_desk_of_the_ward_gets_it(client, issued, person, ward, position):
    client.force_login(person("desk@portal.example", "Phạm Thị Desk", position, ward))
    assert client.get(f"/tai-lieu/{issued.pk}/?xem").status_code == 200


@pytest.mark.parametrize("position", [None, "clerk", "leader", "ward_editor", "building_manager"])
def test_to_anyone_else_it_does_not_exist(client, issued, person, other_ward, position):
    client.force_login(person("khac@portal.example", "Lê Văn Khác", position, other_ward if position else None))
    assert client.get(f"/tai-lieu/{issued.pk}/").status_code == 404


def test_an_editor_of_its_own_ward_is_not_the_desk(client, issued, person, ward):
    client.force_login(person("bien@portal.example", "Biên Tập", "ward_editor", ward))
    assert client.get(f"/tai-lieu/{issued.pk}/").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, issued):
    assert client.get(f"/tai-lieu/{issued.pk}/")["Location"].startswith("/tai-khoan/")


def test_what_is_not_ready_does_not_exist_yet(client, issue_document, owner):
    client.force_login(owner)
    assert client.get(f"/tai-lieu/{issue_document().pk}/").status_code == 404


@pytest.mark.bucket
def test_a_file_changed_in_the_storage_is_never_given_out(client, issued, owner):
    storage = issued.file.storage
    storage.replace(issued.file.name, content_of(issued) + b"x")
    client.force_login(owner)
    response = client.get(f"/tai-lieu/{issued.pk}/")
    assert response.status_code == 503
    assert not response.content.startswith(b"%PDF")
