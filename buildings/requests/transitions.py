"""The table of legal moves of a request. Screens and server read the same rows.

Every move by which the managers take a request on stands behind the lateness gate; the resident's rights, and what
the watch does in their favour, do not.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.workflow import Transition

from .models import OPEN_STATES, WORKING_STATES, BuildingRequest, RequestState
from .permissions import is_reporter, is_system, may_comment, may_support, reporter_or_system, works_on
from .rules import limits

S = RequestState
IN_HAND = frozenset({S.ACCEPTED, S.PLANNED, S.WAITING})


def is_blocked(request: BuildingRequest, at: datetime) -> bool:
    """The lateness gate: shut from the moment the request is late until its case is closed.

    Read off the due time itself, so that it is shut before the watch has opened the case.
    """
    return request.lateness_id is not None or (request.next_due_at is not None and request.next_due_at < at)


def reopened_until(request: BuildingRequest) -> datetime | None:
    """The last moment at which an ended request can be opened again; None while it goes on."""
    return request.ended_at + timedelta(days=limits().reopen_days) if request.ended_at else None


def _window_over(request: BuildingRequest, at: datetime) -> bool:
    until = reopened_until(request)
    return until is not None and until < at


def _in_order(request: BuildingRequest) -> bool:
    return request.lateness_id is None


def _held_up(request: BuildingRequest) -> bool:
    return request.lateness_id is not None


def _waits_for_resident(request: BuildingRequest) -> bool:
    return request.waiting_for == BuildingRequest.Waiting.RESIDENT


def _nobody_else_waits(request: BuildingRequest) -> bool:
    # What neighbours joined is theirs too.
    return not request.supports.exists()


def _contested_once(request: BuildingRequest) -> bool:
    # A refusal is looked at again once, by somebody else.
    return request.state != S.REFUSED or not request.refusal_contested


def _unrated(request: BuildingRequest) -> bool:
    return not hasattr(request, "rating")


# --- The resident: never behind the lateness gate ---------------------------------------------------------

CONFIRM = Transition("confirm", {S.DONE}, S.CLOSED, reporter_or_system, _("Xác nhận đã xong"))
REOPEN = Transition(
    "reopen",
    {S.DONE, S.CLOSED, S.REFUSED},
    S.ACCEPTED,
    is_reporter,
    _("Chưa ổn, mở lại"),
    needs_reason=True,
    needs=_contested_once,
    gate=_window_over,
)
ANSWER = Transition("answer", {S.WAITING}, S.ACCEPTED, is_reporter, _("Trả lời"), needs=_waits_for_resident)
WITHDRAW = Transition("withdraw", WORKING_STATES, S.WITHDRAWN, is_reporter, _("Rút yêu cầu"), needs=_nobody_else_waits)
SUPPORT = Transition("support", OPEN_STATES, None, may_support, _("Tôi cũng bị"), public=False)
COMMENT = Transition("comment", {*OPEN_STATES, S.REFUSED}, None, may_comment, _("Gửi trao đổi"), public=False)
RATE = Transition("rate", {S.CLOSED}, None, is_reporter, _("Đánh giá"), public=False, needs=_unrated)

# --- The managers -----------------------------------------------------------------------------------------


def _work(name: str, sources: Collection[str], target: str | None, label: Promise, **more: Any) -> Transition:
    """A move by which the managers take a request on: behind the gate."""
    return Transition(name, sources, target, works_on, label, gate=is_blocked, **more)


ACCEPT = _work("accept", {S.NEW}, S.ACCEPTED, pgettext_lazy("move", "Tiếp nhận"))
PLAN = _work("plan", {S.NEW, *IN_HAND}, S.PLANNED, _("Hẹn ngày làm"))
WAIT = _work("wait", {S.ACCEPTED, S.PLANNED}, S.WAITING, _("Tạm chờ"), needs_reason=True)
RESUME = _work("resume", {S.WAITING}, S.ACCEPTED, _("Làm tiếp"))
FINISH = _work("finish", {S.NEW, *IN_HAND}, S.DONE, _("Báo đã làm xong"))
REFUSE = _work("refuse", {S.NEW, *IN_HAND}, S.REFUSED, pgettext_lazy("move", "Từ chối"), needs_reason=True)
JOIN = _work("join", {S.NEW, *IN_HAND}, S.JOINED, _("Gộp vào yêu cầu khác"))
ASSIGN = _work("assign", WORKING_STATES, None, _("Giao việc"))
RECLASSIFY = _work("reclassify", {S.NEW, S.ACCEPTED}, None, _("Sửa nhóm việc, mức độ"), needs_reason=True)
REFER = _work("refer", IN_HAND, S.WITH_WARD, _("Chuyển phường"), needs_reason=True)
# Said among the managers; the gate shuts nobody's mouth.
NOTE = Transition("note", S, None, works_on, _("Ghi chú nội bộ"), public=False)

# --- What follows from the time, from the ward, from lateness --------------------------------------------

BRING_BACK = Transition("bring_back", {S.WAITING}, S.ACCEPTED, is_system)
# Made by the referral's own action, for whoever answered it at the ward's desk.
COME_BACK = Transition("come_back", {S.WITH_WARD}, S.ACCEPTED, lambda user, request: True)
MARK_LATE = Transition("mark_late", WORKING_STATES, None, is_system, needs=_in_order)
# Made by the lateness process alone, for whoever closed the case.
RELEASE = Transition("release", S, None, lambda user, request: True, needs=_held_up)

RESIDENT_MOVES = (CONFIRM, REOPEN, ANSWER, WITHDRAW, SUPPORT, COMMENT, RATE)
MANAGER_MOVES = (ACCEPT, PLAN, FINISH, WAIT, RESUME, ASSIGN, RECLASSIFY, JOIN, REFER, REFUSE, NOTE)
OTHER_MOVES = (BRING_BACK, COME_BACK, MARK_LATE, RELEASE)
MOVES = {move.name: move for move in (*RESIDENT_MOVES, *MANAGER_MOVES, *OTHER_MOVES)}
