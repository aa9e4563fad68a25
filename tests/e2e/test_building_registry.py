"""Flats are brought in from a workbook with mistakes, a board is recorded, one block is told that its water is off, and
the ward tells all its buildings at once: who it concerns reads it, and nobody else."""

import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import Workbook

from portal.demo.people import PASSWORD

from . import steps

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
HOUSE = "/quan-ly-toa-nha/thuong-thanh/cay-da/"
PUBLIC = "/thuong-thanh/toa-nha/"
BOARD = ("Ngô Thị Lý", "Phùng Văn Mạnh", "Trần Thế Sơn")
CUT = "Cắt nước khối A để thay van"
CHECK = "Diễn tập chữa cháy toàn phường"


def workbook(*rows: tuple) -> dict:
    book = Workbook()
    book.active.append(["Số căn hộ", "Khối", "Tầng", "Diện tích (m²)", "Chủ sở hữu"])
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "khoi-c.xlsx", "mimeType": mime, "buffer": out.getvalue()}


FLATS = tuple((f"C-010{number}", "C", 1, 68.5, "Phạm Văn Khoát") for number in range(1, 5))
MISTAKEN = (FLATS[0], ("C-0102", "C", "mười", 68.5), ("", "C", 1, 70), ("C-0104", "C", 1, "rộng"), FLATS[0])


def test_from_a_workbook_to_a_tap_without_water(arrives):
    manager = arrives(width=1280)
    manager.sign_in("truong-bql@thuong-thanh.example", PASSWORD)
    flats_come_in(manager)
    a_board_takes_office(manager)
    anybody = arrives(width=360, script=False)
    anybody.open(f"{PUBLIC}cay-da/")
    assert all(name in anybody.text for name in (*BOARD, "77/QĐ-UBND", "A, B, C"))

    moved_in = a_resident_of_the_new_block(arrives, manager)
    neighbour = arrives(width=360, script=False)
    neighbour.sign_in("cong-dan@thuong-thanh.example", PASSWORD)
    the_other_block_is_told(manager, neighbour, moved_in)
    the_ward_tells_all_of_them(arrives(width=360), moved_in, anybody)


def flats_come_in(manager) -> None:
    """What is wrong is told by row and nothing is written; mended, all of it is."""
    manager.open(f"{HOUSE}so-can-ho/")
    manager.follow("Nhập từ Excel")
    manager.page.locator("input[type=file]").set_input_files(workbook(*MISTAKEN))
    manager.press("Đọc thử")
    assert "Chưa ghi được: tệp còn lỗi" in manager.text
    told = manager.page.locator("tbody tr").all_inner_texts()
    rows = sorted({int(re.search(r"\d+", line)[0]) for line in told})
    assert rows == [2, 3, 4, 5, 6], told
    manager.open(f"{HOUSE}so-can-ho/?q=C-01")
    assert "Không có căn hộ nào như vậy." in manager.text

    manager.open(f"{HOUSE}so-can-ho/nhap/")
    manager.page.locator("input[type=file]").set_input_files(workbook(*FLATS))
    manager.tick("Tạo các khối")
    manager.press("Đọc thử")
    assert "Tệp không có lỗi" in manager.text
    manager.press("Ghi vào sổ")
    assert "Đã ghi: thêm 4 căn hộ, sửa 0 căn hộ." in manager.text


def a_board_takes_office(manager) -> None:
    manager.open(f"{HOUSE}ban-quan-tri/")
    manager.follow("Ghi kết quả bầu Ban quản trị")
    manager.fill_date("Ngày Hội nghị nhà chung cư bầu", _day(-20))
    for number, name in enumerate(BOARD, start=1):
        manager.fill("Họ và tên", name, of=f"Thành viên {number}")
    manager.fill("Căn hộ", "C-0101", of="Thành viên 1")
    manager.press("Lưu")
    assert "Mới được bầu, chờ phường công nhận" in manager.text
    manager.follow("Ghi quyết định công nhận")
    manager.fill("Số quyết định", "77/QĐ-UBND")
    manager.fill_date("Ngày quyết định", _day(-1))
    manager.press("Lưu")
    assert "Ngô Thị Lý, căn hộ C-0101" in manager.text


