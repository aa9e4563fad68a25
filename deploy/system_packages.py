"""Install the system packages that are missing: `python3 deploy/system_packages.py run|test`.

Runs on the bare Python of a fresh machine, so it uses the standard library only. What is there already
is looked for by its effect (a library that loads, a font that is found, a program on the path), however
it came there; apt-get is called for the rest alone.
"""

import ctypes
import glob
import importlib.util
import os
import shutil
import subprocess
import sys


def module(name):
    return lambda: importlib.util.find_spec(name) is not None


def library(name):
    def is_there():
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def program(name, elsewhere=""):
    return lambda: bool(shutil.which(name) or (elsewhere and glob.glob(elsewhere)))


def font(family):
    def is_there():
        if not shutil.which("fc-match"):
            return False
        found = subprocess.run(["fc-match", "--format=%{family}", family], stdout=subprocess.PIPE, check=False)
        return family in found.stdout.decode()

    return is_there


# Debian's package: how to see that what it brings is there.
RUN = {
    "python3-venv": module("ensurepip"),
    "libpango-1.0-0": library("libpango-1.0.so.0"),
    "libpangoft2-1.0-0": library("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": library("libharfbuzz-subset.so.0"),  # without it WeasyPrint takes six times as long
    "fonts-croscore": font("Tinos"),  # Times widths with every Vietnamese letter
    "gettext": program("msgfmt"),
}
TEST = {
    **RUN,
    "chromium": program("chromium"),
    "poppler-utils": program("pdftoppm"),
    "wrk": program("wrk"),
    "postgresql": program("initdb", elsewhere="/usr/lib/postgresql/*/bin/initdb"),
    "redis-server": program("redis-server"),
    "nginx-light": program("nginx", elsewhere="/usr/sbin/nginx"),
}
SETS = {"run": RUN, "test": TEST}


def missing_from(packages):
    return [package for package, is_there in packages.items() if not is_there()]


def main(name):
    packages = SETS[name]
    missing = missing_from(packages)
    if not missing:
        return
    if not shutil.which("apt-get"):
        sys.exit(f"Missing: what Debian calls {', '.join(missing)}. Please install them, then try again.")

    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        command = f"apt-get update && {' '.join(install)}"
        sys.exit(f"System packages are missing. Please run this as root, then try again: {command}")
    print(f"Installing {', '.join(missing)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", *install[1:]]):
        done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            sys.exit(f"Could not install {', '.join(missing)}: `{' '.join(command)}` failed.")
    importlib.invalidate_caches()
    still_missing = missing_from(packages)
    if still_missing:
        sys.exit(f"Installed, and still not found: {', '.join(still_missing)}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
