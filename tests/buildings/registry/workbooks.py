"""Workbooks as people send them, good and bad."""

import io
import zipfile
from collections.abc import Callable, Iterable

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

HEADINGS = ("Số căn hộ", "Khối", "Tầng", "Diện tích (m²)", "Loại", "Chủ sở hữu", "Điện thoại chủ sở hữu")


def workbook(
    rows: Iterable[Iterable], *, headings: Iterable = HEADINGS, and_then: Callable = lambda sheet: None
) -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.active
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    and_then(sheet)
    out = io.BytesIO()
    book.save(out)
    return upload(out.getvalue())


def upload(content: bytes, name: str = "can-ho.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def zipped(**parts: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return upload(out.getvalue())
