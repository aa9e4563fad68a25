"""What is in the file of a register: the rows of the book in its order, inert, without gaps, at any length."""

import csv
import io
import tempfile
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portal.core import outbox
from services.registers import exporting, writers
from services.registers.models import Export
from services.registers.shelf import REGISTERS

from .conftest import NOW, YEAR, content, rows_of, stored
from .many import accept_many

HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "  =1+1", "|calc", "＝1+1")


def sheet_of(export: Export):
    return load_workbook(io.BytesIO(content(export))).active


def text_of(export: Export) -> list[str]:
    document = pypdfium2.PdfDocument(content(export))
    return [page.get_textpage().get_text_bounded() for page in document]


def test_it_holds_the_rows_that_were_filtered_in_the_order_of_the_book(make, accepted, ward, resident, version):
    accept_many(ward, version, resident, 3, at=datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    accept_many(ward, version, resident, 2, at=datetime(2025, 3, 3, 2, 0, tzinfo=UTC))

    header, *rows = rows_of(make("csv", query={"q": "thi", **YEAR}))

    assert header[0] == "STT"
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert [row[6] for row in rows] == ["09:00 02/03/2026", "09:01 02/03/2026", "09:02 02/03/2026"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_of_a_csv_begins_a_formula(make, accepted, resident, name):
    resident.address = "@office"
    resident.save()
    accepted(name=name)

    raw = content(make("csv"))
    (row,) = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))[1:]

    assert raw.startswith(b"\xef\xbb\xbf")
    assert row[3].startswith("'")
    assert row[4].startswith("'@office")
    assert not any(cell.lstrip()[:1] in "=+-@" and cell for cell in row)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_of_a_workbook_is_a_formula(make, accepted, name):
    accepted(name=name)

    export = make("xlsx")

    with ZipFile(io.BytesIO(content(export))) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 't="inlineStr"' in sheet
    cell = sheet_of(export)["D6"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value.strip() == name.strip()


def test_a_workbook_keeps_times_as_times_and_repeats_its_head(make, accepted):
    dossier = accepted("delivered")

    sheet = sheet_of(make("xlsx"))

    assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == [
        "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT HƯNG",
        "SỔ THEO DÕI HỒ SƠ",
        "Mẫu số 07. Năm 2026",
    ]
    assert [cell.value for cell in sheet[5]][:2] == ["STT", "Mã hồ sơ"]
    assert sheet["A6"].value == 1
    assert sheet["G6"].value == (dossier.accepted_at + timedelta(hours=7)).replace(tzinfo=None)
    assert sheet["G6"].number_format == "hh:mm dd/mm/yyyy"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A6", "$5:$5")


def test_control_characters_do_not_stop_an_export(make, accepted):
    dossier = accepted()
    type(dossier).objects.filter(pk=dossier.pk).update(applicant_name="Hường\x0b\x1f\ufffe")

    assert sheet_of(make("xlsx"))["D6"].value == "Hường"
    assert rows_of(make("csv"))[1][3] == "Hường"
    assert make("pdf").state == "ready"


def test_a_printed_register_has_no_gaps_where_its_pieces_meet(make, ward, resident, version, monkeypatch):
    accept_many(ward, version, resident, 90, at=NOW - timedelta(hours=5))
    whole = text_of(make("pdf"))
    monkeypatch.setattr(writers.pdf, "CHUNK", 25)

    pieced = text_of(make("pdf"))

    assert len(whole) > 3
    assert pieced == whole
    assert "SỔ THEO DÕI HỒ SƠ" in pieced[0]
    for number, page in enumerate(pieced[1:], start=2):
        assert page.rstrip().endswith(str(number))
        assert "Mã hồ sơ" in page
    assert all(f"{serial:06d}" in "".join(pieced) for serial in range(90))


def test_a_printed_register_is_made_a_piece_a_turn(clerk, ward, resident, version, monkeypatch):
    """So that receipts and results waiting behind it are made in between; a killed turn costs one piece."""
    accept_many(ward, version, resident, 60, at=NOW - timedelta(hours=5))
    monkeypatch.setattr(writers.pdf, "CHUNK", 25)
    export = exporting.ask("so-theo-doi", "pdf", YEAR, ward=ward, by=clerk, at=NOW)

    outbox.run_all(at=NOW, rounds=1)

    export.refresh_from_db()
    assert (export.state, export.pieces, export.rows_total) == ("running", 1, 60)
    assert 0 < export.rows_done < 25
    exporting.make(str(export.pk), 0, clock=lambda: NOW)  # the first turn again: made already
    before = export.rows_done
    export.refresh_from_db()
    assert (export.pieces, export.rows_done) == (1, before)

    outbox.run_all(at=NOW)

    export.refresh_from_db()
    assert (export.state, export.rows_done) == ("ready", 60)
    assert stored(export) == [f"{export.pk}.pdf.gz"]


@pytest.mark.parametrize("format", ["xlsx", "csv", "pdf"])
def test_an_empty_register_is_a_file_too(make, format):
    export = make(format)

    assert (export.state, export.rows_done, export.rows_total) == ("ready", 0, 0)


# --- What it costs -------------------------------------------------------------------------------


def test_queries_grow_with_the_chunks_and_never_with_the_rows(clerk, ward, resident, version, monkeypatch):
    """Three a chunk read rows, versions and serials, two tell how far it is, one notes what was read."""
    accept_many(ward, version, resident, 300, at=NOW - timedelta(hours=8))

    def queries(chunk: int) -> int:
        monkeypatch.setattr(writers.csv, "CHUNK", chunk)
        export = exporting.ask("so-theo-doi", "csv", YEAR, ward=ward, by=clerk, at=NOW)
        with CaptureQueriesContext(connection) as captured:
            exporting.make(str(export.pk), 0, clock=lambda: NOW)
        return len(captured)

    in_two, in_three, in_thirty_one = queries(299), queries(149), queries(10)

    assert in_three - in_two == 6
    assert in_thirty_one - in_two == 6 * 28 + 1  # the thirty-first finds nothing left


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_memory_does_not_grow_with_the_rows(ward, resident, version, format, clerk):
    def peak(rows: int) -> int:
        tracemalloc.start()
        try:
            with tempfile.TemporaryDirectory() as folder:
                head = REGISTERS["so-theo-doi"].head(ward, YEAR, at=NOW)
                chunk = [(1, "H26.004.127-261123-0001", "Đăng ký khai sinh", *["Nguyễn"] * 3, NOW, NOW, NOW, "", "")]
                chunks = (list(chunk * 300) for _number in range(rows // 300))
                writers.WRITERS[format].write(Path(folder) / "so", head, chunks)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(300)  # what is imported and cached once

    assert peak(3000) < 1.5 * peak(300)
