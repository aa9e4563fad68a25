"""The columns of the workbook of flats: their names, what may stand in them, what is wrong when it may not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from portal.core.text import fold

from ..models import Apartment
from .workbook import Value


class Wrong(ValueError):
    """What stands in a cell cannot be used; says why and what to do."""


def _text(value: Any, *, longest: int) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split())
    if len(text) > longest:
        raise Wrong(_("dài hơn %(longest)d ký tự") % {"longest": longest})
    return text


def number(value: Any) -> str:
    if isinstance(value, datetime | date):
        raise Wrong(_("Excel đã đổi thành ngày tháng; hãy đặt cột ở định dạng Văn bản rồi nhập lại"))
    return _text(value, longest=20)


def block(value: Any) -> str:
    text = _text(value, longest=40)
    # “Khối A”, “Đơn nguyên A”, “Tòa A”: the block is A.
    text = re.sub(r"^(khối|đơn nguyên|tòa|toà|block|tháp)\s+", "", text, flags=re.IGNORECASE)
    return _text(text, longest=10)


def floor(value: Any) -> int:
    text = re.sub(r"^(tầng|t)\s*", "", str(value).strip(), flags=re.IGNORECASE)
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise Wrong(
            _("“%(text)s” không phải số tầng; ghi bằng chữ số, ví dụ 12") % {"text": str(value)[:40]}
        ) from error
    if isinstance(value, bool | datetime) or not found.is_finite() or found != found.to_integral_value():
        raise Wrong(_("“%(text)s” không phải số tầng; ghi bằng chữ số, ví dụ 12") % {"text": str(value)[:40]})
    return int(found) if abs(found) < 1000 else 1000


def area(value: Any) -> str:
    text = re.sub(r"\s*m(2|²)$", "", str(value).strip(), flags=re.IGNORECASE).replace(" ", "").replace(",", ".")
    try:
        found = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Wrong(_("“%(text)s” không phải số m²; ví dụ 75,5") % {"text": str(value)[:40]}) from error
    if isinstance(value, bool | datetime) or not found.is_finite() or not 1 <= found < 10_000:
        raise Wrong(_("diện tích %(text)s m² không hợp lý; kiểm tra lại") % {"text": str(value)[:40]})
    return str(found)


# Vietnamese in every language: the workbook's own words.
KIND_WORDS = {
    Apartment.Kind.HOME.value: "Căn hộ ở",
    Apartment.Kind.SHOP.value: "Căn thương mại, dịch vụ",
    Apartment.Kind.OFFICETEL.value: "Căn hộ văn phòng",
}
KINDS = {fold(words): kind for kind, words in KIND_WORDS.items()} | {
    **dict.fromkeys(("can ho", "o", "nha o", "can ho o", "duplex", "penthouse"), "home"),
    **dict.fromkeys(("thuong mai", "shophouse", "kiot", "ki ot", "kiosk", "can thuong mai", "san thuong mai"), "shop"),
    **dict.fromkeys(("officetel", "van phong", "can ho van phong"), "officetel"),
}


def kind(value: Any) -> str:
    text = str(value).strip()
    if fold(text) not in KINDS:
        words = _("loại “%(text)s” chưa biết; ghi một trong: %(known)s")
        raise Wrong(words % {"text": text[:40], "known": ", ".join(KIND_WORDS.values())})
    return KINDS[fold(text)]


def owner(value: Any) -> str:
    if isinstance(value, datetime | date | bool | int | float):
        raise Wrong(_("“%(text)s” không phải họ tên") % {"text": str(value)[:40]})
    return _text(value, longest=200)


def phone(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"0{int(value)}" if 10**8 <= value < 10**9 else str(int(value))  # a number has lost its zero
    text = _text(value, longest=40)
    if not re.fullmatch(r"[+0-9][0-9 .\-]{7,}(\s*[;,/]\s*[+0-9][0-9 .\-]{7,})*", text):
        raise Wrong(_("“%(text)s” không phải số điện thoại") % {"text": text[:40]})
    return text


@dataclass(frozen=True)
class Column:
    key: str
    label: str  # Vietnamese in every language: it is the workbook's own
    example: tuple[str, str]
    read: Callable[[Any], Any]
    also: tuple[str, ...] = ()
    required: bool = False
    width: int = 14

    @property
    def names(self) -> set[str]:
        return {fold(self.label), *(fold(name) for name in self.also)}


COLUMNS = (
    Column("number", "Số căn hộ", ("A-0301", "A-0302"), number, ("Căn hộ", "Mã căn hộ", "Mã căn", "Căn số"), True),
    Column("block", "Khối", ("A", "A"), block, ("Đơn nguyên", "Tòa", "Toà", "Block", "Tháp"), width=10),
    Column("floor", "Tầng", ("3", "3"), floor, ("Số tầng", "Lầu"), True, width=8),
    Column("area", "Diện tích (m²)", ("75,5", "62"), area, ("Diện tích", "Diện tích m2", "Diện tích (m2)", "DT (m2)")),
    Column("kind", "Loại", ("Căn hộ ở", "Căn thương mại, dịch vụ"), kind, ("Loại căn hộ", "Loại căn"), width=26),
    Column(
        "owner_name",
        "Chủ sở hữu",
        ("Nguyễn Văn A; Trần Thị B", ""),
        owner,
        ("Chủ hộ", "Họ tên chủ sở hữu", "Tên chủ sở hữu", "Chủ nhà"),
        width=34,
    ),
    Column(
        "owner_phone",
        "Điện thoại chủ sở hữu",
        ("0900 000 001", ""),
        phone,
        ("Điện thoại", "Số điện thoại", "SĐT", "SĐT chủ sở hữu"),
        width=24,
    ),
)
REQUIRED = tuple(column for column in COLUMNS if column.required)


def columns_of(cells: list[Value]) -> dict[int, Column]:
    """Which column of ours stands at which place of a row of headings."""
    found = {}
    for place, cell in enumerate(cells):
        heading = fold(str(cell.value or "")).replace("*", "").strip()
        for column in COLUMNS:
            if heading in column.names:
                found[place] = column
    return found
