"""What `make` installs before anything else, on machines that are not there."""

import importlib.util
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, DEPLOY / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def system_packages():
    return script("system_packages")


@pytest.fixture
def ran(system_packages, monkeypatch):
    """Commands that would have been run; each of them succeeds."""
    commands = []

    def run(command, **_):
        commands.append(" ".join(command))
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(system_packages.subprocess, "run", run)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: f"/usr/bin/{name}")
    return commands


def test_nothing_is_asked_of_apt_when_all_is_there(system_packages, ran):
    system_packages.SETS["run"] = {"there": lambda: True}
    system_packages.main("run")
    assert ran == []


def test_an_ordinary_user_is_told_the_one_command(system_packages, ran, monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 1000)
    system_packages.SETS["run"] = {"there": lambda: True, "away": lambda: False, "far": lambda: False}
    with pytest.raises(SystemExit) as refusal:
        system_packages.main("run")
    assert refusal.value.code == (
        "System packages are missing. Please run this as root, then try again: "
        "apt-get update && apt-get install -y --no-install-recommends away far"
    )
    assert ran == []


def test_root_gets_what_is_missing_and_no_more(system_packages, ran, monkeypatch):
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0)
    system_packages.SETS["run"] = {"there": lambda: True, "away": lambda: bool(ran)}
    system_packages.main("run")
    assert ran == ["apt-get -qq update", "apt-get -qq install -y --no-install-recommends away"]


def test_the_lock_of_developers_contains_that_of_the_portal():
    pins = {
        name: {line.split()[0] for line in (DEPLOY.parent / name).read_text().splitlines() if line[:1].isalnum()}
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    assert pins["requirements.txt"] < pins["requirements-dev.txt"]


def test_locks_name_no_registry():
    assert [name for name in DEPLOY.parent.glob("requirements*.txt") if "://" in name.read_text()] == []


def test_translations_are_compiled_once_and_a_broken_one_is_named(tmp_path):
    translations = script("translations")
    translations.ROOT = tmp_path
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    source.write_text(f'{header}msgid "Gửi"\nmsgstr "Send"\n')
    translations.main()
    made = source.with_suffix(".mo").stat().st_mtime_ns
    translations.main()
    assert source.with_suffix(".mo").stat().st_mtime_ns == made
    source.with_suffix(".mo").unlink()
    source.write_text(f'{header}msgid "Gửi\n')
    with pytest.raises(SystemExit) as refusal:
        translations.main()
    assert refusal.value.code == "locale/en/LC_MESSAGES/django.po cannot be compiled."
