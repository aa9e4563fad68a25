"""The response that carries a private file, after the view has checked who asks."""

import mimetypes

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header


def private_response(content: bytes, *, filename: str, mime: str, inline: bool = False) -> HttpResponse:
    """A file that no cache keeps and no browser takes for anything but what it is.

    `inline` lets the browser show it (pictures, PDFs in the officer's viewer); otherwise it is saved.
    """
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, filename) or "inline"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


def stored_response(file: FieldFile, *, filename: str, mime: str = "") -> HttpResponse:
    """A row's private file, for the browser to show; `mime` as it was found when the file came, else by its name.

    Raises FileNotFoundError, DamagedFile, StorageAway.
    """
    mime = mime or mimetypes.guess_type(filename)[0] or "application/octet-stream"
    with file.open() as content:
        return private_response(content.read(), filename=filename, mime=mime, inline=True)
