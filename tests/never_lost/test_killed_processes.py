"""Processes are really killed; every dossier still ends with exactly one receipt and one result, and everybody is told once.

Runs on the embedded default (SQLite, filesystem broker) and, under `make test`, again on PostgreSQL
and Redis: whatever DATABASE_URL and REDIS_URL say.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

pytestmark = [pytest.mark.postgres, pytest.mark.broker]

UNREACHABLE = "redis://127.0.0.1:1/0"
PATIENCE = 90  # seconds
CELERY = ("-m", "celery", "--quiet", "--app", "portal")


class Portal:
    """An install of its own: a folder, a database, processes that can be killed."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.environment = {
            **os.environ,
            **own_broker(),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "TESTING": "false",
            "DEMO": "true",
            "OUTBOX_LEASE_SECONDS": "4",
            "OUTBOX_SWEEP_SECONDS": "1",
            "OUTBOX_HINT_AGAIN_SECONDS": "2",
        }

    def act(self, name: str, **changes: str) -> dict:
        done = subprocess.run(
            [sys.executable, "-m", "tests.never_lost.story", name],
            env={**self.environment, **changes},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}

    @contextmanager
    def running(self, *command: str):
        process = subprocess.Popen(
            [sys.executable, *command],
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            kill(process)

    def worker(self, *options: str):
        """One that serves both queues, as it does when it is not told which."""
        return self.running(*CELERY, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle", *options)

    def beat(self):
        return self.running(*CELERY, "beat", "--pidfile=")

    def carrying_out(self, plan: int):
        return self.running("manage.py", "carry_out", str(plan))

    def wait_for_lease(self) -> None:
        """Until a worker holds a promise. Asked of the database itself: on a fast machine it is short."""
        deadline = time.monotonic() + PATIENCE
        with closing(connect(self.environment["DATABASE_URL"])) as connection:
            while not connection.execute("SELECT count(*) FROM core_job WHERE leased_until IS NOT NULL").fetchone()[0]:
                assert time.monotonic() < deadline
                time.sleep(0.01)

    def wait_for_letters(self, number: int) -> None:
        """Until so many mails of an announcement were sent."""
        self.wait_for_rows("subscriptions_letter WHERE sent_at IS NOT NULL", number)

    def wait_for_moves(self, number: int) -> None:
        """Until so many dossiers have gone to another ward."""
        self.wait_for_rows("core_auditevent WHERE action = 'change_ward'", number)

    def wait_for_rows(self, which: str, number: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.count(which) < number:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def count(self, which: str) -> int:
        """Rows, asked of the database itself: quicker than a process of Django."""
        with closing(connect(self.environment["DATABASE_URL"])) as connection:
            return connection.execute(f"SELECT count(*) FROM {which}").fetchone()[0]  # noqa: S608 - our own words

    def wait_until(self, holds, *, act: str = "report") -> dict:
        deadline = time.monotonic() + PATIENCE
        while True:
            seen = self.act(act)
            if holds(seen):
                return seen
            assert time.monotonic() < deadline, seen
            time.sleep(0.2)


def connect(url: str):
    if url.startswith("sqlite"):
        return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)
    import psycopg  # noqa: PLC0415 - only where there is a PostgreSQL

    return psycopg.connect(url, autocommit=True)


def kill(process: subprocess.Popen) -> None:
    """kill -9 to the process and its children, as a machine that loses power would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A migrated database, made once; each test works on a copy."""
    folder = tmp_path_factory.mktemp("migrated")
    with new_database(folder) as url:
        Portal(folder, url).act("prepare")
        yield url


@pytest.fixture
def install(tmp_path, migrated):
    with new_database(tmp_path, like=migrated) as url:
        yield Portal(tmp_path, url)


@contextmanager
def new_database(folder: Path, *, like: str = ""):
    """The address of a database of its own, on the server of this run, empty or a copy."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), folder / "portal.sqlite3")
        yield f"sqlite:///{folder / 'portal.sqlite3'}"
        return
    import psycopg  # noqa: PLC0415 - only where there is a PostgreSQL

    name = f"lost_{uuid.uuid4().hex[:12]}"
    copy = f" TEMPLATE {urlsplit(like).path[1:]}" if like else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{copy}")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def own_broker() -> dict[str, str]:
    """An empty Redis database of this test, where there is a Redis: a hint is only a number, and another test's fits."""
    server = os.environ.get("REDIS_URL", "")
    if not server:
        return {}
    import redis  # noqa: PLC0415 - only where there is one

    number = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])  # below are the caches of tests/settings.py
    url = urlunsplit(urlsplit(server)._replace(path=f"/{number}"))
    redis.Redis.from_url(url).flushdb()
    return {"REDIS_URL": url}


def kinds(seen: dict) -> list[str]:
    return sorted(document["kind"] for document in seen["documents"])


