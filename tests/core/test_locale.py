"""Both languages complete: nothing shown to people is left in the other one."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import allauth
import pytest

from portal.core.addresses import in_language

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("portal", "home", "services", "buildings", "templates")
LOCALE = ROOT / "locale"
CALLED = ("_", "gettext", "gettext_lazy", "ngettext", "pgettext")


def messages(po: str) -> list[str]:
    """The ids in the text of a .po file, the header aside; long ones are wrapped over several lines."""
    return re.findall(r'^msgid "(.+)"$', po.replace('"\n"', ""), re.MULTILINE)


def gettext(*command: str | Path, stdin: str = "") -> str:
    done = subprocess.run(list(map(str, command)), input=stdin, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("language", ["vi", "en"])
def test_placeholders_and_plurals_fit_their_originals(language, tmp_path):
    gettext(
        "msgfmt",
        "--check-format",
        "--check-domain",
        "-o",
        tmp_path / "out.mo",
        LOCALE / language / "LC_MESSAGES/django.po",
    )


def test_no_text_stands_inside_an_f_string_where_no_collector_finds_it():
    sources = [path for name in SOURCES for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts]
    inside = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sources
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLED
    ]

    assert len(sources) > 300
    assert inside == []


def test_a_text_is_asked_for_by_a_name_the_collector_knows():
    renamed = [
        f"{path.relative_to(ROOT)}: {name.name} as {name.asname}"
        for source in SOURCES
        for path in (ROOT / source).rglob("*.py")
        for line in ast.walk(ast.parse(path.read_text()))
        if isinstance(line, ast.ImportFrom) and line.module == "django.utils.translation"
        for name in line.names
        if name.asname not in (None, "_")
    ]

    assert renamed == []


def test_every_text_of_ours_has_its_english(tmp_path):
    """Collected anew from the source, so that a text nobody translated is found on the day it is written."""
    for name in SOURCES:
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static", "migrations")
        )
    (tmp_path / "locale/en/LC_MESSAGES").mkdir(parents=True)
    po = tmp_path / "locale/en/LC_MESSAGES/django.po"
    shutil.copy(LOCALE / "en/LC_MESSAGES/django.po", po)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-location", "--no-obsolete"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    assert messages(gettext("msgattrib", "--untranslated", po)) == []
    assert messages(gettext("msgattrib", "--only-fuzzy", po)) == []


def test_every_text_of_allauth_has_its_vietnamese():
    original = Path(allauth.__file__).parent / "locale/en/LC_MESSAGES/django.po"
    merged = gettext(
        "msgmerge", "--quiet", "--no-fuzzy-matching", "-o", "-", LOCALE / "vi/LC_MESSAGES/django.po", original
    )
    assert messages(gettext("msgattrib", "--untranslated", "-", stdin=merged)) == []
    assert len(messages(merged)) >= 300


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "expected"),
    [("vi", ["Đăng nhập", "Tôi quên mật khẩu"]), ("en", ["Sign in", "I have forgotten my password"])],
)
def test_the_sign_in_page_speaks_both(client, language, expected):
    page = client.get(in_language("/tai-khoan/login/", language)).content.decode()
    for words in expected:
        assert words in page
    assert f'<html lang="{language}">' in page


@pytest.mark.django_db
def test_a_password_that_is_too_short_is_told_in_vietnamese(client):
    page = client.post("/tai-khoan/signup/", {"full_name": "An", "phone": "0912345678", "password1": "ngan"})
    assert page.context["form"].errors["password1"][0] == "Mật khẩu quá ngắn. Cần ít nhất 8 ký tự."
