"""`make run`, from the outside: what it refuses in one line, and that it leaves nothing behind."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def refusal(**environment: str) -> str:
    """What `deploy/run.py` says when it does not start."""
    done = subprocess.run(
        [sys.executable, ROOT / "deploy" / "run.py"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr.strip()


def test_a_taken_port_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal(PORT=str(port), DATA_DIR=str(tmp_path))
    assert (
        said == f"Port {port} cannot be used: Address already in use. Choose another, for example: make run PORT=8001"
    )


@pytest.mark.parametrize("port", ["abc", "70000"])
def test_a_port_that_is_none_is_one_clear_line(tmp_path, port):
    assert refusal(PORT=port, DATA_DIR=str(tmp_path)) == f"PORT must be a number up to 65535, not '{port}'."


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    said = refusal(PORT="0", DATA_DIR=str(in_the_way / "data"))
    assert said == (
        f"Cannot write to the data folder {in_the_way / 'data'}: Not a directory. Choose another with DATA_DIR=…"
    )


def test_two_portals_do_not_share_a_data_folder(tmp_path):
    with open(tmp_path / "run.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = refusal(PORT="0", DATA_DIR=str(tmp_path))
    assert said == f"A portal is already running on the data folder {tmp_path}. Choose another with DATA_DIR=…"


def test_each_queue_has_a_worker():
    commands = re.findall(r"--queues (\S+?)[\s\"]", (ROOT / "deploy" / "run.py").read_text())
    units = [
        asked[1]
        for unit in (ROOT / "deploy" / "systemd").iterdir()
        if (asked := re.search(r"^ExecStart=.* --queues (\S+)", unit.read_text(), re.MULTILINE))
    ]
    assert sorted(commands) == sorted(units) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)


@pytest.fixture
def supervised(tmp_path):
    """The supervisor over two harmless processes in place of the portal's; ends whatever a test leaves."""
    driver = tmp_path / "driver.py"
    driver.write_text(
        textwrap.dedent(
            f"""
            import sys
            sys.path.insert(0, {str(ROOT / "deploy")!r})
            import run
            run.PROCESSES = {{"web": "sleep 86401", "worker": "sh -c 'sleep 86402 & wait'"}}
            run.SHORT_LIFE = 0
            run.answers = lambda port: True
            start = run.start
            def with_prepare(command, environment, stdout=None):
                if stdout:
                    command = "echo '{{\\"accounts\\": []}}'"
                process = start(command, environment, stdout)
                print("pid", process.pid, flush=True)
                return process
            run.start = with_prepare
            run.main()
            """
        )
    )
    process = subprocess.Popen(
        [sys.executable, driver],
        env={**os.environ, "PORT": "0", "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    pids = [int(line.split()[1]) for line in (process.stdout.readline() for _ in range(3))][1:]
    while "The portal is running" not in process.stdout.readline():
        pass
    while any(b"setpriv" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids):
        time.sleep(0.01)  # not tied to the supervisor before it has become what it runs
    yield process, pids
    for pid in [process.pid, *pids]:
        if alive(pid):
            os.killpg(pid, signal.SIGKILL)
    process.wait()


def alive(pid: int) -> bool:
    """A process that is not a zombie waiting for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def all_gone(pids: list[int], *, within: float) -> bool:
    deadline = time.monotonic() + within
    while any(alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_however_it_is_stopped(supervised, number):
    process, pids = supervised
    process.send_signal(number)
    assert all_gone([process.pid, *pids], within=10)


def test_a_killed_process_is_started_again(supervised):
    process, (web, worker) = supervised
    os.kill(worker, signal.SIGKILL)
    said = ""
    while not said.startswith("pid"):
        said = process.stdout.readline()
    assert alive(int(said.split()[1]))
    assert alive(web)
    process.send_signal(signal.SIGINT)
    assert all_gone([process.pid, web, int(said.split()[1])], within=10)
