"""A flat is claimed with a letter's code on a small phone, another with a paper; then a form knows the address."""

import re

import pytest

from portal.demo.people import PASSWORD

from . import papers, steps

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
RESIDENTS = "/quan-ly-toa-nha/viet-hung/bang-lang/cu-dan/"


def test_from_the_letter_box_to_a_form_that_knows_the_address(arrives):
    manager = arrives(width=1280, script=True)
    manager.sign_in("toa-nha@viet-hung.example", PASSWORD)
    letters = steps.letters_of_floor(manager, RESIDENTS, 9)
    (number, address, code), (another, other_address, _code) = letters[:2]

    resident = arrives(width=360, script=False)
    resident.sign_in("cong-dan-2@giang-bien.example", PASSWORD)
    resident.open(address)
    assert number in resident.text
    resident.page.get_by_role("radio", name=re.compile("^Chủ sở hữu")).check()
    resident.press("Tiếp tục")
    resident.page.get_by_role("radio", name=re.compile("^Mã trong thư")).check()
    resident.press("Tiếp tục")
    resident.fill("Mã trong thư", "AAAA-AAAA")
    resident.press("Gửi đề nghị")
    assert "Mã không đúng" in resident.text
    resident.fill("Mã trong thư", code.lower())
    resident.press("Gửi đề nghị")
    assert resident.heading == "Đã xác nhận"
    resident.follow("Về căn hộ của tôi")
    resident.follow("Người trong căn hộ")
    resident.follow("Mời người vào hộ")
    resident.open("/can-ho/")

    tenant = arrives(width=360, script=True)
    tenant.sign_in("cong-dan-3@giang-bien.example", PASSWORD)
    tenant.open(other_address)
    tenant.page.get_by_role("radio", name=re.compile("^Người thuê")).check()
    tenant.press("Tiếp tục")
    tenant.fill_date("Ở từ ngày", "1/11/2025")
    tenant.fill_date("Ngày hết hạn thuê", "31/10/2099")
    tenant.press("Tiếp tục")
    assert "50 năm" in tenant.text
    tenant.fill_date("Ngày hết hạn thuê", "31/10/2029")
    tenant.press("Tiếp tục")
    tenant.page.get_by_role("radio", name=re.compile("^Ảnh hoặc PDF")).check()
    tenant.press("Tiếp tục")
    tenant.page.locator("input[type=file]").set_input_files(papers.photo("hop-dong.jpg"))
    tenant.press("Gửi đề nghị")
    assert tenant.heading == "Đã gửi đề nghị"

    manager.open(RESIDENTS)
    manager.follow(_waiting(manager, another))
    manager.follow("Xác nhận")
    manager.press("Xác nhận")
    assert "Đã xác nhận." in manager.text

    tenant.open("/viet-hung/dich-vu/xac-nhan-thong-tin-cu-tru/")
    tenant.follow("Nộp hồ sơ trực tuyến")
    tenant.press("Bắt đầu")
    tenant.open(re.sub(r"(/ho-so/[^/]+/).*", r"\1nop/noi-dung/", tenant.path))
    assert f"Căn hộ {another}" in tenant.field("Số nhà, đường phố").input_value()


def _waiting(manager, number: str) -> str:
    """The words of the link to whoever waits for this flat."""
    link = manager.page.locator("main .entry__title a").filter(has_text=re.compile(f"^{number} – "))
    return link.inner_text()
