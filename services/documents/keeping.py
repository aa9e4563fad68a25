"""Reading back the files of a document."""

from hashlib import sha256

from django.db.models.fields.files import FieldFile

from portal.core.files.storage import DamagedFile

from .models import IssuedDocument


def content_of(document: IssuedDocument) -> bytes:
    """The signed PDF, exactly as it was issued.

    Raises DamagedFile, or FileNotFoundError, rather than give anything else.
    """
    return _read(document.file, document.sha256, "issued")


def signed_content_of(document: IssuedDocument) -> bytes:
    """The PDF as the person signed it, before its number. Raises as `content_of` does."""
    return _read(document.signed_file, document.signed_sha256, "signed")


def _read(field: FieldFile, digest: str, what: str) -> bytes:
    with field.open() as file:
        content = file.read()
    if sha256(content).hexdigest() != digest:
        raise DamagedFile(f"{field.name} is not the file that was {what}")
    return content
