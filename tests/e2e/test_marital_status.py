"""The marital-status certificate, filed on a phone, completed on request, and all the way to the download."""

import secrets
from unittest.mock import ANY

import pytest

from . import papers, steps

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

NAME = "Đặng Thị Thu Hương"
PERSON = "Người được xác nhận"


def test_from_signing_up_to_the_signed_certificate(arrives, portal):
    resident = arrives(width=360)
    steps.begin(resident, "Cấp Giấy xác nhận tình trạng hôn nhân")
    steps.sign_up(resident, NAME, phone=f"0912{secrets.randbelow(10**6):06}")
    resident.press("Bắt đầu")
    fill_in(resident)
    dossier = steps.send(resident)

    clerk = arrives()
    steps.arrives_at_desk(clerk, steps.holder_of(resident, dossier))
    steps.take_up(clerk, dossier)
    ask_for_more(clerk)
    complete(resident, dossier)

    steps.take_up(clerk, dossier)
    clerk.press("Tiếp nhận")
    clerk.press("Chuyển xử lý")

    specialist = arrives()
    steps.arrives_at_desk(specialist, steps.holder_of(resident, dossier))
    steps.take_up(specialist, dossier)
    steps.agree_to_draft(specialist, resident, dossier)
    specialist.follow("Đồng ý, chuyển tiếp")
    # What the resident declared stands there; the officer compares it with the register, and has one thing to add.
    assert specialist.page.get_by_role("radio", name="Đã ly hôn").is_checked()
    specialist.press("Đồng ý, chuyển tiếp")
    assert "Có 1 chỗ cần sửa" in specialist.text
    specialist.choose("Chỉ xác nhận trong thời gian cư trú tại phường?", "Không")
    specialist.fill("Ý kiến thẩm định", "Đã đối chiếu với cơ sở dữ liệu hộ tịch.")
    specialist.press("Đồng ý, chuyển tiếp")

    leader = arrives()
    steps.arrives_at_desk(leader, steps.holder_of(resident, dossier))
    steps.take_up(leader, dossier)
    leader.follow("Ký")
    draft = leader.page.get_by_role("link", name="Mở dự thảo trong thẻ mới").get_attribute("href")
    seen = papers.printed_text(leader.context.request.get(draft).body())
    assert "DỰ THẢO" in seen
    assert NAME in seen
    leader.press("Ký")

    registry_clerk = arrives()
    steps.arrives_at_desk(registry_clerk, steps.holder_of(resident, dossier))
    steps.take_up(registry_clerk, dossier)
    steps.make_move(registry_clerk, "Cấp số")
    steps.make_move(registry_clerk, "Ký số cơ quan và phát hành")

    pdf, address = steps.download_result(resident, dossier, "Giấy xác nhận tình trạng hôn nhân")
    assert papers.signature_facts(pdf, portal.root_certificate) == {
        "good": True,
        "covers": "ENTIRE_FILE",
        "by": [ANY, "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT HƯNG"],  # the leader, then the agency over them
    }
    printed = papers.printed_text(pdf)
    assert NAME in printed
    assert "BẢN TRÌNH DIỄN" in printed
    assert "DỰ THẢO" not in printed
    assert papers.check_address(pdf) == address
    steps.assert_only_the_original_passes(arrives(width=360), pdf, address)

    steps.take_up(clerk, dossier)
    steps.make_move(clerk, "Trả kết quả")
    steps.assert_looked_up_as(arrives(width=360), dossier, "Đã trả kết quả", hidden=NAME)
    resident.open("/thong-bao-cua-toi/")
    assert dossier["code"] in resident.text


