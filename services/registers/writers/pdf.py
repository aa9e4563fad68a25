"""Pages in landscape, printed a few hundred rows at a time and bound together at the end.

A page that the next rows will fill is not kept: its rows begin the next piece, so that the book has
no gaps where the pieces meet.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from pypdfium2 import PdfDocument

from portal.core.pdf import print_html

from ..register import Cell, Head, Row
from .cells import plain

MIME = "application/pdf"
MOST_ROWS = 50_000
CHUNK = 300  # a few seconds of a worker's time
HYPHEN = re.compile(r"(?<=\d)-(?=\d)")


@dataclass(frozen=True)
class Piece:
    pdf: bytes
    pages: int
    rows: int  # how many of the given rows stand on them


def print_piece(head: Head, rows: list[Row], *, pages_before: int, last: bool) -> Piece:
    """Print as many of these rows as fill whole pages; all of them when they are the last."""
    share = sum(column.width for column in head.columns)
    html = render_to_string(
        "pdf/registers/register.html",
        {
            "demo": settings.DEMO,
            "head": head,
            "title": head.title,
            "agency": head.ward.agency,
            "columns": [(column, f"{100 * column.width / share:.2f}%") for column in head.columns],
            "rows": [[(_text(cell), column) for cell, column in zip(row, head.columns, strict=True)] for row in rows],
            "first_page": pages_before + 1,
        },
    )
    # Tags and archiving marks would not survive the binding.
    printed = print_html(html, archival=False)
    if last or printed.pages == 1:
        return Piece(printed.pdf, printed.pages, len(rows))
    kept = printed.pages - 1
    rows_kept = sum(printed.places[f"r{number}"].page < kept for number in range(len(rows)))
    return Piece(_without_last_page(printed.pdf), kept, rows_kept)


def bind(path: Path, pieces: Iterable[bytes]) -> None:
    """The pieces in their order as one file."""
    book = PdfDocument.new()
    for piece in pieces:
        part = PdfDocument(piece)
        book.import_pages(part)
        part.close()
    book.save(path)
    book.close()


def _text(cell: Cell) -> str:
    """A long code breaks after its hyphens, and nowhere else if it can."""
    return HYPHEN.sub("-\u200b", plain(cell))


def _without_last_page(pdf: bytes) -> bytes:
    document, out = PdfDocument(pdf), io.BytesIO()
    document.del_page(len(document) - 1)
    document.save(out)
    document.close()
    return out.getvalue()
