"""A resident reports a lift from a phone on a bad line, a neighbour joins without script, a manager in the lobby gives
it to a contractor who mends it and shows it, and who reported agrees."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from portal.demo.people import PASSWORD
from tests.factories.requests import picture

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
WORK = "/quan-ly-toa-nha/viet-hung/bang-lang/yeu-cau/"
WHAT = "Cửa thang đóng rồi lại mở, phải bấm ba lần mới chạy."
DONE = "Đã chỉnh cảm biến cửa thang."


def photo(number: int) -> dict:
    return {"name": f"thang-{number}.jpg", "mimeType": "image/jpeg", "buffer": picture(number).read()}


def from_a_camera() -> dict:
    """Eight megapixels, larger than a phone lets travel."""
    file = io.BytesIO()
    Image.effect_noise((3264, 2448), 60).save(file, "JPEG")
    return {"name": "may-anh.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


# Of the last picture on the page, as it is kept.
WIDTH = """async () => {
  const file = await fetch([...document.querySelectorAll(".pictures a")].at(-1).href);
  return (await createImageBitmap(await file.blob())).width;
}"""


def test_a_lift_is_reported_on_a_bad_line_and_neighbours_join_in(arrives):
    reporter = arrives(width=360)
    reporter.sign_in("cong-dan@viet-hung.example", PASSWORD)
    reporter.open("/yeu-cau/")
    page = reporter.page
    reporter.follow("Báo việc ở Chung cư Bằng Lăng")
    page.get_by_label("Ở đâu?").select_option(label="Thang máy số 2")
    page.get_by_role("radio", name="Thang máy").check()
    page.get_by_label("Kể ngắn gọn").fill(WHAT)
    page.get_by_role("radio", name="Khẩn cấp").check()
    expect(page.get_by_text("không tự cạy cửa")).to_be_visible()
    page.get_by_role("radio", name="Gấp:").check()

    reporter.context.set_offline(True)
    page.get_by_label("Chọn ảnh có sẵn").set_input_files([photo(1), photo(2)])
    page.get_by_role("button", name="Gửi ban quản lý").click()
    expect(page.get_by_text("Mất mạng.")).to_be_visible()
    reporter.wrong.clear()  # what the browser says of a line that is not there
    reporter.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("Kể ngắn gọn")).to_have_value(WHAT)

    page.get_by_label("Chọn ảnh có sẵn").set_input_files([photo(1), photo(2), photo(1)])
    expect(page.locator(".photos__photo img")).to_have_count(2)
    page.get_by_role("button", name="Bỏ ảnh thang-2.jpg").click()
    expect(page.locator(".photos__photo img")).to_have_count(1)
    page.get_by_label("Chụp ảnh").set_input_files([from_a_camera()])
    expect(page.get_by_role("img", name="may-anh.jpg")).to_be_visible()
    reporter.press("Gửi ban quản lý")
    assert "Hàng xóm đã báo rồi?" in reporter.text or "Bạn đã báo việc này." in reporter.text
    reporter.press("Không phải việc này, vẫn gửi")
    assert reporter.heading == "Thang máy: Thang máy số 2"
    assert "Trả lời trong 2 giờ làm việc" in reporter.text
    expect(page.locator(".pictures img")).to_have_count(2)
    assert page.evaluate(WIDTH) == 2048  # made smaller before it travelled
    address, code = reporter.path, reporter.page.locator(".page__caption .nowrap").inner_text()

    reporter.open("/viet-hung/toa-nha/bang-lang/bao/")
    expect(page.get_by_label("Kể ngắn gọn")).to_have_value("")  # sent: nothing of it stays on the phone

    neighbour = arrives(width=360, script=False)
    neighbour.sign_in("cong-dan-3@viet-hung.example", PASSWORD)
    neighbour.open("/yeu-cau/")
    neighbour.follow(WHAT)
    assert neighbour.path == address
    assert "Nguyễn Văn An" not in neighbour.page.locator("main").inner_text()
    neighbour.press("Tôi cũng bị")
    assert "Bạn cũng bị" in neighbour.text

    manager = arrives(width=360)
    manager.sign_in("toa-nha@viet-hung.example", PASSWORD)
    manager.open(WORK)
    manager.follow(code)
    assert WHAT in manager.text
    assert "1 hàng xóm cũng báo việc này." in manager.text
    manager.follow("Tiếp nhận")
    manager.press("Tiếp nhận")
    assert f"Đã tiếp nhận {code}." in manager.text
    manager.follow("Báo đã làm xong")
    manager.fill("Đã làm gì?", DONE)
    manager.press("Báo đã làm xong")
    assert "Thêm ít nhất một ảnh sau khi làm" in manager.text  # nothing is done without what shows it
    manager.follow("Quay lại yêu cầu")
    manager.follow("Giao nhà thầu")
    manager.fill("Tên nhà thầu hoặc người làm", "Thang máy Hà Thành")
    manager.press("Giao nhà thầu")
    link = manager.page.locator(".contractor__link a").get_attribute("href")

    contractor = arrives(width=360, script=False)
    contractor.open(link)
    assert WHAT in contractor.text
    contractor.choose("Công việc thế nào?", "Đã làm xong")
    contractor.fill("Bạn đã làm gì", DONE)
    contractor.field("Ảnh hoặc biên bản").set_input_files(photo(4))
    contractor.press("Gửi cho ban quản lý")
    assert "Bạn đã báo xong" in contractor.text

    manager.open(WORK)
    manager.follow(code)
    manager.follow("Báo đã làm xong")
    assert manager.field("Đã làm gì?").input_value() == DONE  # in the contractor's words, shown by their picture
    manager.press("Báo đã làm xong")
    assert f"Đã báo xong {code}." in manager.text

    reporter.open(address)
    assert DONE in reporter.text
    expect(reporter.page.locator(".pictures img")).to_have_count(3)
    reporter.press("Đúng, đã xong")
    assert "Cảm ơn bạn đã xác nhận." in reporter.text
    manager.open(WORK)
    expect(manager.page.get_by_role("link", name=re.compile(f"^{code}"))).to_have_count(0)  # no work any more

    waiting = arrives(width=360, script=False)
    waiting.sign_in("cong-dan-2@viet-hung.example", PASSWORD)
    waiting.open("/yeu-cau/")
    waiting.follow("Cửa phòng rác không đóng được, mùi bay ra hành lang.")
    waiting.press("Đúng, đã xong")
    assert "Cảm ơn bạn đã xác nhận." in waiting.text

    visitor = arrives(width=360, script=False)
    visitor.open("/viet-hung/toa-nha/bang-lang/bao/")
    assert "Đang nguy hiểm? Gọi ngay" in visitor.text
