"""A portal that really runs, and the browser that looks at it: for the journeys and the screenshots."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def environment_of(folder: Path, **changes: str) -> dict[str, str]:
    """The embedded default on this data folder, whatever the tests beside it run on."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "S3_BUCKET"}
    }
    return {
        **inherited,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "TESTING": "false",
        "DEMO": "true",
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
        "UNDO_SECONDS": "0",
        "PYTHONWARNINGS": "ignore",
        **changes,
    }


def prepare(folder: Path) -> None:
    """Database, static files and demo data, as the first `make run` makes them."""
    manage(folder, "prepare", "--demo")


def manage(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment_of(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed: {done.stderr}")
    return done.stdout


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """`make run` on this data folder: web, workers and beat. Gives the address; ends all of it."""
    port = free_port()
    with open(folder / "run.log", "w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, ROOT / "deploy" / "run.py"],
            env=environment_of(folder, PORT=port),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            if not any("is running" in line for line in process.stdout or ()):
                raise RuntimeError(f"the portal did not start: {(folder / 'run.log').read_text()}")
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
