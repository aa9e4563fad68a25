"""What the officers found."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from buildings.models import Ward
from portal.core.calendar import VIETNAM

from .stories import BIRTH, DISABILITY, EXTRACT, MARITAL, MARRIAGE, RESIDENCE, STAYING


def _in_book(ward: Ward, at: datetime) -> dict[str, str]:
    """Number and volume of the entry in a civil-status register."""
    return {"so_dang_ky": f"{at.timetuple().tm_yday}", "quyen_so": f"01/{at:%Y}"}


def marital(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {"tinh_trang_xac_minh": said["tinh_trang"], "theo_thoi_gian": "no"}


def birth(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {"so_dinh_danh_tre": f"0003{at:%y%m%d}{ward.pk % 100:02d}", **_in_book(ward, at)}


def extract(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "noi_dang_ky_so": said["noi_dang_ky"],
        "ngay_dang_ky_so": said["ngay_dang_ky"],
        "so_dang_ky": "45",
        "quyen_so": "01/1998",
        "noi_dung_so": "Sinh tại Bệnh viện Phụ sản Hà Nội. Cha: Nguyễn Văn Hòa, sinh năm 1968. "
        "Mẹ: Trần Thị Lựu, sinh năm 1970.",
        "co_thay_doi": "no",
        "so_ban_cap": said["so_ban"],
    }


def marriage(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {**_in_book(ward, at), "ngay_dang_ky": f"{at.astimezone(VIETNAM):%Y-%m-%d}"}


def staying(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    begins = date.fromisoformat(said["tu_ngay"])
    return {
        "so_ho_so_cu_tru": f"{ward.code[-3:]}-{at:%Y}-{at.timetuple().tm_yday:05d}",
        "noi_tam_tru_xac_nhan": said["noi_tam_tru"],
        "ngay_cap_nhat": f"{at.astimezone(VIETNAM):%Y-%m-%d}",
        "tam_tru_tu": said["tu_ngay"],
        "tam_tru_den": f"{begins + timedelta(days=364):%Y-%m-%d}",
    }


def residence(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "can_cu": "co_so_du_lieu",
        "dia_chi_xac_nhan": said["dia_chi"],
        "tu_ngay_xac_nhan": "2019-04-12",
        "chu_ho_xac_nhan": f"{said['nguoi_yeu_cau']['ho_ten']}, là chủ hộ",
    }


def disability(said: dict[str, Any], ward: Ward, at: datetime) -> dict[str, Any]:
    day = f"{at.astimezone(VIETNAM):%Y-%m-%d}"
    return {
        "dang_tat_ket_luan": said["dang_tat"],
        "muc_do": "nang",
        "so_bien_ban": "05/BB-HĐXĐKT",
        "ngay_hop": day,
        "niem_yet_tu": day,
    }


FOUND: dict[str, Callable[[dict[str, Any], Ward, datetime], dict[str, Any]]] = {
    MARITAL: marital,
    BIRTH: birth,
    EXTRACT: extract,
    MARRIAGE: marriage,
    STAYING: staying,
    RESIDENCE: residence,
    DISABILITY: disability,
}
