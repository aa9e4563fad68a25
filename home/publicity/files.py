"""The register as a file: a workbook, or pages to print and sign."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from buildings.models import Ward
from portal.core.calendar import VIETNAM
from portal.core.pdf import render_pdf_now
from services.registers.register import Head
from services.registers.writers import pdf, xlsx
from services.registers.writers.cells import plain

from . import register
from .register import Line, Quarter

MIMES = {"xlsx": xlsx.MIME, "pdf": pdf.MIME}


def file_of(ward: Ward, quarter: Quarter, found: list[Line], *, format: str, at: datetime) -> bytes:
    """Raises KeyError for a format that is not in `MIMES`."""
    head = Head(register.TITLE, quarter.words, ward, at.astimezone(VIETNAM).date(), columns=register.COLUMNS)
    return {"xlsx": _workbook, "pdf": _pages}[format](head, found)


def _workbook(head: Head, found: list[Line]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "so.xlsx"
        xlsx.write(path, head, [list(register.rows(found))])
        return path.read_bytes()


def _pages(head: Head, found: list[Line]) -> bytes:
    share = sum(column.width for column in head.columns)
    return render_pdf_now(
        "pdf/home/publicity_register.html",
        {
            "head": head,
            "title": head.title,
            "agency": head.ward.agency,
            "columns": [(column, f"{100 * column.width / share:.2f}%") for column in head.columns],
            "rows": [
                [(plain(cell), column) for cell, column in zip(row, head.columns, strict=True)]
                for row in register.rows(found)
            ],
            "first_page": 1,
        },
    )
