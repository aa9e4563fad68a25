"""What happened to a residency, as its people read it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core import audit

from ..models import Residency

LABELS: dict[str, str | Promise] = {
    "ask": gettext_lazy("Đề nghị xác nhận"),
    "confirm": gettext_lazy("Xác nhận"),
    "refuse": pgettext_lazy("move", "Từ chối"),
    "withdraw": gettext_lazy("Rút đề nghị"),
    "move_out": gettext_lazy("Chuyển đi"),
    "end": gettext_lazy("Kết thúc"),
    "extend": gettext_lazy("Gia hạn"),
    "lead": gettext_lazy("Đặt làm người đại diện căn hộ"),
    "phone_shown": gettext_lazy("Cho ban quản lý thấy số điện thoại"),
    "phone_hidden": gettext_lazy("Không cho ban quản lý thấy số điện thoại nữa"),
    "proof_read": gettext_lazy("Xem giấy tờ"),
}


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    who: str
    at: datetime
    detail: str


def history(residency: Residency) -> list[Entry]:
    """Everything that happened, oldest first."""
    return [
        Entry(LABELS.get(event.action, event.action), event.actor_name or _("Cổng tự làm"), event.at, _detail(event))
        for event in audit.history_of(residency)
    ]


def _detail(event) -> str:
    if event.data.get("reason"):
        return event.data["reason"]
    if event.action == "extend":
        return _("Đến hết ngày %(until)s.") % {"until": f"{date.fromisoformat(event.data['until']):%d/%m/%Y}"}
    if event.action == "confirm":
        as_whom = _("Xác nhận bởi: %(whom)s.") % {"whom": Residency.ConfirmedAs(event.data["confirmed_as"]).label}
        return as_whom + " " + _("Đồng sở hữu.") if event.data.get("co_owner") else as_whom
    return ""
