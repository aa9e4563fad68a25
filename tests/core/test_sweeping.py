"""Files that no row names are found and deleted; all others are not."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from portal.core.files import sweeping
from tests.factories.dossiers import DossierFactory

pytestmark = [pytest.mark.django_db, pytest.mark.bucket]


def later():
    return timezone.now() + sweeping.YOUNG + timedelta(hours=1)


def test_what_a_killed_process_left_goes_and_what_a_row_names_stays():
    kept = DossierFactory().attachments.get()
    left = storages["private"].save("papers/nobody's", ContentFile(b"x"))
    picture = storages["default"].save("original_images/nobody's.jpg", ContentFile(b"x"))
    assert sweeping.sweep(at=later()) == 2
    assert (storages["private"].exists(left), storages["default"].exists(picture)) == (False, False)
    assert storages["private"].exists(kept.file.name)
    assert storages["private"].exists(kept.thumbnail.name)


def test_what_may_still_be_on_its_way_into_a_row_stays():
    name = storages["private"].save("papers/on-its-way", ContentFile(b"x"))
    assert sweeping.sweep(at=timezone.now() + timedelta(hours=1)) == 0
    assert storages["private"].exists(name)


def test_with_a_database_that_belongs_to_other_files_nothing_is_deleted(monkeypatch):
    monkeypatch.setattr(sweeping, "MOST", 2)
    names = [storages["private"].save(f"papers/{number}", ContentFile(b"x")) for number in range(3)]
    with pytest.raises(sweeping.TooMany):
        sweeping.sweep(at=later())
    assert [storages["private"].exists(name) for name in names] == [True] * 3


def test_before_anything_was_stored_there_is_nothing_to_find():
    assert sweeping.sweep(at=later()) == 0
