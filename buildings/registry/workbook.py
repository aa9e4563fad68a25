"""Opening a workbook that somebody sends: what is no workbook, or one made to hurt, is told apart before it is read.

openpyxl reads row by row (`read_only`), which knows nothing of merged cells: those are found in the sheet's own XML.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

MAX_BYTES = 5 * 1024 * 1024  # a workbook of 10,000 flats has less than one
MAX_UNPACKED = 40 * 1024 * 1024
MAX_PARTS = 300
MOST_SHEETS = 10
MOST_COLUMNS = 40
MOST_ROWS = 25_000  # in the file, empty ones with a format included
MOST_BLANK = 5000  # rows without a word, after which nothing more is expected
XML_HEAD = 64 * 1024
ROW = re.compile(rb"<row[ />]")
MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also what encrypts a new one


class Unreadable(ValidationError):
    """This file cannot be read as a workbook. Its message says why and what to do."""


@dataclass(frozen=True)
class Value:
    """What stands in a cell, and whether it is a formula or an error of one."""

    value: Any
    kind: str  # openpyxl's: "n" number or date, "s" text, "b" yes or no, "f" formula, "e" error

    @property
    def is_formula(self) -> bool:
        return self.kind == "f"

    @property
    def is_error(self) -> bool:
        return self.kind == "e"

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True)
class Merged:
    first_row: int
    last_row: int
    ref: str


@dataclass(frozen=True)
class Sheet:
    name: str
    merged: tuple[Merged, ...]
    rows: Iterator[tuple[int, list[Value]]]  # those with a word in them, with their number in the file


@contextmanager
def opened(file: File) -> Iterator[Iterator[Sheet]]:
    """The sheets of a workbook, one after the other. Raises Unreadable, also while they are read."""
    _look_at(file)
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            _look_into(archive)
            file.seek(0)
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            try:
                yield (_sheet(sheet, archive) for sheet in book.worksheets[:MOST_SHEETS])
            finally:
                book.close()
    except ValidationError:
        raise
    except Exception as error:
        # openpyxl and zipfile answer a damaged file with whatever they stumble over.
        raise Unreadable(
            _("Không đọc được tệp vì tệp bị hỏng. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên.")
        ) from error


def _look_at(file: File) -> None:
    if (file.size or 0) > MAX_BYTES:
        raise Unreadable(
            _("Tệp lớn hơn %(megabytes)d MB. Hãy xóa ảnh và các trang tính không cần thiết.")
            % {"megabytes": MAX_BYTES // 1024**2}
        )
    file.seek(0)
    head = file.read(4)
    if not head:
        raise Unreadable(_("Tệp rỗng. Hãy chọn lại tệp."))
    if head == OLD_EXCEL:
        raise Unreadable(_("Tệp có mật khẩu hoặc là Excel đời cũ (.xls). Hãy bỏ mật khẩu và lưu lại dạng .xlsx."))
    if head != b"PK\x03\x04":
        raise Unreadable(_("Đây không phải tệp Excel .xlsx. Hãy tải tệp mẫu về, điền rồi gửi lại tệp đó."))


def _look_into(archive: zipfile.ZipFile) -> None:
    """Sizes are read off the index: a part never unpacks to more than it says there."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(_("Tệp chứa quá nhiều dữ liệu khi mở ra. Hãy chép riêng bảng căn hộ sang một tệp mới."))
    if "xl/workbook.xml" not in archive.namelist():
        raise Unreadable(_("Đây không phải tệp Excel .xlsx. Hãy tải tệp mẫu về, điền rồi gửi lại tệp đó."))
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as xml:
                if b"<!DOCTYPE" in xml.read(XML_HEAD):  # no program writes one; it may define endless entities
                    raise Unreadable(_("Tệp có nội dung không an toàn nên không được đọc. Hãy dùng tệp mẫu."))
        # Counted before openpyxl reads the words of all of them, which takes seconds.
        if part.filename.startswith("xl/worksheets/") and _count(ROW, archive.read(part)) > MOST_ROWS:
            words = _("Trang tính có hơn %(most)s dòng. Hãy xóa các dòng trống ở cuối, hoặc tách tệp theo tòa nhà.")
            raise Unreadable(words % {"most": number_format(MOST_ROWS, force_grouping=True)})


def _count(pattern: re.Pattern[bytes], content: bytes) -> int:
    return sum(1 for _match in pattern.finditer(content))


def _sheet(sheet: Any, archive: zipfile.ZipFile) -> Sheet:
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    return Sheet(sheet.title, _merged(archive, sheet._worksheet_path), _rows(sheet))  # noqa: SLF001 - said nowhere else


def _merged(archive: zipfile.ZipFile, path: str) -> tuple[Merged, ...]:
    found = []
    for match in MERGED.finditer(archive.read(path.lstrip("/"))):
        ref = match[1].decode()
        _left, first, _right, last = range_boundaries(ref)
        found.append(Merged(int(first or 1), int(last or 1), ref))
    return tuple(sorted(found, key=lambda one: one.first_row))


def _rows(sheet: Any) -> Iterator[tuple[int, list[Value]]]:
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        values = [Value(cell.value, getattr(cell, "data_type", "n")) for cell in cells]
        if all(value.is_empty for value in values):
            blank += 1
            if blank > MOST_BLANK:
                return
            continue
        blank = 0
        yield number, values
