"""Cells as text that is only ever text."""

from datetime import date, datetime

from portal.core.calendar import VIETNAM
from portal.core.spreadsheets import CONTROL

from ..register import Cell


def plain(cell: Cell) -> str:
    """As Vietnamese offices write it: 17:05 23/11/2026, 23/11/2026; nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return CONTROL.sub("", str(cell))
