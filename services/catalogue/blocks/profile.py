"""What an account knows about its holder, so that a form need not ask again."""

import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from buildings.models import Apartment, home_of

NAMES: dict[str, str | Promise] = {
    "full_name": _("họ, chữ đệm và tên"),
    "birth_date": _("ngày sinh"),
    "personal_number": _("số định danh cá nhân"),
    "phone": _("số điện thoại"),
    "email": _("thư điện tử"),
    "address": _("nơi cư trú"),
}


def known(user: Any, name: str) -> str | None:
    """A fact of the account as a stored answer; None when it is not known."""
    if not name or user is None or not user.is_authenticated:
        return None
    if name == "address":
        return _confirmed_home(user) or user.address or None
    value = getattr(user, name)
    return (value.isoformat() if name == "birth_date" else str(value)) if value else None


def _confirmed_home(user: Any) -> str | None:
    """The flat that was confirmed, under the name its ward has today; read once for this user object.

    It goes before what the account says, which was typed when the account was made. The person can change it.
    """
    if not hasattr(user, "_confirmed_home"):
        flat = home_of(user)
        user._confirmed_home = _in_its_ward(flat) if flat else None
    return user._confirmed_home


def _in_its_ward(flat: Apartment) -> str:
    house = split_address(flat.full_address)["chi_tiet"]
    return f"{house}, phường {flat.building.ward.name}, Hà Nội"


WARD = re.compile(r"^(?:phường|xã|p\.)\s*(?P<name>.+)$", re.IGNORECASE)
PROVINCE = re.compile(r"^(?:tỉnh|thành phố|tp\.?)?\s*(?P<name>\S.*)$", re.IGNORECASE)


def split_address(text: str) -> dict[str, str]:
    """A written address as house, ward and province, as far as it says so itself.

    "Căn hộ 5, phố X, phường Việt Hưng, Hà Nội" → chi_tiet, phuong, tinh.
    """
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    at = next((i for i, piece in enumerate(pieces) if WARD.match(piece)), None)
    if at is None:
        return {"chi_tiet": text, "phuong": "", "tinh": ""}
    province = PROVINCE.match(pieces[-1]) if at < len(pieces) - 1 else None
    return {
        "chi_tiet": ", ".join(pieces[:at]),
        "phuong": WARD.match(pieces[at])["name"],
        "tinh": province["name"] if province else "",
    }
