from datetime import UTC, date, datetime

import pytest

from portal.core import vietnamese


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),  # only months one and two take a zero
        (date(2026, 11, 10), "ngày 10 tháng 11 năm 2026"),
    ],
)
def test_dates_of_documents(day, written):
    assert vietnamese.official_date(day) == written


def test_numbers_of_documents():
    assert [vietnamese.official_number(number) for number in (5, 10, 123)] == ["05", "10", "123"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1005, "một nghìn không trăm linh năm"),
        (1990, "một nghìn chín trăm chín mươi"),
        (2000, "hai nghìn"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (15_000, "mười lăm nghìn"),
        (1_000_000, "một triệu"),
        (1_050_000, "một triệu không trăm năm mươi nghìn"),
        (3_000_000_007, "ba tỷ không trăm linh bảy"),
    ],
)
def test_numbers_in_words(number, words):
    assert vietnamese.number_in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10**12])
def test_numbers_without_words_are_refused(number):
    with pytest.raises(ValueError, match="no words"):
        vietnamese.number_in_words(number)


def test_dates_in_words():
    assert vietnamese.date_in_words(date(2026, 4, 15)) == (
        "ngày mười lăm, tháng tư, năm hai nghìn không trăm hai mươi sáu"
    )


def test_amounts_in_words():
    assert vietnamese.amount_in_words(8000) == "Tám nghìn đồng"


def test_names_are_masked_to_their_first_letters():
    assert vietnamese.masked_name("Nguyễn Thị  Hằng") == "N*** T*** H***"


def test_agencies_break_where_documents_break_them():
    assert vietnamese.agency_lines("ỦY BAN NHÂN DÂN PHƯỜNG VIỆT HƯNG") == ["ỦY BAN NHÂN DÂN", "PHƯỜNG VIỆT HƯNG"]
    assert vietnamese.agency_lines("ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI") == ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI"]
    assert vietnamese.agency_lines("BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ") == ["BỘ PHẬN TIẾP NHẬN", "VÀ TRẢ KẾT QUẢ"]
    assert vietnamese.agency_lines("CÔNG AN PHƯỜNG VIỆT HƯNG") == ["CÔNG AN PHƯỜNG VIỆT HƯNG"]
    assert vietnamese.agency_lines("BỘ TƯ PHÁP") == ["BỘ TƯ PHÁP"]


def test_an_instant_is_dated_by_the_day_in_vietnam():
    evening_in_greenwich = datetime(2026, 11, 20, 21, 34, tzinfo=UTC)

    assert vietnamese.official_date(evening_in_greenwich) == "ngày 21 tháng 11 năm 2026"
