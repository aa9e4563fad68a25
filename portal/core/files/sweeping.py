"""Files that no row names: left by a process that was killed between storing a file and writing its row.

Looked for once a week. They are unreachable, so nobody misses them; they are somebody's papers all the
same, and have no business lying about.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.apps import apps
from django.core.files.storage import Storage, storages
from django.db import models

from .storage import PrivateStorage

log = logging.getLogger(__name__)

YOUNG = timedelta(days=2)  # may still be on its way into its row, or in a transaction that is not over
# More than these at once are no accident of a process but of an install: a database that was put back from an older
# copy than the files, another install's bucket. Then nothing is deleted and somebody has to look.
MOST = 100


class TooMany(Exception):
    """So many files without a row that the database rather than the files is in doubt."""


def sweep(*, at: datetime) -> int:
    """Delete the files that nothing names, of both storages; how many. Raises TooMany before it deletes any."""
    named = _fields()
    return sum(_sweep(storages[alias], named[alias], at=at) for alias in ("private", "default"))


def _sweep(storage: Storage, fields: list[models.FileField], *, at: datetime) -> int:
    lying = set(_walk(storage))
    unnamed = set(lying)
    for field in fields:
        rows = field.model._base_manager.exclude(**{field.name: ""}).order_by()
        unnamed.difference_update(rows.values_list(field.name, flat=True).iterator(chunk_size=5000))
    orphans = [name for name in sorted(unnamed) if storage.get_modified_time(name) < at - YOUNG]
    if len(orphans) > MOST:
        raise TooMany(f"{len(orphans)} of {len(lying)} files have no row; is this the database that belongs to them?")
    for name in orphans:
        storage.delete(name)
        log.info("deleted %s, which no row names", name)
    return len(orphans)


def _fields() -> dict[str, list[models.FileField]]:
    """Every field that names files, by the storage they lie in."""
    found: dict[str, list[models.FileField]] = defaultdict(list)
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                found["private" if isinstance(field.storage, PrivateStorage) else "default"].append(field)
    return found


def _walk(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    for name in files:
        yield str(PurePosixPath(folder, name))
    for name in folders:
        yield from _walk(storage, str(PurePosixPath(folder, name)))
