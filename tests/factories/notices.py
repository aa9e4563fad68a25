"""Notices of a building, as drafted and as put up."""

import io
import uuid
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from PIL import Image

from buildings.models import Building
from buildings.notices import actions, audience, meetings
from buildings.notices.kinds import NoticeKind
from buildings.notices.models import Meeting, Notice, NoticeFile
from buildings.notices.rules import Share
from buildings.roles import Position
from portal.core.models import User

from .buildings import manager_of
from .dossiers import AT

WORDS = {
    NoticeKind.WATER: {"title": "Cắt nước để rửa bể", "text": "Xin trữ nước trước 8 giờ."},
    NoticeKind.FEES: {"title": "Phí quản lý tháng 12", "amount": 8500, "period": "tháng 12/2026"},
    NoticeKind.OTHER: {"title": "Nhận quà Trung thu", "text": "Tại sảnh A."},
}


def content_of(kind: str, at: datetime = AT, **changes) -> dict:
    """What a form of this kind gives."""
    day = at.replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(
        days=10 if kind == NoticeKind.OWNERS_MEETING else 2
    )  # 8:00 in Hanoi
    dated = {"starts_at": day, "ends_at": day + timedelta(hours=3)}
    last = {NoticeKind.FEES: "due_date", NoticeKind.OTHER: "shown_until", NoticeKind.WARD: "shown_until"}.get(kind)
    times = {last: (at + timedelta(days=10)).date()} if last else dated
    return {"title": "Thông báo", **WORDS.get(NoticeKind(kind), {}), **times, **changes}


def drafted(
    building: Building,
    kind: str = NoticeKind.WATER,
    *,
    floors: tuple[int, ...] = (),
    at: datetime = AT,
    writer: User | None = None,
    by_ward: bool = False,
    **changes,
) -> Notice:
    writer = writer or manager_of(building, Position.BUILDING_HEAD)
    content = {**content_of(kind, at), "on_floors": audience.kept(floors), **changes}
    return actions.draft([building], kind=kind, by=writer, at=at, content=content, token=uuid.uuid4(), by_ward=by_ward)[
        0
    ]


def published(building: Building, kind: str = NoticeKind.WATER, *, at: datetime = AT, **changes) -> Notice:
    draft = drafted(building, kind, at=at, **changes)
    return actions.publish([draft], by=draft.author, at=at)[0]


def file_of(notice: Notice, *, at: datetime = AT) -> NoticeFile:
    """A picture that goes with it."""
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(picture, "JPEG")
    return NoticeFile.objects.create(
        notice=notice,
        file=ContentFile(picture.getvalue(), "so-do.jpg"),
        name="so-do.jpg",
        mime="image/jpeg",
        size=picture.tell(),
        pages=1,
        digest=uuid.uuid4().hex,
        added_at=at,
    )


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
    return meetings.prepare(
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
    meeting.notice = actions.publish([meeting.notice], by=meeting.notice.author, at=at)[0]
    return meeting


def opened(building: Building, present: int = 0, *, at: datetime = AT, **more) -> Meeting:
    """A meeting that has begun, with so many flats ticked."""
    meeting = convened(building, at=at, **more)
    chair, starts_at = meeting.notice.author, meeting.notice.starts_at
    meeting = meetings.begin(meeting, by=chair, at=starts_at)
    for flat in building.apartments.order_by("number")[:present]:
        meetings.tick(meeting, flat, by=chair, at=starts_at)
    return meeting


def held(building: Building, *, present: int, at: datetime = AT, **more) -> Meeting:
    """A meeting that is over, with one resolution all those present were for."""
    meeting = opened(building, present, at=at, **more)
    chair, starts_at = meeting.notice.author, meeting.notice.starts_at
    votes = {"votes_for": present, "votes_against": 0, "abstained": 0}
    meetings.resolve(meeting, by=chair, at=starts_at, text="Bầu Ban quản trị nhiệm kỳ mới", **votes)
    signers = {"chair": "Hồ Sĩ Lâm", "secretary": "Trần Thị Thư", "witness": "Ngô Văn Dân"}
    return meetings.close(meeting, by=chair, at=starts_at + timedelta(hours=2), discussion="", **signers)
