"""Files that lie with a service: private there, and a service that is away or full is said, not shown as a fault."""

import errno
import urllib.error
import urllib.request

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from portal.core import health
from portal.core.files.bucket import Bucket, PagesBucket
from portal.core.files.storage import PrivateStorage, StorageAway
from tests.dossiers.screens import page
from tests.factories.dossiers import DossierFactory, photo

with_bucket = pytest.mark.skipif(not settings.S3_BUCKET, reason="files lie in folders")


def away(kind=Bucket):
    """A bucket whose service answers nothing."""
    return kind(bucket_name="x", endpoint_url="http://127.0.0.1:1", access_key="x", secret_key="x", region_name="x")


# --- The bucket -----------------------------------------------------------------------------------
@with_bucket
@pytest.mark.bucket
@pytest.mark.parametrize(("alias", "storage"), [("default", PagesBucket), ("private", Bucket)])
def test_who_has_no_key_reads_nothing_of_the_bucket(alias, storage):
    kept = getattr(storages[alias], "inner", storages[alias])
    name = storages[alias].save("a/ảnh 1.jpg", ContentFile(b"CANARY"))
    assert type(kept) is storage
    address = f"{kept.endpoint_url}/{settings.S3_BUCKET}/{urllib.request.pathname2url(kept._normalize_name(name))}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address)
    assert refused.value.code == 403


@with_bucket
@pytest.mark.bucket
def test_a_file_larger_than_one_part_comes_back_whole():
    content = bytes(range(256)) * 4096 * 12  # 12 MB
    name = storages["private"].save("papers/x", ContentFile(content))
    with storages["private"].open(name) as file:
        assert file.read() == content
    assert storages["private"].listdir("papers") == ([], ["x"])


def test_no_address_of_an_object_is_ever_made():
    with pytest.raises(NotImplementedError):
        away().url("a.pdf")
    assert away(PagesBucket).url("images/ảnh 1.jpg") == "/media/images/%E1%BA%A3nh%201.jpg"


# --- Away, or full --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "use",
    [
        lambda bucket: bucket.save("a", ContentFile(b"x")),
        lambda bucket: bucket.open("a"),
        lambda bucket: bucket.exists("a"),
        lambda bucket: bucket.delete("a"),
        lambda bucket: bucket.size("a"),
        lambda bucket: bucket.listdir(""),
        lambda bucket: bucket.get_modified_time("a"),
    ],
)
def test_a_service_that_does_not_answer_is_trouble_of_one_kind(use, monkeypatch):
    monkeypatch.setattr("botocore.retries.standard.time.sleep", lambda seconds: None)
    with pytest.raises(StorageAway):
        use(away())


@pytest.fixture
def full(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(storages["private"].inner), "save", refuse)


@pytest.mark.django_db
def test_a_full_disk_is_said_and_the_draft_stays_as_it_was(client, full):
    draft = DossierFactory(empty=True)
    client.force_login(draft.owner)
    response = client.post(page(draft, "giay-to"), {"giay-can_cuoc": photo(), "tai-len": "can_cuoc"})
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "phần đã lưu trước đó vẫn còn" in response.content.decode()
    assert not draft.attachments.exists()


def test_a_file_that_is_not_there_is_not_a_storage_that_is_not_there():
    with pytest.raises(FileNotFoundError):
        storages["private"].open("nowhere.pdf")


@pytest.mark.django_db
def test_readyz_shows_a_storage_that_is_away_or_nearly_full_but_keeps_serving(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 1)
    assert client.get("/readyz").json()["checks"]["files"] == "ok"
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)
    assert client.get("/readyz").json()["checks"]["files"].startswith("nearly full")

    def fail(self, name):
        raise StorageAway("no")

    monkeypatch.setattr(PrivateStorage, "exists", fail)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["files"]) == (200, "away")
