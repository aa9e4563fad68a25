"""The desk from the keyboard: along the list, into a dossier, to the search; and the switch that stops it."""

import pytest

from portal.demo.people import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


@pytest.fixture
def clerk(arrives):
    clerk = arrives()
    clerk.sign_in("mot-cua@viet-hung.example", PASSWORD)
    clerk.open("/mot-cua/?xem=phuong")
    return clerk


def focused(visitor) -> str:
    return visitor.page.evaluate("document.activeElement.textContent.trim()")


def test_single_keys_move_open_and_search(clerk):
    page = clerk.page
    codes = page.locator("[data-open]").all_inner_texts()
    for key, code in (("j", codes[0]), ("j", codes[1]), ("k", codes[0])):
        page.keyboard.press(key)
        assert focused(clerk) == code

    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Phím tắt").is_visible()
    page.keyboard.press("j")  # rests behind the dialog
    page.keyboard.press("Escape")

    page.keyboard.press("/")
    page.keyboard.type("jok?a/")  # letters, while something is being typed
    assert page.get_by_role("searchbox").input_value() == "jok?a/"
    page.locator("body").click(position={"x": 1, "y": 1})

    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("o")
    assert codes[0] in clerk.text
    clerk.look()


def test_a_page_of_dossiers_is_ticked_at_once_and_the_bar_counts_them(clerk):
    page = clerk.page
    boxes, bar, every = page.locator("tbody [name=ho_so]"), page.locator(".batch"), page.get_by_label("Chọn tất cả")
    assert not bar.is_visible()

    every.check()
    assert bar.inner_text().startswith(f"{boxes.count()} ·")
    boxes.first.uncheck()
    assert (every.is_checked(), bar.inner_text().startswith(f"{boxes.count() - 1} ·")) == (False, True)
    clerk.look()


def test_switched_off_the_keys_do_nothing(clerk):
    page = clerk.page
    clerk.press("Tắt phím tắt")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.keyboard.press("?")
    assert not page.get_by_role("dialog").count()

    clerk.press("Bật phím tắt")
    page.keyboard.press("j")
    assert focused(clerk) == page.locator("[data-open]").first.inner_text()
