"""How a meeting goes, once it is convened, moved or called off as its notice is. Who came is ticked at the door by
whoever works for the building; what is decided is the convener's to record.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.workflow import Transition

from ..models import positions_at
from ..notices.kinds import KINDS, NoticeKind
from ..notices.models import NoticeState
from ..roles import BUILDING_POSITIONS
from .counting import count
from .models import Meeting, MeetingState
from .rules import RULES

S = MeetingState
INVITATION = KINDS[NoticeKind.OWNERS_MEETING]


def may_lead(user, meeting: Meeting) -> bool:
    """Who convenes it."""
    return not positions_at(user, meeting.notice.building_id).isdisjoint(INVITATION.publishers)


def may_tick(user, meeting: Meeting) -> bool:
    return not positions_at(user, meeting.notice.building_id).isdisjoint(BUILDING_POSITIONS)


def _is_convened(meeting: Meeting) -> bool:
    return meeting.notice.state in (NoticeState.PUBLISHED, NoticeState.OVER)


def too_early(meeting: Meeting, at: datetime) -> bool:
    return meeting.notice.starts_at is None or at < meeting.notice.starts_at - timedelta(hours=RULES.opens_hours_before)


def _short(meeting: Meeting, at: datetime) -> bool:
    return not count(meeting).is_enough


def _enough(meeting: Meeting, at: datetime) -> bool:
    return count(meeting).is_enough


BEGIN = Transition(
    "begin",
    {S.TO_COME},
    S.OPEN,
    may_lead,
    _("Khai mạc, mở điểm danh"),
    needs=_is_convened,
    gate=too_early,
)
CLOSE = Transition("close", {S.OPEN}, S.CLOSED, may_lead, _("Bế mạc, lập biên bản"), gate=_short)
ADJOURN = Transition(
    "adjourn",
    {S.OPEN},
    S.ADJOURNED,
    may_lead,
    _("Hoãn, chưa đủ điều kiện"),
    needs_reason=True,
    gate=_enough,
)
TRANSITIONS = (BEGIN, CLOSE, ADJOURN)
