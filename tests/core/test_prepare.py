import os

import pytest
from django.core.management.base import CommandError

from portal.core.management.commands import prepare

CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Hồ sơ"\nmsgstr "Dossier"\n'


@pytest.fixture
def catalogue(tmp_path, settings):
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)
    settings.LOCALE_PATHS = [tmp_path]
    return source


def test_translations_are_compiled_when_they_are_newer_than_what_is_compiled(catalogue):
    assert prepare.stale_catalogues() == [catalogue]
    prepare.compile_catalogue(catalogue)
    assert prepare.stale_catalogues() == []
    later = catalogue.stat().st_mtime + 10
    os.utime(catalogue, (later, later))
    assert prepare.stale_catalogues() == [catalogue]


def test_a_broken_translation_is_named(catalogue):
    catalogue.write_text(CATALOGUE + "msgid nonsense\n")
    with pytest.raises(CommandError, match=r"django\.po cannot be compiled"):
        prepare.compile_catalogue(catalogue)


def test_the_digest_follows_each_static_file(tmp_path, settings):
    settings.STATICFILES_DIRS = [tmp_path]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    before = digest_anew()
    (tmp_path / "new.css").write_text("p {}")
    with_file = digest_anew()
    assert before != with_file
    assert with_file == digest_anew()


def digest_anew() -> str:
    prepare.get_finders.__globals__["get_finder"].cache_clear()
    return prepare.static_digest()


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone():
    assert not prepare.migrations_are_pending()
