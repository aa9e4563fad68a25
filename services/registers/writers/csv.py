"""Comma-separated values as spreadsheets read them: UTF-8 with a mark, no cell that begins a formula."""

import csv
from collections.abc import Iterable
from pathlib import Path

from portal.core.spreadsheets import begins_formula

from ..register import Cell, Head, Row
from .cells import plain

MIME = "text/csv; charset=utf-8"
MOST_ROWS = 200_000
CHUNK = 500


def write(path: Path, head: Head, chunks: Iterable[list[Row]]) -> None:
    # Without the mark Excel takes the file for the machine's old code page.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow(column.label for column in head.columns)
        for rows in chunks:
            out.writerows([inert(cell) for cell in row] for row in rows)


def inert(cell: Cell) -> str:
    """The cell as text; an apostrophe in front of what a spreadsheet would calculate."""
    text = plain(cell)
    return f"'{text}" if isinstance(cell, str) and begins_formula(text) else text
