"""Notices of a building, as drafted and as put up."""

import io
import uuid
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from PIL import Image

from buildings.models import Building
from buildings.notices import actions, audience
from buildings.notices.kinds import NoticeKind
from buildings.notices.models import Notice, NoticeFile
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
