"""Meetings of a building's owners, at each stage."""

import uuid
from datetime import datetime, timedelta

from buildings.meetings import actions
from buildings.meetings.models import Meeting
from buildings.meetings.rules import Share
from buildings.models import Building
from buildings.notices import actions as notices
from buildings.roles import Position
from portal.core.models import User

from .buildings import manager_of
from .dossiers import AT


def prepared(
    building: Building,
    *,
    days: int = 10,
    by: User | None = None,
    share: str = Share.FLAT,
    again_after: Meeting | None = None,
    token: str = "",
    at: datetime = AT,
) -> Meeting:
    """A meeting of the owners so many days ahead, its invitation a draft."""
    starts_at = at.replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return actions.prepare(
        building,
        by=by or manager_of(building, Position.BOARD_CHAIR),
        at=at,
        content={
            "title": "Hội nghị nhà chung cư thường niên",
            "text": "Báo cáo năm\nBầu Ban quản trị",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=3),
            "place": "Nhà sinh hoạt cộng đồng",
        },
        token=uuid.UUID(token) if token else uuid.uuid4(),
        occasion=Meeting.Occasion.YEARLY,
        share=share,
        again_after=again_after,
    )


def convened(building: Building, *, at: datetime = AT, **more) -> Meeting:
    meeting = prepared(building, at=at, **more)
    meeting.notice = notices.publish([meeting.notice], by=meeting.notice.author, at=at)[0]
    return meeting


def opened(building: Building, present: int = 0, *, at: datetime = AT, **more) -> Meeting:
    """A meeting that has begun, with so many flats ticked."""
    meeting = convened(building, at=at, **more)
    chair, starts_at = meeting.notice.author, meeting.notice.starts_at
    meeting = actions.begin(meeting, by=chair, at=starts_at)
    for flat in building.apartments.order_by("number")[:present]:
        actions.tick(meeting, flat, by=chair, at=starts_at)
    return meeting


def held(building: Building, *, present: int, at: datetime = AT, **more) -> Meeting:
    """A meeting that is over, with one resolution all those present were for."""
    meeting = opened(building, present, at=at, **more)
    chair, starts_at = meeting.notice.author, meeting.notice.starts_at
    votes = {"votes_for": present, "votes_against": 0, "abstained": 0}
    actions.resolve(meeting, by=chair, at=starts_at, text="Bầu Ban quản trị nhiệm kỳ mới", **votes)
    signers = {"chair": "Hồ Sĩ Lâm", "secretary": "Trần Thị Thư", "witness": "Ngô Văn Dân"}
    return actions.close(meeting, by=chair, at=starts_at + timedelta(hours=2), discussion="", **signers)
