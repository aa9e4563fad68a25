"""Make .venv hold what a lock file says: `python3 deploy/environment.py requirements.txt`.

Standard library only. `.venv/installed` keeps the digests of the lock files that are in, so that a warm
start looks at one small file. requirements-dev.txt contains requirements.txt, so having it means having both.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALLED = VENV / "installed"
CONTAINS = {"requirements-dev.txt": ["requirements.txt"]}


def digest(lock):
    return f"{hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}  {lock}"


def works(*command):
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def call(*command):
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(f"Could not make the Python environment: `{' '.join(map(str, command))}` failed.")


def main(lock):
    if not (3, 11) <= sys.version_info < (3, 14):
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed; {sys.executable} is {sys.version.split()[0]}.")
    if works(PYTHON, "-c", "") and INSTALLED.exists() and digest(lock) in INSTALLED.read_text().splitlines():
        return

    print(f"Installing {lock} into .venv", flush=True)
    uv = shutil.which("uv")
    usable = works(PYTHON, "-c", "" if uv else "import pip")
    try:
        if not usable:
            shutil.rmtree(VENV, ignore_errors=True)
            VENV.mkdir()
        INSTALLED.unlink(missing_ok=True)
    except OSError as error:
        sys.exit(f"Cannot write to {VENV}: {error.strerror}.")
    if uv:
        if not usable:
            call(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV)
        call(uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)
    else:
        if not usable:
            call(sys.executable, "-m", "venv", VENV)
        call(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock)
    INSTALLED.write_text("".join(f"{digest(each)}\n" for each in (lock, *CONTAINS.get(lock, []))))


if __name__ == "__main__":
    main(*sys.argv[1:])
