"""What a resident is told of lateness: that it is late, what the ward owes them, what was promised anew.

The explanation stays inside the ward, and the reason stands in the letter alone: these words are also
shown to whoever looks a dossier up with its secret.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.lateness import LatenessState

from .models import Dossier, Lateness
from .transitions import is_blocked

L = LatenessState

# What happens now, for each place on the road out.
HAPPENS: dict[str, str | Promise] = {
    L.EXPLAINING: _("Người phụ trách đang giải trình với lãnh đạo phường. Sau đó phường gửi bạn thư xin lỗi."),
    L.EXPLAINED: _("Lãnh đạo phường đang xem giải trình. Sau đó phường gửi bạn thư xin lỗi."),
    L.APOLOGISING: _("Phường đang soạn thư xin lỗi gửi bạn."),
    L.DRAFTED: _("Thư xin lỗi đang chờ lãnh đạo phường ký."),
    L.SIGNED: _("Thư xin lỗi đã được ký và đang được gửi đến bạn."),
    L.SENT: _("Thư xin lỗi đã được gửi đến bạn. Hồ sơ được giải quyết tiếp khi thư đến nơi."),
}


@dataclass(frozen=True)
class OwningUp:
    """What stands above a late dossier. `held_up` says that nothing moves on until the apology has arrived."""

    held_up: bool
    is_error: bool
    step: str = ""
    due_at: datetime | None = None
    happens: str | Promise = ""
    apologised_at: datetime | None = None
    new_due_at: datetime | None = None


def owning_up(dossier: Dossier, *, at: datetime) -> OwningUp | None:
    """How the ward answers for a dossier that is late, or for the last time it was; None when it never was."""
    if is_blocked(dossier, at):
        case, current = dossier.lateness, dossier.current_step
        if case and case.reason == Lateness.Reason.ERROR:
            return OwningUp(held_up=True, is_error=True, happens=HAPPENS[case.state])
        step = case.what if case else current.name if current else ""
        due_at = case.due_at if case else dossier.next_due_at
        happens = HAPPENS[case.state if case else L.EXPLAINING]
        return OwningUp(True, False, step, due_at, happens, new_due_at=dossier.rescheduled_to)
    case = dossier.latenesses.filter(state__in=[L.TOLD, L.OVERRIDDEN]).order_by("opened_at").last()
    if case is None:
        return None
    return OwningUp(
        held_up=False,
        is_error=case.reason == Lateness.Reason.ERROR,
        step="" if case.reason == Lateness.Reason.ERROR else case.what,
        due_at=case.due_at,
        apologised_at=case.told_at,
        new_due_at=dossier.rescheduled_to,
    )
