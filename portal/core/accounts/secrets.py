"""Encryption of the small secrets of accounts, with the keys of the private files."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def cipher() -> MultiFernet:
    """Reads with every key of settings.FILE_KEYS, writes with the first, so that keys can be changed."""
    return _cipher(tuple(settings.FILE_KEYS))


@lru_cache(maxsize=2)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    # A purpose in the digest: a key of the accounts opens no file, and the other way round.
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(b"accounts:" + key.encode()).digest())) for key in keys])
