"""A late step: explained, answered for, apologised for; and only then does the dossier go on."""

import re

import pytest

from portal.demo.people import PASSWORD, RESIDENTS

from . import papers, steps

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

SPECIALIST, CHAIRMAN = "Hoàng Minh Đức", "Trịnh Quang Vinh"
BEHIND_THE_DEMO = 600  # seconds: the worker first sends whatever the demo's own stories have promised
APOLOGY = "Phường đã để sót hồ sơ của Ông/Bà khi bàn giao việc. Đây là lỗi của phường."


def test_a_late_dossier_goes_on_once_its_apology_has_arrived(arrives):
    specialist, chairman = arrives(width=360), arrives(script=False)
    steps.arrives_at_desk(specialist, SPECIALIST)
    steps.arrives_at_desk(chairman, CHAIRMAN)
    code = explain(specialist)
    accept(chairman, code)
    draft(specialist, code)
    sign(chairman, code)

    resident = arrives(width=360)
    login = f"{RESIDENTS[0].login}@viet-hung.example"
    resident.open(f"/hop-thu-thu/?q={login}")
    sought = resident.page.locator(".inbox__notice", has_text=f"Thư xin lỗi về hồ sơ {code}")
    mail = resident.wait_for(sought, patience=BEHIND_THE_DEMO)
    assert APOLOGY in mail.first.inner_text()

    resident.sign_in(login, PASSWORD)
    resident.open("/ho-so/")
    resident.page.locator(".dossier-list__row", has_text=code).get_by_role("link").first.click()
    resident.wait_for(resident.page.get_by_text("Phường đã xin lỗi"))
    letter = resident.download(resident.page.get_by_role("link", name=re.compile("^Phiếu xin lỗi")).first)
    printed = papers.printed_text(letter)
    assert "DỰ THẢO" not in printed
    assert code in printed

    open_dossier(specialist, code)
    specialist.wait_for(specialist.page.get_by_role("link", name="Gửi công dân xác nhận", exact=True))
    assert "hồ sơ đang dừng" not in specialist.text
    steps.make_move(specialist, "Gửi công dân xác nhận")
    resident.page.reload()
    resident.follow("Xem và xác nhận")
    resident.page.get_by_role("radio").first.check()
    resident.press("Gửi trả lời")
    open_dossier(specialist, code)
    specialist.follow("Đồng ý, chuyển tiếp")
    specialist.choose("Chỉ xác nhận trong thời gian cư trú tại phường?", "Không")
    specialist.press("Đồng ý, chuyển tiếp")
    assert "Đã đồng ý và chuyển hồ sơ" in specialist.text


def open_dossier(officer, code: str) -> None:
    officer.open(f"/mot-cua/?q={code}")
    officer.follow(code)


def explain(specialist) -> str:
    """From the list of what waits for the specialist; the dossier's code."""
    specialist.open("/mot-cua/qua-han/")
    row = specialist.page.locator("tr", has_text=re.compile("chờ giải trình"))
    code = row.first.locator(".work__code").inner_text()
    specialist.follow(code)
    assert "Quá hạn, hồ sơ đang dừng" in specialist.text
    assert specialist.page.get_by_role("link", name="Gửi công dân xác nhận", exact=True).count() == 0
    specialist.follow("Giải trình")
    specialist.press("Giải trình")
    assert "Chọn nguyên nhân chủ quan hoặc khách quan." in specialist.text
    specialist.choose("Nguyên nhân thuộc về ai?", "Chủ quan: do cách làm của người hoặc bộ phận phụ trách")
    specialist.page.locator("textarea[name=text]").fill("Hồ sơ bị để sót khi bàn giao ca trực.")
    specialist.fill("Biện pháp khắc phục", "Thẩm định ngay trong ngày.")
    specialist.page.locator("input[type=file]").set_input_files([papers.photo("so-truc.jpg")])
    specialist.press("Giải trình")
    assert f"Đã gửi giải trình của hồ sơ {code}" in specialist.text
    return code


def accept(chairman, code: str) -> None:
    open_dossier(chairman, code)
    chairman.follow("Chấp nhận giải trình")
    assert "so-truc.jpg" in chairman.text
    chairman.press("Chấp nhận giải trình")


def draft(specialist, code: str) -> None:
    open_dossier(specialist, code)
    specialist.follow("Dự thảo thư xin lỗi")
    words = specialist.page.locator("textarea[name=text]")
    assert "Ông/Bà đã làm đầy đủ phần của mình" in words.input_value()
    words.fill(APOLOGY)
    anew = specialist.page.get_by_role("radio", name="Hẹn lại, chỉ được một lần")
    if anew.count():  # not asked once the first promise has passed
        anew.check()
    specialist.press("Dự thảo thư xin lỗi")
    assert "Đã trình ký thư xin lỗi" in specialist.text


def sign(chairman, code: str) -> None:
    open_dossier(chairman, code)
    chairman.follow("Ký thư xin lỗi")
    link = chairman.page.get_by_role("link", name="Mở dự thảo trong thẻ mới").get_attribute("href")
    seen = papers.printed_text(chairman.context.request.get(link).body())
    assert "DỰ THẢO" in seen
    assert "bàn giao việc" in seen
    assert CHAIRMAN in seen
    chairman.press("Ký thư xin lỗi")
    assert "Đã ký thư xin lỗi" in chairman.text
