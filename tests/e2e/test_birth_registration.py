"""A birth registered without any script, from the sign-up by e-mail to the child's certificate."""

import secrets
from datetime import datetime, timedelta
from unittest.mock import ANY

import pytest

from portal.core.calendar import VIETNAM

from . import papers, steps

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

MOTHER, CHILD, NUMBER = "Bùi Thị Ngọc Hân", "Nguyễn Bùi Gia Khang", "000326000045"


def test_a_child_gets_its_certificate_without_any_script(arrives, portal):
    resident = arrives(width=360, script=False)
    steps.begin(resident, "Đăng ký khai sinh")
    steps.sign_up(resident, MOTHER, email=f"han-{secrets.token_hex(4)}@cu-dan.example")
    resident.press("Bắt đầu")
    fill_in(resident)
    dossier = steps.send(resident)

    clerk = arrives()
    steps.arrives_at_desk(clerk, steps.holder_of(resident, dossier))
    steps.take_up(clerk, dossier)
    clerk.press("Tiếp nhận")
    clerk.press("Chuyển xử lý")
    for move in ("Đồng ý, chuyển tiếp", "Ký", "Cấp số", "Ký số cơ quan và phát hành"):
        officer = arrives(script=False)
        steps.arrives_at_desk(officer, steps.holder_of(resident, dossier))
        steps.take_up(officer, dossier)
        if move == "Đồng ý, chuyển tiếp":
            steps.agree_to_draft(officer, resident, dossier)
            officer.follow(move)
            officer.fill("Số định danh cá nhân cấp cho trẻ", NUMBER)
            officer.fill("Số đăng ký trong Sổ đăng ký khai sinh", "45")
            officer.fill("Quyển số", "01/2026")
            officer.press(move)
            continue
        steps.make_move(officer, move)

    pdf, address = steps.download_result(resident, dossier, "Giấy khai sinh")
    assert papers.signature_facts(pdf, portal.root_certificate) == {
        "good": True,
        "covers": "ENTIRE_FILE",
        "by": [ANY, "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT HƯNG"],  # the leader, then the agency over them
    }
    printed = papers.printed_text(pdf)
    assert CHILD in printed
    assert MOTHER in printed
    assert NUMBER in printed
    assert papers.check_address(pdf) == address
    steps.assert_only_the_original_passes(arrives(width=360, script=False), pdf, address)

    steps.take_up(clerk, dossier)
    steps.make_move(clerk, "Trả kết quả")
    steps.assert_looked_up_as(arrives(width=360, script=False), dossier, "Đã trả kết quả", hidden=CHILD)


def fill_in(resident) -> None:
    assert resident.heading == "Em bé được khai sinh"
    resident.fill("Họ, chữ đệm và tên của bé", CHILD)
    born = datetime.now(VIETNAM) - timedelta(days=20)
    resident.fill_date("Ngày sinh của bé", f"{born:%d/%m/%Y}")
    resident.choose("Giới tính của bé", "Nam")
    resident.press("Lưu và tiếp tục")

    # Without script both follow-up questions stand there, each with its condition in words.
    assert resident.heading == "Bé sinh ở đâu?"
    assert "Chỉ trả lời nếu bạn chọn “Có”" in resident.text
    resident.choose("Bé sinh ở bệnh viện", "Có")
    resident.fill("Tên và địa chỉ cơ sở y tế", "Bệnh viện Đa khoa Đức Giang, phường Việt Hưng, Hà Nội")
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Quê quán, dân tộc, quốc tịch của bé"
    resident.fill("Phường, xã", "Việt Hưng", of="Quê quán")
    resident.fill("Dân tộc", "Kinh")
    resident.fill("Quốc tịch", "Việt Nam")
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Bạn là ai của bé?"
    resident.choose("Quan hệ của bạn với bé", "Mẹ")
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Mẹ của bé"
    assert resident.field("Họ, chữ đệm và tên", of="Người mẹ").input_value() == MOTHER
    person(resident, "Người mẹ", "17/9/1995", "000195000017")
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Cha của bé"
    resident.choose("Ghi tên cha", "Có")
    resident.fill("Họ, chữ đệm và tên", "Nguyễn Gia Bảo", of="Người cha")
    person(resident, "Người cha", "2/2/1993", "000093000022")
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Bản sao Giấy khai sinh"
    resident.fill("Bạn cần thêm mấy bản sao?", "2")
    resident.press("Lưu và tiếp tục")
    assert resident.heading == "Nhận kết quả"
    resident.press("Lưu và tiếp tục")

    assert resident.heading == "Giấy tờ kèm theo"
    resident.upload("Giấy chứng sinh", papers.photo("giay-chung-sinh.jpg"), papers.scan("mat-sau.pdf", pages=1))
    assert resident.page.locator(".file-list__thumbnail").count() == 2
    resident.press("Lưu và tiếp tục")
    assert resident.heading == "Kiểm tra trước khi gửi"


def person(resident, who: str, born: str, number: str) -> None:
    resident.fill_date("Ngày sinh", born, of=who)
    resident.pick("Dân tộc", "Kinh", of=who)
    resident.fill("Số định danh cá nhân", number, of=who)
    resident.fill("Nơi cư trú", "Căn 0804, Chung cư Bằng Lăng, phường Việt Hưng, Hà Nội", of=who)
