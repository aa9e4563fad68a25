"""Outside the demo an officer reaches the desk by two factors only."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from portal.demo.people import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


def test_an_officer_sets_up_the_second_factor_before_the_desk_opens(arrives, strict_portal):
    officer = arrives(at=strict_portal)
    officer.sign_in("mot-cua@giang-bien.example", PASSWORD)
    assert officer.heading == "Xác nhận đó là bạn"
    assert "Vị trí công tác của bạn cần xác thực hai lớp." in officer.text
    officer.page.locator("input[type=password]").fill(PASSWORD)
    officer.press("Tiếp tục")
    officer.open("/mot-cua/")
    assert officer.heading == "Bật xác thực hai lớp"
    officer.fill("Mã xác nhận", code_of(officer.page.locator(".code-display__code").inner_text()))
    officer.press("Bật")
    officer.open("/mot-cua/")
    assert officer.heading == "Bộ phận Một cửa"

    later = arrives(at=strict_portal)
    later.sign_in("mot-cua@giang-bien.example", PASSWORD)
    assert later.page.get_by_label("Mã xác nhận").is_visible()
    later.page.goto("/mot-cua/")
    assert later.heading == "Xác thực hai lớp"


def code_of(secret: str) -> str:
    """What the app on the officer's phone shows."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))