def all_whole(seen: dict) -> bool:
    return all(document["state"] == "issued" and document["read"] == "%PDF-" for document in seen["documents"])


def test_a_worker_killed_while_it_makes_a_pdf_leaves_one_receipt_and_one_result(install):
    install.act("submit")
    install.act("walk")
    with install.worker() as first, install.beat():
        install.wait_for_lease()
        kill(first)
        interrupted = install.act("report")
        with install.worker():
            seen = install.wait_until(lambda seen: seen["waiting"] == 0)

    assert interrupted["waiting"] > 0
    assert kinds(seen) == ["acknowledgement", "receipt", "result"]
    assert all_whole(seen)


def test_a_dossier_is_sent_while_the_broker_is_down_and_its_papers_follow(install):
    # The embedded broker is a folder: one that cannot be made stands for a broker that is away.
    if "REDIS_URL" in install.environment:
        told = install.act("submit", REDIS_URL=UNREACHABLE)
    else:
        queue = Path(install.environment["DATA_DIR"]) / "queue"
        queue.write_text("")
        told = install.act("submit")
        queue.unlink()

    before = install.act("report")
    with install.worker(), install.beat():
        seen = install.wait_until(lambda seen: seen["waiting"] == 0)

    assert told["code"].endswith("-0001")
    assert [document["state"] for document in before["documents"]] == ["pending"]
    assert kinds(seen) == ["acknowledgement"]
    assert all_whole(seen)


def test_a_notice_is_sent_while_a_flood_of_papers_stands_still(install):
    install.act("flood")
    with install.worker("--queues", "portal-slow", "--hostname", "slow@%h") as slow:
        install.wait_for_lease()
        os.killpg(slow.pid, signal.SIGSTOP)
        printed = install.count("documents_issueddocument WHERE state = 'issued'")
        with install.worker("--queues", "portal"):
            install.wait_for_rows("core_delivery WHERE sent_at IS NOT NULL", 1)
            printed_meanwhile = install.count("documents_issueddocument WHERE state = 'issued'") - printed

    assert printed < 50
    assert printed_meanwhile == 0


def test_workers_killed_while_they_write_to_an_announcements_readers_leave_nobody_out(install):
    install.act("announce")
    with install.beat():
        for sent in (20, 130):
            with install.worker() as worker:
                install.wait_for_letters(sent)
                kill(worker)
        interrupted = install.act("mailbox")
        with install.worker():
            seen = install.wait_until(lambda seen: seen["waiting"] == 0, act="mailbox")

    assert interrupted["waiting"] > 0
    assert seen["readers"] == 250
    # A mail each worker had under way may have gone before it could say so.
    assert 250 <= seen["mails"] <= 252


def test_a_worker_killed_while_it_tells_a_house_of_a_notice_tells_each_of_its_people_once(install):
    install.act("put_up")
    with install.beat():
        with install.worker() as worker:
            install.wait_for_rows("core_notification", 1000)
            kill(worker)
        told = install.count("core_notification")
        # What was told and how far the telling says it has got are one transaction.
        assert install.count(f"notices_telling WHERE told = {told} AND finished_at IS NULL") == 1
        with install.worker():
            install.wait_for_rows("notices_telling WHERE finished_at IS NOT NULL", 1)
            seen = install.wait_until(lambda seen: seen["waiting"] == 0, act="told")

    assert 1000 <= told < 5000
    assert (seen["people"], seen["times"], seen["told"]) == (5000, [1], 5000)
    # The mail the worker had under way may have gone before it could say so.
    assert seen["readers"] == 40
    assert seen["mails"] in (40, 41)


def test_a_reorganisation_killed_twice_moves_everything_once(install):
    before = install.act("wards")
    for moves in (3, 12):
        with install.carrying_out(before["plan"]) as process:
            install.wait_for_moves(moves)
            kill(process)
        assert install.count("buildings_reorganisation WHERE done_at IS NULL") == 1
    with install.carrying_out(before["plan"]) as process:
        assert process.wait(PATIENCE) == 0
    seen = install.act("moved")

    assert seen["done"]
    assert seen["facts"] == before["facts"]
    assert seen["where"] == [
        ["bang-lang", "thuong-thanh", 1],
        ["lua-vang", "thuong-thanh", 10],
        ["ven-song", "viet-hung", 10],
    ]
    assert seen["buildings"] == {"bang-lang": "thuong-thanh", "lua-vang": "thuong-thanh", "ven-song": "viet-hung"}
    assert seen["changes"] == seen["told"] == [1] * 21
    assert seen["events"] == [
        f"reorganisation.{event}" for event in ("assigned", "begun", "confirmed", "done", "drafted")
    ]
    assert (seen["positions"], seen["left"], seen["broken"]) == (1, 0, 0)
