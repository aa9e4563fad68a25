"""Numbers, dates and names as Vietnamese official documents write them (NĐ 30/2020, Phụ lục I)."""

from datetime import date, datetime

from django.utils import timezone

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def official_number(number: int) -> str:
    """Numbers under ten take a leading zero: 05."""
    return f"{number:02d}"


def official_date(day: date | datetime) -> str:
    """ngày 05 tháng 02 năm 2026: days under ten and months one and two take a zero, months three to nine do not.

    Of an instant the day it was in Vietnam.
    """
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def grouped(number: int) -> str:
    """1.234.567: thousands by points, whatever the language of the page; `number_format` follows the page."""
    return f"{number:,}".replace(",", ".")


def in_dong(amount: int) -> str:
    """15000 → 15.000 đồng."""
    return f"{grouped(amount)} đồng"


def number_in_words(number: int) -> str:
    """15 → mười lăm; 2026 → hai nghìn không trăm hai mươi sáu. From 0 to under a thousand billion.

    Raises ValueError outside of that.
    """
    if not 0 <= number < 10**12:
        raise ValueError(f"no words for {number}")
    if number == 0:
        return DIGITS[0]
    groups = []
    for unit in ("", "nghìn", "triệu", "tỷ"):
        number, group = divmod(number, 1000)
        if group:
            groups.append(f"{_hundreds(group, leading=number == 0)} {unit}".strip())
    return " ".join(reversed(groups))


def _hundreds(number: int, *, leading: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [DIGITS[hundreds], "trăm"] if hundreds or not leading else []
    if tens == 0:
        if ones:
            words += ["linh", DIGITS[ones]] if words else [DIGITS[ones]]
        return " ".join(words)
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 4 and tens > 1:
        words.append("tư")
    elif ones == 5:
        words.append("lăm")
    elif ones:
        words.append(DIGITS[ones])
    return " ".join(words)


def date_in_words(day: date) -> str:
    """Ngày năm, tháng hai, năm hai nghìn không trăm hai mươi sáu; April is tháng tư."""
    month = "tư" if day.month == 4 else number_in_words(day.month)
    return f"ngày {number_in_words(day.day)}, tháng {month}, năm {number_in_words(day.year)}"


def amount_in_words(dong: int) -> str:
    """Mười lăm nghìn đồng."""
    words = number_in_words(dong)
    return f"{words[0].upper()}{words[1:]} đồng"


def masked_name(name: str) -> str:
    """What strangers are shown: N*** V*** A***, enough to compare with the paper in one's hand."""
    return " ".join(f"{word[0]}***" for word in name.split())


def agency_lines(agency: str) -> list[str]:
    """ỦY BAN NHÂN DÂN / PHƯỜNG VIỆT HƯNG: an agency's name broken where documents break it; a short one is not."""
    for place in (" PHƯỜNG ", " XÃ ", " QUẬN ", " HUYỆN ", " THÀNH PHỐ ", " TỈNH ", " VÀ TRẢ "):
        if place in agency:
            head, tail = agency.split(place, 1)
            if len(head) < len("BỘ TƯ PHÁP"):  # CÔNG AN PHƯỜNG VIỆT HƯNG
                return [agency]
            return [head, f"{place.strip()} {tail}"]
    return [agency]
