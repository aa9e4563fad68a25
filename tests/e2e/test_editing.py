"""An announcement in the editors' hands: written in two minutes, spoken about, sent, let out, compared and restored."""

import re
from datetime import datetime, timedelta

import pytest

from portal.core.calendar import VIETNAM
from portal.demo.people import STAFF

from . import papers
from .editors import act, at_work

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
TITLE = "Phun thuốc diệt muỗi ở Chung cư Sen Hồng"
SUMMARY = "Phun sáng thứ Bảy từ 7 giờ; đóng cửa sổ và đậy thức ăn."
CHANGED = "Phun sáng Chủ nhật từ 7 giờ; đóng cửa sổ và đậy thức ăn."
DESCRIPTION = "Nhân viên y tế phun thuốc ở sân chung"
EDITOR = next(person.names[0] for person in STAFF if person.login == "bien-tap")
REMARK = "Ghi thêm giờ phun của khối B"


def lead_to(someone, control) -> None:
    with someone.page.expect_navigation():
        control.click()
    someone.look()


def answered(someone) -> str:
    return someone.page.locator(".messages").inner_text()


def upload_in_dialog(someone, opens: str, kind: str, file: dict) -> None:
    """What is uploaded where it is chosen is chosen; its title comes from the name of the file."""
    someone.page.get_by_role("button", name=opens).first.click()
    dialog = someone.page.locator(".modal-content")
    dialog.get_by_role("tab", name="Tải lên").click()
    dialog.locator(f"[name={kind}-chooser-upload-file]").set_input_files([file])
    title = file["name"].partition(".")[0]
    someone.page.wait_for_function(
        "([name, title]) => document.querySelector(`[name=${name}-chooser-upload-title]`).value === title",
        arg=[kind, title],
    )
    dialog.get_by_role("tabpanel").get_by_role("button", name="Tải lên").click()
    dialog.wait_for(state="hidden")


def write(editor) -> None:
    """The two minutes: what an ordinary announcement needs, a picture and a paper with it."""
    editor.follow("Thông báo mới")
    field = editor.page.locator
    field("[name=title]").fill(TITLE)
    field("[name=kind]").select_option(label="Tiêm chủng, phòng dịch")
    field("[name=summary]").fill(SUMMARY)
    upload_in_dialog(editor, "Chọn ảnh", "image", papers.photo("phun-thuoc.jpg"))
    field("[name=picture_alt]").fill(DESCRIPTION)
    editor.page.get_by_role("button", name="Chèn khối").first.click()
    editor.page.get_by_role("option", name="Tệp đính kèm").click()
    upload_in_dialog(editor, "Chọn tệp", "document", papers.scan("Lịch phun.pdf", pages=1))
    field("[name=audience]").select_option(label="Một số tòa nhà, khối, tầng")
    editor.page.get_by_role("button", name="Thêm Nơi được thông báo").click()
    field("[name=audience_parts-0-building]").select_option(label="Chung cư Sen Hồng")


def remark(editor, text: str) -> None:
    """On the summary; it is kept with the draft."""
    page = editor.page
    page.get_by_role("button", name="Hiện nhận xét").click()
    page.locator("[data-contentpath=summary] [data-comment-add]").click()
    page.locator(".comment textarea").fill(text)
    page.locator(".comment").get_by_role("button", name="Nhận xét").click()


def set_schedule(someone, *, up: datetime | None, down: datetime) -> None:
    page = someone.page
    if not page.get_by_role("button", name=re.compile("^(Đặt|Sửa) lịch")).first.is_visible():
        page.get_by_role("button", name="Hiện trạng thái").click()
    page.get_by_role("button", name=re.compile("^(Đặt|Sửa) lịch")).first.click()
    dialog = page.locator("#schedule-publishing-dialog")
    for name, moment in (("go_live_at", up), ("expire_at", down)):
        dialog.locator(f"[name={name}]").fill(f"{moment:%Y-%m-%d %H:%M}" if moment else "")
        calendar = page.locator(".xdsoft_datetimepicker:visible")
        calendar.wait_for()
        dialog.locator(".w-dialog__title").click()
        calendar.wait_for(state="hidden")
    with page.expect_navigation():
        dialog.get_by_role("button", name="Lưu lịch").click()
    someone.look()


def test_written_remarked_on_sent_let_out_and_restored(arrives):
    now = datetime.now(VIETNAM)
    editor = at_work(arrives, "bien-tap")
    write(editor)
    act(editor, "[name=action-submit]")
    assert f"ửi duyệt “{TITLE}”" in answered(editor)

    # The approver calls the editor by name, and hears back of nothing that is not theirs.
    officer = at_work(arrives, "van-hoa")
    officer.follow(TITLE)
    edited = officer.path
    assert officer.page.locator("footer button:visible").first.inner_text() == "Duyệt và đăng"
    remark(officer, f"@{EDITOR.lower()} {REMARK}")
    act(officer, "button:has-text('Lưu nháp')")
    editor.open("/thong-bao-cua-toi/")
    assert f"Nhận xét mới: {TITLE}" in editor.text
    assert REMARK in editor.text

    # Up at its time, down at its end: approved, it waits, and may be called back to go up at once.
    officer.open(edited)
    set_schedule(officer, up=now + timedelta(days=2), down=now + timedelta(days=20))
    act(officer, "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])")
    officer.open("/bien-tap/")
    assert TITLE in officer.page.get_by_role("region", name=re.compile("^Hẹn giờ đăng")).inner_text()
    reader = arrives(width=360, script=False)
    reader.open("/viet-hung/")
    assert TITLE not in reader.text
    officer.open(edited)
    lead_to(officer, officer.page.get_by_role("button", name="Hủy lịch đăng"))
    officer.open(edited)
    set_schedule(officer, up=None, down=now + timedelta(days=20))
    act(officer, "[name=action-publish]")
    reader.open("/viet-hung/")
    reader.follow(TITLE)
    assert SUMMARY in reader.text
    assert "Chung cư Sen Hồng" in reader.text
    assert reader.page.get_by_role("img", name=DESCRIPTION).count() == 1
    assert reader.page.get_by_role("link", name=re.compile("Lịch phun")).count() == 1
    address = reader.path

    # Changed, compared with what it was, and given back.
    officer.open(edited)
    officer.page.locator("[name=summary]").fill(CHANGED)
    act(officer, "[name=action-publish]")
    reader.open(address)
    assert CHANGED in reader.text
    officer.open(edited.replace("/edit/", "/history/"))
    versions = officer.page.locator("table [data-w-dropdown-target=toggle]")
    versions.first.click()
    lead_to(officer, officer.page.get_by_role("link", name="So với bản trước"))
    difference = officer.page.locator("main table")
    assert "thứ Bảy" in difference.locator(".deletion").inner_text()
    assert "Chủ nhật" in difference.locator(".addition").inner_text()
    officer.open(edited.replace("/edit/", "/history/"))
    versions.nth(1).click()
    lead_to(officer, officer.page.get_by_role("link", name="Xem lại bản này"))
    assert officer.page.locator("footer button:visible").first.inner_text() == "Đăng bản này"
    act(officer, "[name=action-publish]")
    reader.open(address)
    assert SUMMARY in reader.text

    # No law keeps this one up: it comes down when the approver says so.
    officer.open(edited)
    act(officer, "a[href$='/unpublish/']")
    lead_to(officer, officer.page.get_by_role("button", name="Gỡ", exact=True))
    reader.open("/viet-hung/")
    assert TITLE not in reader.text
