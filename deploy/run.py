"""The whole portal in one terminal: `make run`.

Prepares the data folder, starts web, workers and beat, prints the address and the demo logins, and stops
everything when it is stopped itself. Each process is tied to this one by the kernel (setpriv --pdeathsig),
and this one to make, so that even a kill -9 anywhere in the chain leaves nothing behind.
"""

import ctypes
import fcntl
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
# One task at a time is plenty here, and asks for no shared memory, which a bare root may not offer.
WORKER = (
    "celery --quiet --app portal worker --pool solo --loglevel WARNING"
    " --without-gossip --without-mingle --without-heartbeat"
)
# One web process with threads: on the embedded default the cache lives in its memory.
PROCESSES = {
    "web": "gunicorn portal.wsgi --bind 127.0.0.1:{port} --workers 1 --worker-class gthread --threads 8"
    " --timeout 60 --graceful-timeout 3 --no-control-socket --log-level warning",
    "worker": f"{WORKER} --queues portal",
    "slow-worker": f"{WORKER} --queues portal-slow --hostname slow@%h",
    "beat": "celery --quiet --app portal beat --loglevel WARNING --pidfile=",
}
PATIENCE = 6.0  # seconds a process has to finish what it is doing before it is killed
SHORT_LIFE = 5.0  # seconds; what ends sooner after its start will not do better the next time


class Stopped(Exception):
    """Ctrl-C, a kill, a closed terminal, or the end of the make that started this."""


def main() -> None:
    port = free_port(os.environ.get("PORT") or "8000")
    data_dir = writable_folder(Path(os.environ.get("DATA_DIR") or ROOT / "var"))
    lock = only_user_of(data_dir)
    environment = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "DEMO": os.environ.get("DEMO", "true"),
        "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
    }
    running: dict[str, subprocess.Popen[str]] = {}
    stop_with_parent()
    heed(stop)
    try:
        running["prepare"] = start("python manage.py prepare --demo", environment, stdout=subprocess.PIPE)
        said, _ = running["prepare"].communicate()
        if code := running.pop("prepare").returncode:
            sys.exit(code)
        keep_running(running, environment, lambda: announce(json.loads(said), port, data_dir))
    except Stopped:
        print("\nStopping.", flush=True)
    finally:
        heed(signal.SIG_IGN)  # stopping is under way; a second Ctrl-C must not cut it short
        end(running.values())
        lock.close()


def keep_running(running: dict[str, subprocess.Popen[str]], environment: dict[str, str], announce: Callable) -> None:
    """Start each process, and start it again when it is killed; give up on one that cannot live at all."""
    port = environment["PORT"]
    started_at = {}
    serving = announced = False
    while True:
        for name in PROCESSES if serving else ["web"]:  # first what a person waits for
            process = running.get(name)
            if process and process.poll() is None:
                continue
            if process:
                end([process])  # what it left behind
                ended = f"{name} ended by itself (exit code {process.returncode})"
                if not announced or time.monotonic() - started_at[name] < SHORT_LIFE:
                    sys.exit(f"{ended}; stopping the others.")
                print(f"{ended}; starting it again.", flush=True)
            running[name] = start(PROCESSES[name].format(port=port), environment)
            started_at[name] = time.monotonic()
        if serving and not announced:
            announce()
            announced = True
        serving = serving or answers(port)
        time.sleep(0.1)


def free_port(text: str) -> int:
    try:
        port = int(text)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (ValueError, OverflowError):
        sys.exit(f"PORT must be a number up to 65535, not {text!r}.")
    except OSError as error:
        sys.exit(f"Port {text} cannot be used: {error.strerror}. Choose another, for example: make run PORT=8001")
    return port


def writable_folder(path: Path) -> Path:
    path = path.resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        sys.exit(f"Cannot write to the data folder {path}: {error.strerror}. Choose another with DATA_DIR=…")


def only_user_of(data_dir: Path) -> TextIO:
    """Two portals on one folder would share a queue and sweep it twice."""
    lock = open(data_dir / "run.lock", "w")  # noqa: SIM115 - held until the end
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"A portal is already running on the data folder {data_dir}. Choose another with DATA_DIR=…")
    return lock


def stop_with_parent() -> None:
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def heed(handler: Callable | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def stop(number: int, frame: object) -> None:
    heed(signal.SIG_IGN)
    raise Stopped


def start(command: str, environment: dict[str, str], stdout: int | None = None) -> subprocess.Popen[str]:
    """In a session of its own: the terminal's Ctrl-C reaches this process alone, which stops the rest in order."""
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *shlex.split(command)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        text=True,
        start_new_session=True,
    )


def end(processes: Collection[subprocess.Popen[str]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):  # what the worker was doing is still promised in the outbox
            process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # it, or children it left


def answers(port: str) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def announce(demo: dict, port: int, data_dir: Path) -> None:
    one_per_role = {account["role"]: account for account in reversed(demo["accounts"])}
    rows = [("role", "ward", "login", "password")]
    rows += [
        (account["role"], account["ward"] or "", account["login"], account["password"])
        for account in reversed(one_per_role.values())
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    print(f"\nThe portal is running at http://localhost:{port}/   (Ctrl-C stops it; its data stays in {data_dir})\n")
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(f"\nEvery login of every ward: DEMO=true DATA_DIR={data_dir} .venv/bin/python manage.py demo\n", flush=True)


if __name__ == "__main__":
    main()
