"""The owners meet and their minutes say what was decided; work is planned and told; a fire check leaves its record."""

import io
import re
from datetime import date, timedelta

import pypdfium2
import pytest
from playwright.sync_api import expect

from portal.demo.people import PASSWORD

from . import papers

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
HOUSE = "/quan-ly-toa-nha/giang-bien/lua-vang/"
TODAY_S = "Hội nghị nhà chung cư về thang máy số 2"
NEXT = "Hội nghị nhà chung cư bầu lại Ban quản trị"
AGENDA = "Báo cáo nhiệm kỳ của Ban quản trị\nBầu Ban quản trị nhiệm kỳ mới"
DECISION = "Chọn Công ty Thang máy Đông Đô thay thang máy số 2."
WORK = "Thay dầu máy phát điện"
WRONG = "Bình ở tầng 7 tụt áp, đã gọi nạp lại"


def test_the_owners_meet_and_the_house_is_looked_after(arrives):
    chair = arrives(width=360)
    chair.sign_in("ban-quan-tri@giang-bien.example", PASSWORD)
    owner = arrives(width=360, script=False)
    owner.sign_in("cong-dan@giang-bien.example", PASSWORD)
    owners_are_invited(chair, owner)
    they_meet(chair, owner)

    manager = arrives(width=360)
    manager.sign_in("toa-nha@giang-bien.example", PASSWORD)
    work_is_planned_and_told(manager, owner)
    a_check_leaves_its_record(manager)


def owners_are_invited(chair, owner) -> None:
    chair.open(f"{HOUSE}hoi-nghi/")
    chair.follow("Triệu tập hội nghị")
    chair.fill("Tiêu đề", NEXT)
    chair.fill_date("Ngày bắt đầu", _day(9))
    chair.fill("Giờ bắt đầu", "08:30")
    chair.fill("Giờ kết thúc", "11:30")
    chair.fill("Địa điểm", "Nhà sinh hoạt cộng đồng")
    chair.fill("Chương trình họp", AGENDA)
    chair.press("Xem trước giấy mời")
    chair.press("Triệu tập và gửi giấy mời")
    # The worker may still be at the demo's papers.
    chair.wait_for(chair.page.get_by_text(re.compile(r"đã báo \d+ người")), patience=300)

    owner.open("/thong-bao-cua-toi/")
    assert NEXT in owner.text
    owner.open("/toa-nha-cua-toi/")
    owner.follow(NEXT)
    assert "Bầu Ban quản trị nhiệm kỳ mới" in owner.text
    owner.page.get_by_role("radio", name="Tôi sẽ dự").check()
    owner.press("Gửi câu trả lời")
    assert "đã trả lời: Tôi sẽ dự" in owner.text
    invited = words_of(owner, "Giấy mời (PDF)")
    assert "Bầu Ban quản trị nhiệm kỳ mới" in invited
    chair.page.reload()
    assert "Tôi sẽ dự: 1 căn" in chair.text


def they_meet(chair, owner) -> None:
    """Two flats are missing; they come in at the door, one of them sends somebody."""
    chair.open(f"{HOUSE}hoi-nghi/")
    chair.follow(TODAY_S)
    address = chair.path
    chair.follow("Điểm danh")
    assert "còn thiếu 2 căn" in chair.text
    for number, proxy in (("0201", ""), ("0202", "Nguyễn Thị Hòa")):
        chair.page.get_by_label("Số căn hộ").fill(number)
        chair.press("Tìm căn")
        assert chair.field("Người được ủy quyền").input_value() == proxy  # as its owner answered
        chair.press(f"Có mặt {number}")
        assert f"Đã điểm danh căn {number}." in chair.text
    assert "Đủ điều kiện họp" in chair.text
    here = re.search(r"(\d+)/\d+ căn có mặt", chair.text)[1]

    chair.open(address)
    chair.follow("Ghi biểu quyết")
    chair.fill("Nội dung biểu quyết", DECISION)
    chair.page.get_by_label("Tán thành", exact=True).fill(str(int(here) - 1))
    chair.fill("Không tán thành", "1")
    chair.press("Ghi kết quả")
    chair.follow("Bế mạc, lập biên bản")
    chair.fill("Chủ tọa", "Hồ Sĩ Lâm")
    chair.fill("Thư ký", "Mai Thị Thanh")
    chair.press("Bế mạc")
    assert "Biên bản đã lập." in chair.text
    minutes = words_of(chair, "Biên bản (PDF)")
    for said in (DECISION, f"{here}/36", "Thông qua", "Mai Thị Thanh", "0202 (ủy quyền)"):
        assert said in minutes, said

    owner.open(address.replace(HOUSE.rstrip("/"), ""))
    assert DECISION in owner.text
    assert words_of(owner, "Đọc biên bản (PDF)") == minutes


