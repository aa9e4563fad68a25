"""A reader finds what concerns their building, says whether it helped, searches, and reads on in English."""

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
DRILL = "Diễn tập chữa cháy và thoát nạn tại Chung cư Bằng Lăng"


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_from_the_wards_page_to_an_answer_a_search_and_english(arrives, script):
    reader = arrives(width=360, script=script)
    reader.open("/viet-hung/")
    reader.follow("Tất cả thông báo")
    reader.page.get_by_label("Loại").select_option("phong-chay")
    reader.page.get_by_label("Liên quan đến tòa nhà").select_option(label="Chung cư Bằng Lăng")
    reader.press("Lọc")
    assert "Dành cho: Chung cư Bằng Lăng" in reader.text
    reader.follow(DRILL)
    assert reader.context.cookies() == []
    address = reader.path
    if script:  # a read is told of after three seconds
        with reader.page.expect_request("**/da-doc/", timeout=20_000) as told:
            reader.page.reload()
        assert told.value.method == "POST"

    reader.follow("Chưa")
    assert reader.group("Thông tin này có hữu ích không?").get_by_role("radio", name="Chưa").is_checked()
    reader.fill("Vì sao?", "Chưa rõ tập trung ở cửa nào.")
    reader.press("Gửi góp ý")
    assert reader.heading == "Cảm ơn bạn đã góp ý"
    reader.follow("Về thông báo vừa đọc")
    assert reader.path == address

    reader.open("/viet-hung/")
    reader.page.get_by_label("Tìm thủ tục hoặc thông báo").fill("dien tap")
    reader.press("Tìm kiếm")
    marks = reader.page.locator("main mark").all_inner_texts()
    assert {"Diễn", "tập"} <= set(marks)
    reader.follow(DRILL)
    reader.open(f"/en{address}")
    assert reader.page.locator("html").get_attribute("lang") == "en"
    assert reader.page.locator("[hreflang=vi]").first.get_attribute("href").endswith(address)
    reader.open("/viet-hung/thong-bao/luu-tru/")
    assert reader.heading == "Lưu trữ thông báo"
