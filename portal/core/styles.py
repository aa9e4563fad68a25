"""One stylesheet out of one file a component.

Thirty small files would cost a phone five round trips before the first paint, and a build step
would have to be remembered. So they are put together once a process and served under the digest
of their content, to be kept by browsers for good. `layers.css` comes first and fixes the order of
the cascade; after it the order of the files does not matter.
"""

import gzip
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

CSS_DIR = Path(__file__).resolve().parent.parent / "static" / "portal" / "css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\n\s*")


class Stylesheet(NamedTuple):
    digest: str
    css: bytes
    gzipped: bytes


def component_files() -> list[Path]:
    return sorted(CSS_DIR.glob("*.css"), key=lambda path: (path.name != "layers.css", path.name))


def assemble() -> Stylesheet:
    text = "\n".join(path.read_text(encoding="utf-8") for path in component_files())
    css = INDENT.sub("\n", COMMENT.sub("", text)).strip().encode()
    return Stylesheet(sha256(css).hexdigest()[:12], css, gzip.compress(css, mtime=0))


_assembled_once = lru_cache(maxsize=1)(assemble)


def current() -> Stylesheet:
    return assemble() if settings.DEBUG else _assembled_once()


def url() -> str:
    return reverse("stylesheet", args=[current().digest])


@require_safe
@login_not_required
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for a picture of pages that name none: PDFs and pictures in a tab of their own."""
    return redirect(static("portal/img/icon.svg"))


@require_safe
@login_not_required
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet; asked for under another digest (an upgrade under way) it is served, but not kept."""
    sheet = current()
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.gzipped if zipped else sheet.css, content_type="text/css; charset=utf-8")
    if zipped:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cache-Control"] = "public, max-age=31536000, immutable" if digest == sheet.digest else "no-store"
    return response