def a_resident_of_the_new_block(arrives, manager):
    """With the code of the letter that was printed for the flat."""
    number, address, code = steps.letters_of_floor(manager, f"{HOUSE}cu-dan/", 1)[0]
    assert number == "C-0101"
    resident = arrives(width=360, script=False)
    resident.sign_in("cong-dan-3@viet-hung.example", PASSWORD)
    resident.open(address)
    resident.page.get_by_role("radio", name=re.compile("^Chủ sở hữu")).check()
    resident.press("Tiếp tục")
    resident.page.get_by_role("radio", name=re.compile("^Mã trong thư")).check()
    resident.press("Tiếp tục")
    resident.fill("Mã trong thư", code)
    resident.press("Gửi đề nghị")
    assert resident.heading == "Đã xác nhận"
    return resident


def the_other_block_is_told(manager, concerned, next_door) -> None:
    manager.open(f"{HOUSE}thong-bao/")
    manager.follow("Viết thông báo")
    manager.follow("Cắt nước Từ mấy giờ đến mấy giờ, tầng nào")
    manager.fill("Tiêu đề", CUT)
    manager.fill_date("Ngày bắt đầu", _day(2))
    manager.fill("Giờ bắt đầu", "08:30")
    manager.fill("Giờ kết thúc", "11:00")
    manager.page.get_by_role("checkbox", name="A", exact=True).check()
    manager.fill("Nội dung", "Mời các hộ trữ nước từ tối hôm trước.")
    manager.press("Xem trước")
    people = re.search(r"Khi đăng, (\d+) cư dân được báo \(84 căn\)", manager.text)[1]
    assert concerned.context.request.get(manager.path).status == 404
    manager.press("Đăng và báo cư dân")
    # The worker may still be at the demo's papers.
    manager.wait_for(manager.page.get_by_text(f"đã báo {people} người"), patience=300)
    assert "0/84 căn đã xem" in manager.text
    assert "căn cần dán giấy" in manager.text
    address = manager.page.get_by_role("link", name="Xem như cư dân").get_attribute("href")

    concerned.open("/thong-bao-cua-toi/")
    assert CUT in concerned.text
    concerned.open("/toa-nha-cua-toi/")
    concerned.follow(CUT)
    assert concerned.path == address
    assert "Khối A" in concerned.text
    assert "08:30" in concerned.text
    for place in ("/thong-bao-cua-toi/", "/toa-nha-cua-toi/", f"{PUBLIC}cay-da/"):
        next_door.open(place)
        assert CUT not in next_door.text
    assert next_door.context.request.get(address).status == 404

    manager.page.reload()
    assert "1/84 căn đã xem" in manager.text
    assert "Lê Hoàng Cường" not in manager.text


def the_ward_tells_all_of_them(leader, moved_in, anybody) -> None:
    leader.sign_in("chu-tich@thuong-thanh.example", PASSWORD)
    leader.open("/mot-cua/thong-bao-toa-nha/")
    leader.page.get_by_text("Viết thông báo mới").click()
    leader.page.locator("main").get_by_role("link", name=re.compile("^Thông báo của phường")).click()
    leader.look()
    leader.fill("Tiêu đề", CHECK)
    leader.fill_date("Hiển thị đến hết ngày", _day(10))
    leader.fill("Nội dung", "Khi nghe chuông, mời mọi người xuống sân bằng cầu thang bộ.")
    leader.press("Xem trước")
    leader.press("Đăng và báo cư dân")
    assert "Đã đăng ở 2 tòa nhà." in leader.text
    for house in ("cay-da", "gio-mua"):
        anybody.open(f"{PUBLIC}{house}/")
        anybody.follow(CHECK)
        assert "cầu thang bộ" in anybody.text
    moved_in.open("/thong-bao-cua-toi/")
    moved_in.wait_for(moved_in.page.locator("main").get_by_text(CHECK), patience=300)


def _day(ahead: int) -> str:
    found = date.today() + timedelta(days=ahead)  # noqa: DTZ011 - the portal's own day is a few hours off at most
    return f"{found.day}/{found.month}/{found.year}"
