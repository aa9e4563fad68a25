"""What can become of a person's place in a flat. Screens and server read the same rows."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.workflow import Transition

from ..models import Residency, ResidencyState
from .permissions import is_own, may_decide, owns

S = ResidencyState


def _decided_or_by_itself(user, residency: Residency) -> bool:
    """Without a person it is the letter that confirms, or the lease that ends."""
    return user is None or may_decide(user, residency)


def _may_lead(user, residency: Residency) -> bool:
    return may_decide(user, residency) or (user is not None and owns(user, residency.apartment_id))


def _runs_out(residency: Residency) -> bool:
    return residency.until is not None


def _does_not_lead(residency: Residency) -> bool:
    return not residency.is_head


CONFIRM = Transition("confirm", {S.ASKED}, S.CONFIRMED, _decided_or_by_itself, _("Xác nhận"))
REFUSE = Transition("refuse", {S.ASKED}, S.REFUSED, may_decide, pgettext_lazy("move", "Từ chối"), needs_reason=True)
WITHDRAW = Transition("withdraw", {S.ASKED}, S.WITHDRAWN, is_own, _("Rút đề nghị"))
MOVE_OUT = Transition("move_out", {S.CONFIRMED}, S.ENDED, is_own, _("Chuyển đi"))
END = Transition("end", {S.CONFIRMED}, S.ENDED, _decided_or_by_itself, _("Kết thúc"), needs_reason=True)
EXTEND = Transition("extend", {S.CONFIRMED}, None, may_decide, _("Gia hạn"), needs=_runs_out)
LEAD = Transition("lead", {S.CONFIRMED}, None, _may_lead, _("Đặt làm người đại diện căn hộ"), needs=_does_not_lead)