def work_is_planned_and_told(manager, owner) -> None:
    manager.open(f"{HOUSE}bao-tri/")
    manager.follow("Lên lịch bảo trì")
    manager.fill("Việc gì", WORK)
    manager.pick("Ở đâu", "Phòng máy phát điện")
    manager.fill("Ai làm", "Tổ kỹ thuật")
    manager.fill_date("Ngày bắt đầu", _day(1))
    manager.fill("Giờ bắt đầu", "09:00")
    manager.fill("Giờ kết thúc", "10:30")
    manager.fill("Cư dân cần biết gì", "Có tiếng ồn ngắn ở tầng hầm.")
    manager.press("Lưu")
    planned = manager.path
    manager.press("Soạn thông báo cho cư dân")
    manager.press("Đăng và báo cư dân")
    manager.wait_for(manager.page.get_by_text(re.compile(r"đã báo \d+ người")))
    manager.open(f"{HOUSE}bao-tri/?thang={date.today() + timedelta(days=1):%Y-%m}")  # noqa: DTZ011
    manager.follow(WORK)
    assert manager.path == planned
    assert f"Thông báo: {WORK} (Đang hiển thị)" in manager.text

    owner.open("/toa-nha-cua-toi/")
    owner.follow(WORK)
    assert "Có tiếng ồn ngắn ở tầng hầm." in owner.text


def a_check_leaves_its_record(manager) -> None:
    """Of the means to put out a fire: one line is wrong, with a photo that shows it."""
    manager.open(f"{HOUSE}kiem-tra/")
    manager.press("Bắt đầu Phương tiện chữa cháy")
    lines = manager.page.locator(".check-item")
    for number in range(lines.count()):
        lines.nth(number).get_by_role("radio", name="Đạt", exact=True).check()
    first = lines.nth(0)
    first.get_by_role("radio", name="Không đạt", exact=True).check()
    first.get_by_label("Ghi chú").fill(WRONG)
    first.locator("input[type=file]").first.set_input_files(papers.photo("binh-tang-7.jpg"))
    manager.press("Hoàn thành kiểm tra")
    assert WRONG in manager.text
    expect(manager.page.locator(".check-lines .pictures img")).to_have_count(1)
    record = pdf_behind(manager, "Biên bản (PDF)")
    words = _words(record)
    assert "Phương tiện chữa cháy" in words
    assert WRONG in words
    assert [page for page in record if list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))]


def words_of(visitor, link: str) -> str:
    """What stands in the PDF behind a link, on one line."""
    return _words(pdf_behind(visitor, link))


def pdf_behind(visitor, link: str) -> pypdfium2.PdfDocument:
    """Read past the browser's own viewer, which shows a PDF and gives no bytes of it."""
    address = visitor.page.get_by_role("link", name=link).get_attribute("href")
    answer = visitor.context.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return pypdfium2.PdfDocument(io.BytesIO(answer.body()))


def _words(pdf: pypdfium2.PdfDocument) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def _day(ahead: int) -> str:
    found = date.today() + timedelta(days=ahead)  # noqa: DTZ011 - the portal's own day is a few hours off at most
    return f"{found.day}/{found.month}/{found.year}"
