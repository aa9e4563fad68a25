"""The book of flats as a workbook, in the columns in which it is brought in; and the same, empty, to be filled in."""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from portal.core.spreadsheets import text_cell

from ..models import Apartment, Building
from ..models.places import IN_ORDER
from .columns import COLUMNS, KIND_WORDS

BOLD, WRAPPED = Font(bold=True), Alignment(vertical="top", wrap_text=True)
AS_TEXT = "@"  # a flat's number keeps its leading zero
EMPTY_ROWS = 200
# Vietnamese whoever reads it: the workbook's own words.
ADVICE = (
    "Mỗi dòng một căn hộ. Bắt buộc: Số căn hộ, Tầng. Các cột khác có thể để trống hoặc bỏ.",
    "Ô để trống giữ nguyên điều đã ghi trong sổ; căn hộ không có trong tệp cũng giữ nguyên.",
    "Không gộp ô, không dùng công thức.",
    "Đồng sở hữu: ghi các tên vào một ô, cách nhau bằng dấu chấm phẩy.",
    f"Loại: {', '.join(KIND_WORDS.values())}.",
)


def flats(building: Building) -> bytes:
    """Every flat, by block, floor and number."""
    found = building.apartments.select_related("block").order_by(*IN_ORDER)
    return _workbook(building, (_row(flat) for flat in found.iterator(chunk_size=1000)))


def template(building: Building) -> bytes:
    examples = [[column.example[row] for column in COLUMNS] for row in range(2)]
    return _workbook(building, examples, advice=True)


def _row(flat: Apartment) -> list[str | int | float | None]:
    return [
        flat.number,
        flat.block.name if flat.block else None,
        flat.floor,
        float(flat.area) if flat.area is not None else None,
        KIND_WORDS[flat.kind],
        flat.owner_name or None,
        flat.owner_phone or None,
    ]


def _workbook(building: Building, rows: Iterable[list], *, advice: bool = False) -> bytes:
    book = Workbook(write_only=True)
    book.properties.title = f"Sổ căn hộ {building.name}"
    sheet = book.create_sheet("Căn hộ")
    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    head = [text_cell(sheet, column.label) for column in COLUMNS]
    for cell in head:
        cell.font = BOLD
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    if advice:
        for _row_number in range(EMPTY_ROWS):
            sheet.append([_cell(sheet, "")])
        words = book.create_sheet("Hướng dẫn")
        words.column_dimensions["A"].width = 90
        for line in ADVICE:
            cell = text_cell(words, line)
            cell.alignment = WRAPPED
            words.append([cell])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, value: str | float | None) -> WriteOnlyCell:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = text_cell(sheet, value)
    cell.number_format = AS_TEXT
    return cell
