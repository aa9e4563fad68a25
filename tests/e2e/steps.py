"""The parts of a journey that every procedure shares."""

import io
import re

import pypdfium2

from portal.demo.people import PASSWORD, STAFF

from . import papers
from .visitor import Visitor

OWN_PASSWORD = "hoa-sen-no-1987"


# --- The resident --------------------------------------------------------------------------------


def begin(resident: Visitor, procedure: str) -> None:
    """From the front page to the button that starts, which asks to sign in."""
    resident.open("/")
    resident.page.get_by_role("link", name=re.compile("^Việt Hưng")).click()
    resident.look()
    resident.follow("Tất cả dịch vụ công")
    resident.follow(procedure)
    resident.follow("Nộp hồ sơ trực tuyến")
    assert resident.heading == "Đăng nhập"


def sign_up(resident: Visitor, name: str, **contact: str) -> None:
    """`contact`: phone or email, one of which is enough."""
    resident.follow("Tôi chưa có tài khoản")
    resident.fill("Họ, chữ đệm và tên", name)
    for kind, label in (("phone", "Số điện thoại"), ("email", "Thư điện tử")):
        if kind in contact:
            resident.fill(label, contact[kind])
    resident.page.locator("input[type=password]").fill(OWN_PASSWORD)
    resident.press("Tiếp tục")
    assert resident.heading == "Nhập mã xác nhận"
    (recipient,) = contact.values()
    resident.fill("Mã xác nhận", resident.read_code(recipient))
    resident.press("Tiếp tục")


def send(resident: Visitor) -> dict[str, str]:
    """From the page that shows everything once more to the confirmation; what the confirmation says."""
    resident.tick("Tôi cam đoan")
    resident.press("Gửi hồ sơ")
    assert resident.path.endswith("/xac-nhan/")
    code, secret = resident.page.locator(".code-display__code").all_inner_texts()
    sent = {"code": code, "secret": secret, "page": resident.path.removesuffix("xac-nhan/")}
    resident.wait_for(resident.page.locator(".document-row a.document-row__title"))
    return sent


def holder_of(resident: Visitor, dossier: dict[str, str]) -> str:
    """Who has the dossier now, as its owner is told: the person's name."""
    resident.open(dossier["page"])
    return resident.page.locator("dt", has_text="Đang giữ hồ sơ").locator("xpath=following-sibling::dd[1]").inner_text()


# --- The desk ------------------------------------------------------------------------------------


def arrives_at_desk(officer: Visitor, name: str) -> None:
    """The officer of this name in Việt Hưng signs in and is where the work waits."""
    login = next(person.login for person in STAFF if person.names[0] in name)
    officer.sign_in(f"{login}@viet-hung.example", PASSWORD)
    assert officer.heading == "Bộ phận Một cửa"


def take_up(officer: Visitor, dossier: dict[str, str]) -> None:
    officer.open("/mot-cua/")
    officer.follow(dossier["code"])
    assert dossier["code"] in officer.text


def make_move(officer: Visitor, move: str) -> None:
    """A move with a page of its own: to the page, then the button."""
    officer.follow(move)
    officer.press(move)


# --- Buildings ------------------------------------------------------------------------------------


def letters_of_floor(manager: Visitor, residents: str, floor: int) -> list[tuple[str, str, str]]:
    """(number, address to type it in, code), a letter a flat, read off the PDF that was printed."""
    manager.open(f"{residents}thu/")
    manager.page.get_by_role("checkbox", name=f"Tầng {floor}", exact=True).check()
    pdf = manager.download(manager.page.get_by_role("button", name="In thư (PDF)"))
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]
    return [
        (
            re.search(r"căn hộ (\S+)", text)[1],
            re.search(r"/can-ho/\d+/nhan/", text)[0],
            re.search(r"^(\w{4}-\w{4})\s*$", text, re.MULTILINE)[1],
        )
        for text in pages
    ]


# --- The document --------------------------------------------------------------------------------


def download_result(resident: Visitor, dossier: dict[str, str], title: str) -> tuple[bytes, str]:
    """The result as its owner gets it, and the address under which anyone may check it."""
    resident.open(dossier["page"])
    row = resident.page.locator(".document-row", has=resident.page.get_by_role("link", name=title, exact=True))
    resident.wait_for(row)
    check = row.locator(".document-row__verify").get_attribute("href").removeprefix(resident.url)
    return resident.download(row.get_by_role("link", name=title, exact=True)), check


def assert_only_the_original_passes(anyone: Visitor, pdf: bytes, address: str) -> None:
    """By the printed code, by the file, and with the two forgeries that are hardest to see."""
    anyone.open(address)
    assert "Mã đúng, văn bản đang có hiệu lực" in anyone.text
    anyone.open("/xac-thuc/")
    verdicts = []
    for file in (pdf, papers.with_one_byte_flipped(pdf), papers.with_a_note_over_it(pdf)):
        anyone.page.locator("input[type=file]").set_input_files([papers.as_upload(file)])
        anyone.press("Kiểm tra tệp")
        verdicts.append(anyone.page.get_by_role("status").locator("h2, .notice__title").first.inner_text())
    assert verdicts == [
        "Văn bản thật, đang có hiệu lực",
        "Tệp đã bị sửa sau khi ký",
        "Tệp đã bị thêm nội dung sau khi ký",
    ], verdicts


def assert_looked_up_as(anyone: Visitor, dossier: dict[str, str], state: str, *, hidden: str) -> None:
    """Code and secret tell where the dossier is, and nothing of whose it is."""
    anyone.open("/tra-cuu/")
    anyone.fill("Mã hồ sơ", dossier["code"])
    anyone.fill("Mã tra cứu", dossier["secret"])
    anyone.press("Tra cứu")
    assert state in anyone.text
    assert hidden not in anyone.text


def agree_to_draft(specialist: Visitor, resident: Visitor, dossier: dict) -> None:
    """A civil-status form goes back to its resident once, who agrees to what will be written."""
    specialist.follow("Gửi công dân xác nhận")
    specialist.press("Gửi công dân xác nhận")
    assert "Đã gửi công dân xác nhận" in specialist.text
    resident.open(dossier["page"])
    resident.follow("Xem và xác nhận")
    assert resident.heading == "Xác nhận bản điện tử"
    resident.choose("Nội dung trên có đúng không?", "Đúng, tôi đồng ý")
    resident.press("Gửi trả lời")
    assert "Đã ghi nhận bạn đồng ý" in resident.text
    take_up(specialist, dossier)
