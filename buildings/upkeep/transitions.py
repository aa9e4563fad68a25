"""The legal moves of planned work and of a check: the operator's people make them, the board looks on."""

from django.utils.translation import gettext_lazy as _

from portal.core.workflow import Transition

from ..models import positions_at
from ..roles import OPERATOR_POSITIONS
from .models import Check, CheckState, PlannedWork, WorkState


def operates(user, subject: PlannedWork | Check) -> bool:
    return not positions_at(user, subject.building_id).isdisjoint(OPERATOR_POSITIONS)


MOVE = Transition("move", {WorkState.PLANNED}, None, operates, _("Đổi lịch"))
ANNOUNCE = Transition("announce", {WorkState.PLANNED}, None, operates, _("Soạn thông báo cho cư dân"))
FINISH = Transition("finish", {WorkState.PLANNED}, WorkState.DONE, operates, _("Ghi đã làm"))
CANCEL = Transition("cancel", {WorkState.PLANNED}, WorkState.CANCELLED, operates, _("Hủy lịch"), needs_reason=True)
WORK_MOVES = (MOVE, ANNOUNCE, FINISH, CANCEL)

FILL_IN = Transition("fill_in", {CheckState.OPEN}, None, operates, _("Lưu"))
FINISH_CHECK = Transition("finish_check", {CheckState.OPEN}, CheckState.DONE, operates, _("Hoàn thành"))
