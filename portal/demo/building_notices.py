"""What the managers and the ward told a building: each kind once."""

import uuid
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from buildings.models import Building, Ward, holders_of, people_of
from buildings.notices import actions, audience, delivery, seen
from buildings.notices.kinds import NoticeKind as K
from buildings.notices.models import Notice, Telling
from buildings.roles import Position
from portal.core.models import User

SPACE = uuid.UUID("6f1d2b9e-0c51-4a7e-8a51-5d1f2a0c9b11")  # the same demo loaded twice is one


def load_notices(ward: Ward, residents: list[User], *, at: datetime) -> None:
    """The first building of the ward. What was put up is told and, in part, read."""
    building = ward.buildings.first()
    if building is None or building.notices.exists():
        return
    head = people_of(building, Position.BUILDING_HEAD).first()
    if head is None:
        return
    for notice in _notices(building, head.user, at):
        tell(notice)
    leader = holders_of(Position.LEADER, ward).first()
    if leader is not None:
        tell(_from_ward(building, leader.user, at))
    for notice in building.notices.filter(published_at__isnull=False).order_by("created_at")[2:]:
        for resident in residents[:2]:
            seen.note(notice, by=resident, at=at)


def _notices(building: Building, head: User, at: datetime) -> list[Notice]:
    def day(days: int, hour: int, minute: int = 0) -> datetime:
        moment = timezone.localtime(at) + timedelta(days=days)
        return moment.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def put_up(kind: str, ago: int, title: str, text: str = "", **content: Any) -> Notice:
        files = content.pop("files", ())
        draft = _draft(building, kind, head, at - timedelta(days=ago), title, text, files=files, **content)
        notice = actions.publish([draft], by=head, at=at - timedelta(days=ago))[0]
        tell(notice)
        return notice

    first = building.apartments.order_by("floor").values_list("floor", flat=True).first() or 2
    today = timezone.localdate(at)
    water = put_up(
        K.WATER,
        1,
        "Cắt nước để thau rửa bể ngầm",
        "Mời cư dân trữ nước dùng trước 8 giờ. Sau khi cấp lại, xả bỏ nước trong khoảng 5 phút đầu.",
        starts_at=day(2, 8),
        ends_at=day(2, 11),
    )
    water = actions.correct(
        water,
        by=head,
        at=at - timedelta(hours=5),
        changed="Kéo dài đến 12:30, vì rửa thêm bể mái.",
        content={"ends_at": day(2, 12, 30)},
    )
    withdrawn = put_up(
        K.POWER,
        4,
        "Cắt điện để bảo trì tủ điện tổng",
        "Thang máy chạy bằng máy phát; điều hòa và bếp từ tạm ngừng.",
        starts_at=day(5, 14),
        ends_at=day(5, 16),
    )
    withdrawn = actions.withdraw(
        withdrawn, by=head, at=at - timedelta(days=1), reason="Điện lực lùi lịch; ngày mới sẽ báo sau."
    )
    over = put_up(
        K.WORKS,
        6,
        "Phun thuốc diệt côn trùng khu để xe",
        "Xe máy để trong hầm cần phủ bạt.",
        starts_at=day(-2, 13),
        ends_at=day(-2, 16),
        place="Tầng hầm B1",
    )
    actions.end(over, at=at)
    _draft(
        building,
        K.OTHER,
        head,
        at - timedelta(hours=2),
        "Đăng ký chỗ để xe đạp điện",
        "Mỗi căn đăng ký một xe tại quầy lễ tân.",
        shown_until=today + timedelta(days=20),
    )
    return [
        water,
        withdrawn,
        over,
        put_up(
            K.LIFT,
            2,
            "Thang máy số 2 ngừng để thay cáp",
            "Mời dùng thang số 1; ưu tiên người cao tuổi và trẻ nhỏ vào giờ cao điểm.",
            starts_at=day(3, 9),
            ends_at=day(4, 17),
            place="Thang số 2",
            on_floors=audience.kept([first, first + 1]),
        ),
        put_up(
            K.FIRE_DRILL,
            3,
            "Diễn tập chữa cháy và thoát nạn",
            "Khi nghe chuông: đi cầu thang bộ, không dùng thang máy. Đây là diễn tập.",
            starts_at=day(9, 15),
            ends_at=day(9, 16, 30),
            place="Sân trước sảnh A",
            files=[_plan()],
        ),
        put_up(
            K.FEES,
            3,
            "Phí quản lý vận hành kỳ tới",
            "Nộp bằng chuyển khoản hoặc tại quầy lễ tân trong giờ hành chính.",
            amount=8500,
            period=f"tháng {today.month}/{today.year}",
            due_date=today + timedelta(days=12),
        ),
        put_up(
            K.MEETING,
            2,
            "Họp cư dân về chỗ để xe",
            "Bàn việc chia lại ô để xe và lắp trụ sạc.",
            starts_at=day(6, 19, 30),
            ends_at=day(6, 21),
            place="Nhà sinh hoạt cộng đồng tầng 2",
        ),
        put_up(
            K.OTHER,
            5,
            "Tủ nhận hàng chung đã dùng được",
            "Mã mở tủ gửi qua tin nhắn của đơn vị giao hàng.",
            shown_until=today + timedelta(days=9),
        ),
    ]


def _draft(
    building: Building,
    kind: str,
    by: User,
    at: datetime,
    title: str,
    text: str,
    *,
    by_ward: bool = False,
    files=(),
    **more,
) -> Notice:
    return actions.draft(
        [building],
        kind=kind,
        by=by,
        at=at,
        content={"title": title, "text": text, **more},
        files=files,
        token=uuid.uuid5(SPACE, f"{building.pk}:{title}"),
        by_ward=by_ward,
    )[0]


def _from_ward(building: Building, leader: User, at: datetime) -> Notice:
    draft = _draft(
        building,
        K.WARD,
        leader,
        at - timedelta(days=1),
        "Kiểm tra an toàn phòng cháy, chữa cháy các chung cư",
        "Tổ kiểm tra của phường làm việc với ban quản lý; cư dân không để đồ ở hành lang và cầu thang thoát nạn.",
        by_ward=True,
        shown_until=timezone.localdate(at) + timedelta(days=14),
    )
    return actions.publish([draft], by=leader, at=at - timedelta(days=1))[0]


def tell(notice: Notice) -> None:
    """At the times it happened: the inboxes are full of the past, nobody waits for it."""
    for telling in Telling.objects.filter(notice=notice, finished_at=None).order_by("at", "pk"):
        delivery.tell_all(telling.pk, clock=lambda at=telling.at: at)


def _plan() -> SimpleUploadedFile:
    """A sketch of the way out."""
    image = Image.new("RGB", (900, 600), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 840, 420), outline="#8a1c3b", width=6)
    draw.line((150, 240, 760, 240, 760, 520), fill="#1d6b45", width=14)
    draw.polygon([(730, 510), (790, 510), (760, 560)], fill="#1d6b45")
    out = BytesIO()
    image.save(out, "JPEG")
    return SimpleUploadedFile("so-do-tap-trung.jpg", out.getvalue(), "image/jpeg")
