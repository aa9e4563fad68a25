"""Private files and the rows that name them: stored before the row's transaction begins, because it takes its time,
and taken back when the row is not written.

A process killed in between leaves a file that no row names: `sweeping` finds it.
"""

import logging
from collections.abc import Iterable
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from .storage import private_storage

log = logging.getLogger(__name__)


class Stored:
    """`with Stored() as files: name = files.keep("papers/…", content)`: an error takes back what the block kept."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def keep(self, name: str, content: bytes) -> str:
        """The name under which it lies, which may differ. Raises StorageAway."""
        self.names.append(private_storage().save(name, ContentFile(content)))
        return self.names[-1]

    def take_back(self) -> None:
        """The rows are not written after all."""
        delete(self.names)

    def __enter__(self) -> "Stored":
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind:
            self.take_back()


def delete(names: Iterable[str | None]) -> None:
    """Best effort: a file left behind is unreachable without its row."""
    for name in filter(None, names):
        try:
            private_storage().delete(name)
        except OSError:
            log.warning("could not delete a private file nobody names", exc_info=True)


def delete_on_commit(names: Iterable[str | None]) -> None:
    """Gone once the transaction that takes their rows away is committed."""
    transaction.on_commit(partial(delete, list(names)), robust=True)
