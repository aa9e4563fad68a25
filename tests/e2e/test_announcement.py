"""Two hands publish an announcement, a reader finds it on a phone, and the law keeps it up until a leader says why not."""

import re
from datetime import datetime

import pytest

from portal.core.calendar import VIETNAM

from .editors import act, at_work

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
TITLE = "Danh sách hộ được hỗ trợ bảo hiểm y tế năm 2027"
SUMMARY = "Xem danh sách 42 hộ; thiếu tên thì báo phường trước ngày 15/12."
REASON = "Danh sách in nhầm số căn cước của người dân."


def listed(someone, heading: str):
    """The rows of one list of the first screen."""
    return someone.page.get_by_role("region", name=re.compile(f"^{heading}")).locator("li")


def write(editor) -> None:
    editor.follow("Thông báo mới")
    field = editor.page.locator
    field("[name=title]").fill(TITLE)
    field("[name=kind]").select_option(label="Trợ cấp, hộ nghèo, bảo hiểm y tế")
    field("[name=summary]").fill(SUMMARY)
    field("[name=decision_date]").fill(datetime.now(VIETNAM).date().isoformat())
    field("[name=title]").click()  # away from the calendar that unfolded


def test_from_the_editors_desk_to_the_ward_home_and_down_again(arrives):
    editor = at_work(arrives, "bien-tap")
    write(editor)
    assert editor.page.locator("footer [name=action-publish]").count() == 0
    act(editor, "[name=action-submit]")
    editor.open("/bien-tap/")
    assert TITLE in listed(editor, "Bạn đã gửi duyệt").all_inner_texts()[0]

    reader = arrives(width=360, script=False)
    reader.open("/viet-hung/")
    assert TITLE not in reader.text

    officer = at_work(arrives, "van-hoa")
    officer.follow(TITLE, within=listed(officer, "Chờ bạn duyệt"))
    edited = officer.path
    act(officer, "[data-workflow-action-name=approve]:not([data-workflow-action-modal-url])")

    reader.open("/viet-hung/")
    reader.follow(TITLE)
    assert reader.heading == TITLE
    assert SUMMARY in reader.text
    assert "Trợ cấp, hộ nghèo, bảo hiểm y tế" in reader.text
    address = reader.path

    officer.open(edited)
    act(officer, "a[href$='/unpublish/']")
    assert "phải được công khai liên tục 30 ngày" in officer.page.locator("body").inner_text()
    assert officer.page.get_by_role("link", name="Cho gỡ sớm").count() == 0  # that is for a leader
    kept = officer.path
    reader.open(address)
    assert reader.heading == TITLE

    leader = at_work(arrives, "chu-tich")
    leader.open(kept)
    leader.follow("Cho gỡ sớm")
    leader.press("Ghi lý do")
    assert leader.page.get_by_label("Vì sao gỡ sớm?").get_attribute("aria-invalid") == "true"
    leader.fill("Vì sao gỡ sớm?", REASON)
    leader.press("Ghi lý do")
    assert REASON in leader.text
    assert "Không còn trên cổng" in leader.text
    reader.open("/viet-hung/")
    assert TITLE not in reader.text
