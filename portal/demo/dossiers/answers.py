"""What the residents answered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from buildings.models import Ward
from portal.core.models import User
from services.catalogue.models import ProcedureVersion

from .stories import BIRTH, DISABILITY, EXTRACT, MARITAL, MARRIAGE, RESIDENCE, STAYING


def answers_of(version: ProcedureVersion, owner: User, ward: Ward, *, at: datetime) -> dict[str, Any]:
    """The procedure's answers; of a person only what its form asks."""
    answers = ANSWERS[version.spec.code](owner, ward, at)
    for spec in version.spec.fields():
        if spec.kind == "person" and spec.key in answers:
            asked = spec.options["parts"]
            answers[spec.key] = {part: text for part, text in answers[spec.key].items() if part in asked}
    return answers


def _person(name: str, born: str, sex: str, number: str, address: str) -> dict[str, str]:
    return {
        "ho_ten": name,
        "ngay_sinh": born,
        "gioi_tinh": sex,
        "dan_toc": "Kinh",
        "quoc_tich": "Việt Nam",
        "so_dinh_danh": number,
        "noi_cu_tru": address,
    }


def _self(owner: User) -> dict[str, str]:
    sex = "nam" if (owner.email or "").startswith("cong-dan@") else "nu"
    born = owner.birth_date.isoformat() if owner.birth_date else "1990-01-01"
    return _person(owner.full_name, born, sex, owner.personal_number, owner.address)


def _other(owner: User, name: str, sex: str, born: str = "1991-08-15") -> dict[str, str]:
    return _person(name, born, sex, f"0009{owner.pk:08d}", owner.address)


def _place(ward: Ward) -> dict[str, str]:
    return {"chi_tiet": "Căn hộ 0804, Chung cư Sen Hồng", "phuong": ward.name, "tinh": "Hà Nội"}


def marital(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "nguoi_yeu_cau": _self(owner),
        "tinh_trang": "chua_ket_hon",
        "muc_dich": "ket_hon",
        "ket_hon_voi": "Phạm Minh Quân, sinh năm 1988, phường Phúc Lợi; đăng ký tại phường Phúc Lợi",
        "tung_o_noi_khac": "no",
    }


def birth(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "ho_ten_tre": "Nguyễn Minh Khuê",
        "ngay_sinh_tre": f"{at - timedelta(days=30):%Y-%m-%d}",
        "gioi_tinh_tre": "nu",
        "sinh_o_co_so_y_te": "yes",
        "co_so_y_te": "Bệnh viện Phụ sản thành phố, Hà Nội",
        "que_quan": {"phuong": ward.name, "tinh": "Hà Nội"},
        "dan_toc_tre": "Kinh",
        "quoc_tich_tre": "Việt Nam",
        "quan_he": "me",
        "me": _self(owner),
        "ghi_ten_cha": "yes",
        "cha": _other(owner, "Nguyễn Quốc Bảo", "nam"),
        "so_ban_sao": 2,
    }


def extract(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "loai_viec": "khai_sinh",
        "la_ban_than": "yes",
        "nguoi_yeu_cau": _self(owner),
        "noi_dang_ky": f"UBND phường {ward.name}, Hà Nội",
        "ngay_dang_ky": "1998-03-12",
        "so_quyen": "số 45, quyển 01/1998",
        "so_ban": 2,
        "ly_do": "Làm hộ chiếu",
    }


def marriage(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "vai_tro": "ben_nu",
        "ben_nam": _other(owner, "Trần Đức Long", "nam"),
        "nam_ket_hon_lan": 1,
        "ben_nu": _self(owner),
        "nu_ket_hon_lan": 1,
        "ngay_mong_muon": f"{at + timedelta(days=14):%Y-%m-%d}",
        "dien_thoai": "+84912345678",
    }


def staying(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "viec": "dang_ky",
        "nguoi_yeu_cau": _self(owner),
        "noi_thuong_tru": {"chi_tiet": "Số 3 phố Cổ Linh", "phuong": "Phúc Lợi", "tinh": "Hà Nội"},
        "dien_thoai": "+84912345678",
        "noi_tam_tru": _place(ward),
        "loai_cho_o": "thue",
        "co_giay_cho_o": "yes",
        "tu_ngay": f"{at:%Y-%m-%d}",
        "so_thang": 12,
        "la_chu_ho": "yes",
        "co_nguoi_cung": "no",
        "co_tre_em": "no",
    }


def residence(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "nguoi_yeu_cau": _self(owner),
        "dien_thoai": "+84912345678",
        "cho_ban_than": "yes",
        "noi_dung": "thuong_tru",
        "dia_chi": _place(ward),
        "muc_dich": "Nộp hồ sơ nhập học cho con",
    }


def disability(owner: User, ward: Ward, at: datetime) -> dict[str, Any]:
    return {
        "loai_de_nghi": "lan_dau",
        "cho_ban_than": "yes",
        "nguoi_khuyet_tat": _self(owner),
        "dien_thoai": "+84912345678",
        "dang_tat": "van_dong",
        "mo_ta": "Bị tai nạn lao động năm 2021, chân trái đi lại khó khăn, đã điều trị tại Bệnh viện Việt Đức.",
        "di_lai": "giup",
        "an_uong": "duoc",
        "ve_sinh": "duoc",
        "giao_tiep": "duoc",
        "noi_gap": "Tại nhà, vì khó đi lại",
    }


ANSWERS: dict[str, Callable[[User, Ward, datetime], dict[str, Any]]] = {
    MARITAL: marital,
    BIRTH: birth,
    EXTRACT: extract,
    MARRIAGE: marriage,
    STAYING: staying,
    RESIDENCE: residence,
    DISABILITY: disability,
}
