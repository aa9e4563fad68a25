"""Templates printed to PDF, by WeasyPrint, which may fetch nothing but our own assets.

WeasyPrint is imported inside the functions: its import takes a second or two, and the web process
does without it.
"""

import atexit
import base64
import io
import mimetypes
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

ASSETS = Path(__file__).with_name("pdf_assets")
FONT = "Tinos"  # Times' widths and every Vietnamese letter (Debian: fonts-croscore)

_PX = 0.75  # points in a CSS pixel
_of_thread = threading.local()
# Printing takes a second of a whole processor: however many wait at a screen, two are printed at a time.
_turns = threading.BoundedSemaphore(2)
WAIT = 20  # seconds for a turn


class MissingFont(RuntimeError):
    """The machine lacks the font documents are set in; what was printed would not be Vietnamese."""

    def __init__(self) -> None:
        super().__init__(f"the font {FONT} is not installed (Debian and Ubuntu: apt-get install fonts-croscore)")


class Busy(RuntimeError):
    """Too many files are being printed for people who wait; `core.middleware` asks them to come back."""


@dataclass(frozen=True)
class Place:
    """Where an element with an id came to lie: a page, counted from 0, and points from its lower left corner."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Printed:
    pdf: bytes
    pages: int
    places: dict[str, Place]  # element id → where it lies


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """A template as a PDF/A-3 file with tags. Raises MissingFont."""
    return print_pages(template, context).pdf


def render_pdf_now(template: str, context: dict[str, Any]) -> bytes:
    """As `render_pdf`, inside a request, for whoever waits for it: one takes one's turn. Raises Busy, MissingFont."""
    if not _turns.acquire(timeout=WAIT):
        raise Busy
    try:
        return render_pdf(template, context)
    finally:
        _turns.release()


def print_pages(template: str, context: dict[str, Any]) -> Printed:
    """As `render_pdf`, and says where the elements with an id came to lie. Raises MissingFont."""
    with translation.override("vi"):  # papers are Vietnamese, whatever page asked for them
        html = render_to_string(template, {"demo": settings.DEMO, **context})
    return print_html(html)


def print_html(html: str, *, archival: bool = True) -> Printed:
    """A whole HTML document, whose stylesheets are named `asset:…` (a file of portal/core/pdf_assets)."""
    from weasyprint import HTML  # noqa: PLC0415

    options = {"pdf_variant": "pdf/a-3u", "pdf_tags": True} if archival else {}
    document = HTML(string=html, base_url="asset:", url_fetcher=_fetcher()).render(
        font_config=_font_config(), optimize_images=True, **options
    )
    pdf = document.write_pdf(**options)
    if not any(font.family == FONT for font in document.fonts.values()):
        raise MissingFont
    places = {
        name: Place(number, left * _PX, (page.height - bottom) * _PX, right * _PX, (page.height - top) * _PX)
        for number, page in enumerate(document.pages)
        for name, (left, top, right, bottom) in page.anchors.items()
    }
    return Printed(pdf, len(document.pages), places)


def qr_data_uri(text: str) -> str:
    """A QR code as an image address; a quarter of it may be hidden by a stamp or a fold.

    Pixels, ten for a module: WeasyPrint takes as long for a vector drawing of it as for all the rest.
    """
    import qrcode  # noqa: PLC0415

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=2, box_size=10)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image().save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def _font_config():
    """Shared by what a thread prints, so that fonts are looked up once."""
    if not hasattr(_of_thread, "font_config"):
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        _of_thread.font_config = FontConfiguration()
        atexit.register(vars(_of_thread).clear)  # it removes a folder, which needs a whole interpreter
    return _of_thread.font_config


@cache
def _fetcher():
    """Reads `asset:<file>` and `data:`; opens no file elsewhere and no connection."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class AssetFetcher(URLFetcher):
        def fetch(self, url, headers=None):
            scheme, _, name = url.partition(":")
            if scheme.lower() != "asset":
                return super().fetch(url, headers)
            path = (ASSETS / name).resolve()
            if not path.is_relative_to(ASSETS) or not path.is_file():
                raise FatalURLFetchingError(f"no such asset: {name}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": mimetypes.guess_type(name)[0]})

    return AssetFetcher(allowed_protocols={"asset", "data"}, allow_redirects=False)
