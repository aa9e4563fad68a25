"""The components in a real browser: seen by axe, on the narrowest phone, in both schemes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import path

from portal import urls as portal_urls
from portal.core.gallery import gallery
from tests.browser import browser_type_launch_args, playwright_beside_the_database  # noqa: F401 - its fixtures

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

urlpatterns = [path("_thanh-phan/", gallery), *portal_urls.urlpatterns]


@pytest.fixture
def address(live_server, settings):
    settings.ROOT_URLCONF = __name__
    return f"{live_server.url}/_thanh-phan/?loi=1"


@pytest.fixture
def seen(browser, address):
    """Opens the gallery and gives the page; nothing on it may be missing or refused."""
    contexts = []

    def look(*, width: int, scheme: str = "light", java_script_enabled: bool = True):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale="vi-VN",
            java_script_enabled=java_script_enabled,
        )
        contexts.append(context)
        page = context.new_page()
        wrong = []
        page.on("response", lambda response: wrong.append(response.url) if response.status >= 400 else None)
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(address)
        assert wrong == []
        return page

    yield look
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(seen, width, scheme):
    page = seen(width=width, scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_nothing_is_wider_than_the_narrowest_phone(seen):
    page = seen(width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_everything_to_press_is_large_enough_for_a_thumb(seen):
    page = seen(width=360)
    small = page.evaluate(
        """[...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
        .filter((each) => each.offsetParent && !each.closest("p, .inset, .skip-link"))
        .filter((each) => !each.classList.contains("skip-link"))
        .filter((each) => (each.closest(".choice") ?? each).getBoundingClientRect().height < 43.5)
        .map((each) => each.outerHTML)"""
    )
    assert small == []


def test_reading_starts_at_the_error_summary(seen):
    page = seen(width=360)
    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_the_skip_link_shows_itself_to_those_who_tab(seen):
    page = seen(width=1280)
    page.evaluate("document.activeElement.blur()")
    page.locator(".skip-link").focus()
    assert page.locator(".skip-link").bounding_box()["height"] >= 44
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"


def test_without_script_there_is_nothing_that_cannot_be_used(seen):
    page = seen(width=360, java_script_enabled=False)
    assert page.get_by_role("button", name="Chép mã").count() == 0
    assert page.get_by_role("button", name="Tải lên").count() == 1
