"""Private files: encrypted at rest, without an address of their own.

Dossier papers and issued documents lie here; they are read only through views that check first.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.utils.deconstruct import deconstructible


class DamagedFile(OSError):
    """What lies in the storage cannot be decrypted: altered, cut short, or its key is gone."""


class StorageAway(OSError):
    """The storage does not answer, or takes nothing more: a full disk, an unreachable bucket. It may pass."""


@contextmanager
def _storage_may_be_away() -> Iterator[None]:
    """A file that is not there is one thing, a storage that is not there another."""
    try:
        yield
    except (FileNotFoundError, StorageAway):
        raise
    except OSError as error:
        raise StorageAway(str(error)) from error


@deconstructible(path="portal.core.files.storage.PrivateStorage")
class PrivateStorage(Storage):
    """Encrypts whole files with `settings.FILE_KEYS` before another storage keeps them.

    The first key writes, all of them read, so a key is changed by putting a new one in front.
    Whole files, because uploads are bounded (`uploads.MAX_BYTES`) and documents are small.
    There is no `url()`: it raises NotImplementedError.
    """

    def __init__(self, inner: Mapping[str, Any]) -> None:
        self._inner_spec = inner

    @cached_property
    def inner(self) -> Storage:
        return storages.create_storage(dict(self._inner_spec))

    @property
    def _box(self) -> MultiFernet:
        return _box(tuple(settings.FILE_KEYS))

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("private files are written by save() or replace()")
        with _storage_may_be_away(), self.inner.open(name, "rb") as stored:
            token = stored.read()
        try:
            return ContentFile(self._box.decrypt(token), name=name)
        except InvalidToken as error:
            raise DamagedFile(f"cannot decrypt {name}") from error

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        encrypted = ContentFile(self._box.encrypt(content.read()))
        with _storage_may_be_away():
            return self.inner.save(name, encrypted)

    def replace(self, name: str, content: bytes) -> str:
        """Write under exactly this name, over whatever an interrupted attempt left there.

        For a caller that holds the row which alone names the file: doing it twice leaves one file.
        """
        self.inner.delete(name)
        return self._save(name, ContentFile(content))

    def delete(self, name: str) -> None:
        self.inner.delete(name)

    def exists(self, name: str) -> bool:
        return self.inner.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self.inner.listdir(path)

    def size(self, name: str) -> int:
        """The size of the content, not of what is stored. Reads the file."""
        with self._open(name) as content:
            return content.size

    def get_created_time(self, name: str):
        return self.inner.get_created_time(name)

    def get_modified_time(self, name: str):
        return self.inner.get_modified_time(name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return self.inner.get_available_name(name, max_length)


_boxes: dict[tuple[str, ...], MultiFernet] = {}


def _box(keys: tuple[str, ...]) -> MultiFernet:
    if keys not in _boxes:
        # The keys of the settings are any strings with enough chance in them; Fernet wants 32 bytes.
        _boxes[keys] = MultiFernet(
            Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"portal.files:" + key.encode()).digest())) for key in keys
        )
    return _boxes[keys]


def private_storage() -> PrivateStorage:
    """Where the private files of rows lie; a callable, so that migrations do not name its settings."""
    return cast(PrivateStorage, storages["private"])
