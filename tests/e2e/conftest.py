"""The portal as `make run` starts it, with its demo data, its worker and its beat, seen through Chromium.

The tests themselves never touch the database; what they know they read on the screen.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy import run
from tests import live
from tests.browser import browser_type_launch_args, playwright_beside_the_database  # noqa: F401 - its fixtures

from .visitor import Visitor

PATIENCE = 120  # seconds until a process answers, on a busy machine


@dataclass(frozen=True)
class Portal:
    url: str
    data: Path

    @property
    def root_certificate(self) -> bytes:
        return (self.data / "keys" / "authority" / "root.crt").read_bytes()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """A data folder with the demo; made once, however many workers ask for it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "portal"
    with open(shared / "portal.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = shared / "portal-unfinished"
            live.prepare(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def portal(prepared, tmp_path_factory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("e2e") / "data"
    shutil.copytree(prepared, folder)
    with live.running(folder) as url:
        yield Portal(url, folder)


@pytest.fixture(scope="session")
def strict_portal(portal) -> Iterator[Portal]:
    """The same portal as it stands outside the demo: officers need a second factor."""
    port = live.free_port()
    environment = live.environment_of(portal.data, PORT=port, SECOND_FACTOR_REQUIRED="true")
    web = run.start(run.PROCESSES["web"].format(port=port), environment)
    try:
        deadline = time.monotonic() + PATIENCE
        while not run.answers(port):
            assert web.poll() is None, "the web process ended by itself"
            assert time.monotonic() < deadline, "the web process does not answer"
            time.sleep(0.1)
        yield Portal(f"http://localhost:{port}", portal.data)
    finally:
        run.end([web])


@pytest.fixture
def arrives(browser, portal) -> Iterator:
    """`arrives(width=360, script=False)`: somebody opens a browser of their own."""
    visitors = []

    def somebody(*, width: int = 1280, script: bool = True, at: Portal = portal) -> Visitor:
        visitors.append(Visitor(browser, at.url, width=width, script=script))
        return visitors[-1]

    yield somebody
    for visitor in visitors:
        visitor.leave()
