"""Three meetings of a building's owners: one that was held, one that is beginning, one they are invited to."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from buildings.meetings import actions, papers
from buildings.meetings.counting import count
from buildings.meetings.models import Meeting, MeetingAnswer
from buildings.meetings.rules import Share
from buildings.models import Building, Ward, people_of
from buildings.notices import actions as notices
from buildings.roles import Position
from portal.core.models import User

from .building_notices import SPACE, tell


def load_meetings(ward: Ward, residents: list[User], *, at: datetime) -> None:
    """Of the ward's first building: one of last month with its minutes, one to come with its invitation, one that is
    just beginning."""
    building = ward.buildings.first()
    held = people_of(building, Position.BOARD_CHAIR).first() if building else None
    if building is None or held is None or Meeting.objects.filter(notice__building=building).exists():
        return
    chair = held.user
    morning = timezone.localtime(at).replace(hour=8, minute=30, second=0, microsecond=0)
    agenda = "Báo cáo công tác năm của Ban quản trị\nThu, chi kinh phí bảo trì\nThuê đơn vị bảo vệ\nÝ kiến chủ sở hữu"
    past = _convened(
        building,
        chair,
        "Hội nghị nhà chung cư bất thường",
        agenda,
        begins=morning - timedelta(days=20),
        occasion=Meeting.Occasion.EXTRAORDINARY,
        at=at - timedelta(days=35),
    )
    starts_at = past.notice.starts_at
    past = actions.begin(past, by=chair, at=starts_at)
    flats = list(building.apartments.order_by("floor", "number"))
    for flat in flats[: len(flats) * 2 // 3]:
        proxy = "Nguyễn Thị Hòa" if flat.pk % 9 == 0 else ""
        actions.tick(past, flat, by=chair, at=starts_at, proxy=proxy)
    present = count(past).votes
    for text, against in (
        ("Thông qua báo cáo thu, chi kinh phí bảo trì.", 2),
        ("Thuê bảo vệ từ quý tới.", present - 9),
    ):
        actions.resolve(
            past, by=chair, at=starts_at, text=text, votes_for=present - against - 1, votes_against=against, abstained=1
        )
    past = actions.close(
        past,
        by=chair,
        at=starts_at + timedelta(hours=2),
        chair=str(chair),
        secretary="Mai Thị Thanh",
        witness="Trương Văn Sáu",
        discussion="Chủ sở hữu đề nghị công khai hợp đồng bảo trì thang máy. Ban quản trị tiếp thu.",
    )
    papers.minutes(past)
    notices.end(past.notice, at=at)
    _convened(
        building,
        chair,
        "Hội nghị nhà chung cư thường niên",
        agenda,
        begins=morning + timedelta(days=15),
        occasion=Meeting.Occasion.YEARLY,
        at=at - timedelta(days=2),
    )
    _door_open(building, chair, residents, at)


MISSING = 2  # flats, so that whoever tries the door sees the meeting become one


def _door_open(building: Building, chair: User, residents: list[User], at: datetime) -> None:
    """People are coming in: two flats short of what a meeting needs, the residents' own not ticked yet."""
    agenda = "Chọn đơn vị thay thang máy số 2\nMức chi từ kinh phí bảo trì"
    begins = timezone.localtime(at) - timedelta(minutes=15)
    meeting = _convened(
        building,
        chair,
        "Hội nghị nhà chung cư về thang máy số 2",
        agenda,
        begins=begins.replace(minute=begins.minute // 30 * 30, second=0, microsecond=0),
        occasion=Meeting.Occasion.EXTRAORDINARY,
        at=at - timedelta(days=12),
    )
    coming, sends = MeetingAnswer.Answer.COMES, MeetingAnswer.Answer.PROXY
    for owner, answer, proxy in zip(residents, (coming, sends), ("", "Nguyễn Thị Hòa"), strict=False):
        actions.answer(meeting, by=owner, at=at - timedelta(days=3), answer=answer, proxy=proxy)
    meeting = actions.begin(meeting, by=chair, at=at)
    flats = building.apartments.order_by("-floor", "-number")
    for flat in flats[: (len(flats) + 1) // 2 - MISSING]:
        actions.tick(meeting, flat, by=chair, at=at, proxy="Phạm Văn Thành" if flat.pk % 11 == 0 else "")


def _convened(
    building: Building, chair: User, title: str, agenda: str, *, begins: datetime, occasion: str, at: datetime
) -> Meeting:
    meeting = actions.prepare(
        building,
        by=chair,
        at=at,
        content={
            "title": title,
            "text": agenda,
            "starts_at": begins,
            "ends_at": begins + timedelta(hours=3),
            "place": "Nhà sinh hoạt cộng đồng tầng 2",
        },
        token=uuid.uuid5(SPACE, f"{building.pk}:{title}"),
        occasion=occasion,
        share=Share.FLAT,
    )
    meeting.notice = notices.publish([meeting.notice], by=chair, at=at)[0]
    tell(meeting.notice)
    return meeting
