"""Run a command with a PostgreSQL and a Redis of its own: `python deploy/throwaway_servers.py pytest -m postgres`.

With `--bucket` before the command it gets an S3 service too. All listen on free ports of this machine only, keep
their data in a temporary folder or in memory and end with the command, whatever ends it. The command finds them in
DATABASE_URL, REDIS_URL and S3_BUCKET with what belongs to it.
"""

import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]  # nothing here outlives the command


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as servers:
        folder = Path(tempfile.mkdtemp(prefix="portal-servers-"))
        servers.callback(shutil.rmtree, folder, ignore_errors=True)
        environment = {
            **os.environ,
            "DATABASE_URL": servers.enter_context(postgresql(folder)),
            "REDIS_URL": servers.enter_context(redis(folder)),
        }
        if command[0] == "--bucket":
            environment |= servers.enter_context(bucket(folder))
            command = command[1:]
        return subprocess.run(["setpriv", "--pdeathsig=TERM", *command], env=environment, check=False).returncode


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(command: list[str], *, log: Path, ready: list[str | Path], last_signal: int):
    """A process that ends with this one and answers, as `ready` can tell, within half a minute."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while subprocess.run(ready, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{' '.join(command)} does not start:\n{log.read_text()}")
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(last_signal)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def postgresql(folder: Path):
    binaries = newest_postgresql()
    data = folder / "postgresql"
    data.mkdir()
    become = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root; Debian's package made a user for it
        shutil.chown(folder, "postgres")
        shutil.chown(data, "postgres")
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    made = subprocess.run(
        [
            *become,
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "portal",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(f"initdb failed:\n{made.stderr}")
    port = free_port()
    command = [*become, "setpriv", "--pdeathsig=QUIT", str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
    command += ["-h", "127.0.0.1", "-k", str(folder)]
    for setting in SETTINGS:
        command += ["-c", setting]
    log = folder / "postgresql.log"
    ready = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    with server(command, log=log, ready=ready, last_signal=signal.SIGINT):  # the fast shutdown
        create = [binaries / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "portal", "portal"]
        subprocess.run(create, check=True)
        yield f"postgres://portal@127.0.0.1:{port}/portal"


def newest_postgresql() -> Path:
    """The folder of its programs, which Debian keeps off the path."""
    installed = [Path(name).parent for name in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if installed:
        return max(installed, key=lambda folder: float(folder.parent.name))
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    sys.exit("PostgreSQL is not installed.")


@contextmanager
def redis(folder: Path):
    port = free_port()
    command = ["setpriv", "--pdeathsig=TERM", "redis-server", "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--dir", str(folder), "--save", "", "--appendonly", "no"]
    ready = ["redis-cli", "-p", str(port), "ping"]
    with server(command, log=folder / "redis.log", ready=ready, last_signal=signal.SIGTERM):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def bucket(folder: Path):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    moto = Path(sys.executable).with_name("moto_server")
    command = ["setpriv", "--pdeathsig=TERM", str(moto), "--host", "127.0.0.1", "--port", str(port)]
    ready = [sys.executable, "-c", f"import urllib.request as r; r.urlopen('{address}/moto-api/')"]
    with server(command, log=folder / "s3.log", ready=ready, last_signal=signal.SIGTERM):
        urllib.request.urlopen(urllib.request.Request(f"{address}/portal", method="PUT")).close()
        yield {
            "S3_BUCKET": "portal",
            "S3_ENDPOINT_URL": address,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "throwaway",
            "S3_SECRET_KEY": "throwaway",
        }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
