"""A workbook of one sheet, written row by row. Texts are inline strings, whatever they begin with."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from portal.core.calendar import VIETNAM
from portal.core.spreadsheets import XLSX, text_cell

from ..register import Column, Head, Row
from .cells import plain

MIME = XLSX
MOST_ROWS = 200_000
CHUNK = 500
A4 = 9  # as the format numbers paper

FONT = "Times New Roman"
BODY, BOLD, TITLE = Font(FONT, 11), Font(FONT, 11, bold=True), Font(FONT, 14, bold=True)
LINE = Side("thin")
BOX = Border(LINE, LINE, LINE, LINE)
LEFT = Alignment(vertical="top", wrap_text=True)
CENTRE = Alignment("center", "top", wrap_text=True)


def write(path: Path, head: Head, chunks: Iterable[list[Row]]) -> None:
    workbook = Workbook(write_only=True)
    workbook.properties.title = head.title.capitalize()
    workbook.properties.creator = head.ward.agency
    sheet = workbook.create_sheet("Sổ")
    above = [
        [_text(sheet, head.ward.agency, BOLD)],
        [_text(sheet, head.title, TITLE)],
        [_text(sheet, ". ".join(filter(None, (head.form, head.subtitle))), BODY)],
        [],
        [_text(sheet, column.label, BOLD, CENTRE, boxed=True) for column in head.columns],
    ]
    _lay_out(sheet, head.columns, first=len(above))
    for line in above:
        sheet.append(line)
    for rows in chunks:
        for row in rows:
            sheet.append(list(_cells(sheet, row, head.columns)))
    workbook.save(path)


def _lay_out(sheet: WriteOnlyWorksheet, columns: tuple[Column, ...], *, first: int) -> None:
    """Everything a write-only sheet wants to know before its first row."""
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = f"A{first + 1}"
    sheet.print_title_rows = f"{first}:{first}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _cells(sheet: WriteOnlyWorksheet, row: Row, columns: tuple[Column, ...]) -> Iterator[WriteOnlyCell]:
    for value, column in zip(row, columns, strict=True):
        alignment = CENTRE if column.centred else LEFT
        if isinstance(value, date | int):
            yield _number(sheet, value, alignment)
        else:
            yield _text(sheet, plain(value), BODY, alignment, boxed=True)


def _text(
    sheet: WriteOnlyWorksheet, text: str, font: Font, alignment: Alignment | None = None, *, boxed: bool = False
) -> WriteOnlyCell:
    return _dressed(text_cell(sheet, text), font, alignment, boxed)


def _number(sheet: WriteOnlyWorksheet, value: date | int, alignment: Alignment) -> WriteOnlyCell:
    if isinstance(value, datetime):
        # Spreadsheets know no time zones: the office's own.
        cell = WriteOnlyCell(sheet, value.astimezone(VIETNAM).replace(tzinfo=None))
        cell.number_format = "hh:mm dd/mm/yyyy"
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
    return _dressed(cell, BODY, alignment, boxed=True)


def _dressed(cell: WriteOnlyCell, font: Font, alignment: Alignment | None, boxed: bool) -> WriteOnlyCell:
    cell.font = font
    if alignment:
        cell.alignment = alignment
    if boxed:
        cell.border = BOX
    return cell
