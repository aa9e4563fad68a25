"""Files in a bucket of an S3-speaking service, in place of folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from .storage import StorageAway

# A service that does not answer is given up while the person still waits, not after minutes. Checksums only where
# the protocol demands them: services other than Amazon's refuse what they do not know.
PATIENCE = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@contextmanager
def _told_in_our_words() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise StorageAway(f"the bucket: {error}") from error


class Bucket(S3Storage):
    """Fails as a folder does, with OSErrors, so that callers need to know one kind of trouble.

    Nothing is given an ACL: the bucket itself is private, and no address of an object is ever made.
    """

    def __init__(self, **options: Any) -> None:
        one_after_the_other = TransferConfig(use_threads=False)  # files are small, threads are the server's to start
        super().__init__(**{"client_config": PATIENCE, "transfer_config": one_after_the_other, **options})

    def _open(self, name: str, mode: str = "rb"):
        with _told_in_our_words():
            opened = super()._open(name, mode)
            if "r" in mode:
                opened.file  # noqa: B018 - fetched here, where what goes wrong still has a name
            return opened

    def _save(self, name: str, content) -> str:
        with _told_in_our_words():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _told_in_our_words():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _told_in_our_words():
            return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _told_in_our_words():
            return super().listdir(path)

    def size(self, name: str) -> int:
        with _told_in_our_words():
            return super().size(name)

    def get_modified_time(self, name: str):
        with _told_in_our_words():
            return super().get_modified_time(name)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        raise NotImplementedError("objects are read through the portal")


class PagesBucket(Bucket):
    """Pictures and files of pages: their addresses are the portal's own, which asks first who may see what (home.media)."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return settings.MEDIA_URL + filepath_to_uri(name)
