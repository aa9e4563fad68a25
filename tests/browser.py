"""The fixtures of whatever looks with Chromium; a module that imports them has them."""

import pytest

from tests import live


@pytest.fixture(scope="session", autouse=True)
def playwright_beside_the_database():
    """Playwright keeps a loop in this thread; tests that run here after it would be refused the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": live.CHROMIUM, "args": live.FLAGS}
