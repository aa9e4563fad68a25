"""`manage.py check --deploy` names what an install for a ward lacks, and is silent where nothing is missing."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from portal import checks

COMPLETE = {
    "PUBLIC_URL": "https://portal.phuong.vn",
    "ALLOWED_HOSTS": "portal.phuong.vn",
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": "x7" * 40 + "ab1c",
    "FILE_KEYS": "y8" * 30,
    "DATABASE_URL": "postgres://portal@%2Fvar%2Frun%2Fpostgresql/portal",
    "REDIS_URL": "redis://localhost:6379/0",
    "S3_BUCKET": "portal",
    "EMAIL_URL": "submission://user:password@mail.phuong.vn:587",
    "DEFAULT_FROM_EMAIL": "Phường <portal@phuong.vn>",
    "SMS_CHANNEL": "ward.sms.send",
    "DOCUMENT_AUTHORITY": "ward.signing.Authority",
}


@pytest.fixture
def complete(settings, monkeypatch):
    """The settings of an install that lacks nothing."""
    settings.DEMO, settings.SECOND_FACTOR_REQUIRED = False, True
    settings.PUBLIC_URL, settings.TRUSTED_PROXIES = COMPLETE["PUBLIC_URL"], 1
    settings.ALLOWED_HOSTS = ["portal.phuong.vn"]
    settings.CSRF_TRUSTED_ORIGINS = [COMPLETE["PUBLIC_URL"]]
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="postgresql"))
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "mail.phuong.vn", True
    for name in ("REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "SMS_CHANNEL", "DOCUMENT_AUTHORITY"):
        setattr(settings, name, COMPLETE[name])
    settings.S3_BUCKET = ""
    return settings


def told():
    return [message.id.removeprefix("portal.") for message in checks.ready_for_a_ward(None)]


def test_an_install_with_everything_is_told_nothing(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**environment, **COMPLETE, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (1 silenced)."), done.stderr


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"DEMO": True}, ["W001"]),
        ({"SECOND_FACTOR_REQUIRED": False}, ["W002"]),
        ({"DOCUMENT_AUTHORITY": "services.documents.authority.KeptAuthority"}, ["W003"]),
        ({"PUBLIC_URL": "http://portal.phuong.vn"}, ["W010", "W014"]),
        ({"TRUSTED_PROXIES": 0}, ["W011"]),
        ({"ALLOWED_HOSTS": ["localhost"]}, ["W012"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["W013"]),
        ({"CSRF_TRUSTED_ORIGINS": ["https://ward.vn"]}, ["W014"]),
        ({"EMAIL_URL": ""}, ["W020"]),
        ({"EMAIL_USE_TLS": False}, ["W021"]),
        ({"EMAIL_USE_TLS": False, "EMAIL_HOST": "127.0.0.1"}, []),
        ({"DEFAULT_FROM_EMAIL": "Khu chung cư điện tử <khong-tra-loi@portal.example>"}, ["W022"]),
        ({"SMS_CHANNEL": "portal.core.notifications.mailbox.send_sms"}, ["W023"]),
        ({"REDIS_URL": ""}, ["W031"]),
    ],
)
def test_each_thing_that_is_missing_is_named(complete, changes, expected):
    for name, value in changes.items():
        setattr(complete, name, value)
    assert told() == expected


def test_keys_others_can_read_and_keys_of_one_machine_are_named(complete, tmp_path):
    complete.KEYS_DIR = tmp_path / "keys"
    complete.KEYS_DIR.mkdir(mode=0o700)
    assert told() == []
    complete.KEYS_DIR.chmod(0o750)
    assert told() == ["W041"]
    complete.KEYS_DIR.chmod(0o700)
    (complete.KEYS_DIR / "file_key").write_text("k")
    complete.S3_BUCKET, complete.FILE_KEYS = "portal", ["k"]
    assert told() == ["W042"]


def test_data_beside_the_code_is_named(complete):
    complete.DATA_DIR = complete.BASE_DIR / "var"
    assert told() == ["W040"]


def test_one_writer_at_a_time_is_named(complete, monkeypatch):
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="sqlite"))
    assert told() == ["W030"]
