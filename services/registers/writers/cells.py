"""Cells as text that is only ever text."""

import re
from datetime import date, datetime

from portal.core.calendar import VIETNAM

from ..register import Cell

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection); the full-width
# signs are read as their ASCII twins by East Asian editions.
FORMULA = re.compile(r"^\s*[=+\-@|＝＋－＠]|^[\t\r\n]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def plain(cell: Cell) -> str:
    """As Vietnamese offices write it: 17:05 23/11/2026, 23/11/2026; nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return CONTROL.sub("", str(cell))


def begins_formula(text: str) -> bool:
    return bool(FORMULA.match(text))
