"""The legal moves of a notice: drafted, put up, corrected, withdrawn; over by itself at its end."""

from django.utils.translation import gettext_lazy as _

from portal.core.workflow import Transition

from ..models import positions_at, positions_in
from .kinds import WARD_POSITIONS
from .models import Notice, NoticeState

S = NoticeState


def may_write(user, notice: Notice) -> bool:
    """Its kind's writers in its building; the ward's notices, the ward's desk."""
    if notice.by_ward:
        return not positions_in(user, notice.building.ward_id).isdisjoint(WARD_POSITIONS)
    return not positions_at(user, notice.building_id).isdisjoint(notice.spec.writers)


def may_publish(user, notice: Notice) -> bool:
    if notice.by_ward:
        return may_write(user, notice)
    return not positions_at(user, notice.building_id).isdisjoint(notice.spec.publishers)


def by_itself(user, notice: Notice) -> bool:
    return user is None


EDIT = Transition("edit", {S.DRAFT}, None, may_write, _("Sửa bản nháp"), public=False)
DROP = Transition("drop", {S.DRAFT}, S.DROPPED, may_write, _("Bỏ bản nháp"), public=False)
PUBLISH = Transition("publish", {S.DRAFT}, S.PUBLISHED, may_publish, _("Đăng thông báo"))
CORRECT = Transition("correct", {S.PUBLISHED}, None, may_publish, _("Sửa và báo lại"), needs_reason=True)
WITHDRAW = Transition("withdraw", {S.PUBLISHED}, S.WITHDRAWN, may_publish, _("Rút thông báo"), needs_reason=True)
END = Transition("end", {S.PUBLISHED}, S.OVER, by_itself, public=False)

TRANSITIONS = (EDIT, DROP, PUBLISH, CORRECT, WITHDRAW, END)
