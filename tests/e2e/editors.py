"""Steps of those who write for a ward, in the editors' admin."""

from portal.demo.people import PASSWORD


def at_work(arrives, login: str, **window):
    """Somebody of Việt Hưng, signed in, on the first screen of the editors' admin."""
    someone = arrives(**window)
    someone.sign_in(f"{login}@viet-hung.example", PASSWORD)
    someone.open("/bien-tap/")
    return someone


def act(someone, control: str) -> None:
    """One of the actions at the foot: the rarer ones stand behind the button that unfolds them."""
    sought = someone.page.locator(f"footer {control}")
    if not sought.is_visible():
        someone.page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with someone.page.expect_navigation():
        sought.click()
    someone.look()