def fill_in(resident) -> None:
    assert resident.heading == "Bạn là ai?"
    assert resident.field("Họ, chữ đệm và tên", of=PERSON).input_value() == NAME  # the account knows
    resident.fill_date("Ngày sinh", "5/3/1992", of=PERSON)
    resident.choose("Giới tính", "Nữ")
    resident.pick("Dân tộc", "Kinh", of=PERSON)
    resident.fill("Số định danh cá nhân", "000192004871", of=PERSON)
    resident.press("Lưu và tiếp tục")
    # Where they live was forgotten: it is said, and the rest is still there.
    assert "Hãy điền nơi cư trú." in resident.text
    assert resident.field("Số định danh cá nhân", of=PERSON).input_value() == "000192004871"
    resident.fill("Nơi cư trú", "Căn 1203, Chung cư Sen Hồng, phường Việt Hưng, Hà Nội", of=PERSON)
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Tình trạng hôn nhân của bạn"
    answer_by_keyboard(resident)

    assert resident.heading == "Bạn dùng giấy này để làm gì?"
    resident.choose("Mục đích sử dụng", "Việc khác")
    resident.fill("Đó là việc gì?", "Bổ sung lý lịch")
    resident.press("Lưu và làm tiếp sau")
    assert resident.heading == "Hồ sơ của tôi"
    resident.page.locator(".dossier-list__row").get_by_role("link", name="Làm tiếp").click()
    resident.look()

    assert resident.heading == "Những nơi bạn từng cư trú"
    resident.choose("Từ khi đủ tuổi kết hôn", "Có")
    former = "Nơi cư trú 1"
    resident.fill("Phường, xã", "xã Yên Viên, Hà Nội", of=former)
    resident.fill("Từ năm", "2010", of=former)
    resident.fill("Đến năm", "2019", of=former)
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Nhận kết quả"
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Giấy tờ kèm theo"
    resident.upload("Bản án hoặc quyết định ly hôn", papers.photo("trang-1.jpg"), papers.photo("trang-2.jpg", pages=2))
    resident.upload("Giấy tờ khác", papers.scan("xac-nhan-cu.pdf", pages=3))
    listed = [" ".join(each.split()) for each in resident.page.locator(".file-list__about").all_inner_texts()]
    assert [(each.split()[0], each.split(" · ")[0].split(maxsplit=1)[1]) for each in listed] == [
        ("trang-1.jpg", "1 trang"),
        ("trang-2.jpg", "1 trang"),
        ("xac-nhan-cu.pdf", "3 trang"),
    ]
    resident.press("Lưu và tiếp tục")
    assert resident.heading == "Kiểm tra trước khi gửi"
    assert "Bổ sung lý lịch" in resident.text


def answer_by_keyboard(resident) -> None:
    """The page about marriage, with nothing but keys: the question that follows appears where Tab leads next."""
    keys = resident.page.keyboard
    decree = resident.field("Bản án hoặc quyết định ly hôn")
    assert not decree.is_visible()
    resident.page.locator("body").press("Tab")
    assert focused(resident) == "Đến nội dung chính"
    keys.press("Enter")
    tab_to(resident, "radio")
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    assert resident.page.get_by_role("radio", name="Đã ly hôn").is_checked()
    assert decree.is_visible()
    keys.press("Tab")
    keys.type("số 45/2023/QĐST-HNGĐ ngày 12/6/2023 của Tòa án nhân dân quận Long Biên")
    tab_to(resident, "submit")
    assert focused(resident) == "Lưu và tiếp tục"
    with resident.page.expect_navigation():
        keys.press("Enter")
    resident.look()


def tab_to(resident, kind: str) -> None:
    for _press in range(12):
        resident.page.keyboard.press("Tab")
        if resident.page.evaluate("document.activeElement.type") == kind:
            return
    raise AssertionError(f"Tab leads to no {kind}")


def focused(resident) -> str:
    return resident.page.evaluate("document.activeElement.innerText").strip()


def ask_for_more(clerk) -> None:
    clerk.follow("Yêu cầu bổ sung")
    clerk.tick("Đó là việc gì?")
    clerk.page.locator(".ask__item", has_text="Đó là việc gì?").get_by_label("Công dân cần làm gì").fill(
        "Ghi rõ bổ sung lý lịch cho cơ quan nào."
    )
    clerk.tick("Bản án hoặc quyết định ly hôn 2 tệp")
    clerk.page.locator(".ask__item", has_text="2 tệp").get_by_label("Câu soạn sẵn").select_option(
        "Bổ sung đủ các trang, cả mặt sau."
    )
    clerk.fill("Lý do", "Bản án còn thiếu trang có dấu của tòa án.")
    clerk.press("Yêu cầu bổ sung")
    assert "Đã gửi yêu cầu bổ sung" in clerk.text


def complete(resident, dossier) -> None:
    resident.open(dossier["page"])
    assert "Phường cần bạn bổ sung" in resident.text
    resident.follow("Bổ sung hồ sơ")
    resident.follow("Đó là việc gì?")
    assert "Ghi rõ bổ sung lý lịch cho cơ quan nào." in resident.text
    resident.fill("Đó là việc gì?", "Bổ sung lý lịch viên chức tại Trường Tiểu học Việt Hưng")
    resident.press("Lưu phần này")
    resident.follow("Bản án hoặc quyết định ly hôn")
    resident.upload("Bản án hoặc quyết định ly hôn", papers.scan("ban-an-du-trang.pdf", pages=2))
    resident.press("Lưu phần này")
    resident.press("Gửi bổ sung")
    assert "Chờ tiếp nhận" in resident.text
