"""Reading back the file of an issued document."""

from hashlib import sha256

from portal.core.files.storage import DamagedFile

from .models import IssuedDocument


def content_of(document: IssuedDocument) -> bytes:
    """The signed PDF, exactly as it was issued.

    Raises DamagedFile, or FileNotFoundError, rather than give anything else.
    """
    with document.file.open() as file:
        content = file.read()
    if sha256(content).hexdigest() != document.sha256:
        raise DamagedFile(f"{document.file.name} is not the file that was issued")
    return content
