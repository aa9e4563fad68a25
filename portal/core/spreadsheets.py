"""Workbooks that leave the house: whatever a person typed stays text when somebody opens it."""

import re
from typing import Any

from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters a cell holds
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection); the full-width
# signs are read as their ASCII twins by East Asian editions.
FORMULA = re.compile(r"^\s*[=+\-@|＝＋－＠]|^[\t\r\n]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def begins_formula(text: str) -> bool:
    return bool(FORMULA.match(text))


def text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    """A cell of a write-only sheet that is only ever text."""
    text = CONTROL.sub("", text)[:LONGEST]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # or "=…" would be kept as a formula
    if begins_formula(text):
        cell.quotePrefix = True  # and stays text when somebody edits the cell
    return cell
