"""Real servers for the length of a measurement."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

_processes: dict[str, int] = {}  # host and port → the process that started the workers there


def processor_seconds(address: str) -> float:
    """How long the workers of a server of ours have worked, as Linux counts it."""
    parent = _processes[urlsplit(address).netloc]
    workers = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    counts = (Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in workers)
    return sum(int(count[11]) + int(count[12]) for count in counts) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def gunicorn(application: str, *, folder: Path | None = None, **environment: str) -> Iterator[str]:
    """Two sync workers, as design measurements use; yields the base address. `folder`: where the application lies."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [*command, "--log-level", "error"],
        env={**os.environ, **environment},
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    _processes[f"127.0.0.1:{port}"] = server.pid
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for(address: str, seconds: int = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)
