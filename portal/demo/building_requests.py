"""What the residents of a building reported, in every state, taken there by the real actions."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from buildings.models import Apartment, Building, Residency, ResidencyState, SharedPlace, Ward, people_of
from buildings.requests import actions, clocks, lateness, photos, referrals, rules
from buildings.requests.models import BuildingRequest, RequestPhoto
from buildings.roles import Position
from portal.core import workflow
from portal.core.calendar import VIETNAM, WorkingCalendar, load_calendar
from portal.core.models import User

MORE_PLACES = (
    (SharedPlace.Kind.CORRIDOR, "Hành lang tầng 5", 5),
    (SharedPlace.Kind.CORRIDOR, "Hành lang tầng 7", 7),
)
NEIGHBOURS = ("Nguyễn Thị Lan", "Trần Văn Hùng", "Phạm Thị Nga", "Lê Đức Mạnh", "Vũ Thị Hạnh", "Bùi Văn Toàn")
HOUR, DAY = 60, 480  # working minutes


@dataclass(frozen=True)
class Story:
    """One request: what, where, whose, how many working minutes ago, what became of it. `moves` are pairs of the
    working minutes since it was sent and what happened then."""

    what: str
    category: str
    ago: int
    resident: int = 0
    place: str = ""  # a shared place of the demo; none: one's own flat
    urgency: str = "normal"
    pictures: int = 0
    supports: int = 0
    moves: tuple[tuple[int, Callable[["Told", datetime], Any]], ...] = field(default=())


@dataclass
class Told:
    """A request as its story goes on, with the people in it."""

    request: BuildingRequest
    manager: User
    head: User
    calendar: WorkingCalendar

    @property
    def staff(self) -> dict[str, Any]:
        return {"by": self.manager}


def load_requests(ward: Ward, residents: list[User], *, at: datetime) -> None:
    """As of `at`, in the building the residents live in."""
    building = Building.objects.lived_in_by(residents[0]).first()
    if building is None or building.requests.exists():
        return
    for kind, name, floor in MORE_PLACES:
        SharedPlace.objects.get_or_create(building=building, name=name, defaults={"kind": kind, "floor": floor})
    places = {place.name: place for place in building.shared_places.in_use()}
    neighbours = _neighbours(building, at=at - timedelta(days=100))
    calendar = load_calendar(ward)
    manager = people_of(building, Position.BUILDING_MANAGER)[0].user
    head = people_of(building, Position.BUILDING_HEAD)[0].user
    for story in STORIES:
        sent_at = calendar.subtract_minutes(at, story.ago)
        reporter, token = residents[story.resident], uuid.uuid4()
        for number in range(story.pictures):
            _picture(f"{story.what} {number}", token, by=reporter, at=sent_at)
        request = actions.send(
            building,
            by=reporter,
            at=sent_at,
            token=token,
            category=story.category,
            urgency=story.urgency,
            what=story.what,
            place=places[story.place] if story.place else None,
            apartment=None if story.place else _flat(reporter, building),
        )
        for neighbour in neighbours[: story.supports]:
            actions.support(request, by=neighbour, at=sent_at)
        told = Told(request, manager, head, calendar)
        for minutes, move in story.moves:
            move(told, calendar.add_minutes(sent_at, minutes))


def _flat(resident: User, building: Building) -> Apartment:
    return resident.residencies.confirmed().filter(apartment__building=building).order_by("pk")[0].apartment


def _neighbours(building: Building, *, at: datetime) -> list[User]:
    """Who lives there besides the three with a login: they only say "me too"."""
    manager = people_of(building, Position.BUILDING_MANAGER)[0].user
    flats = Apartment.objects.filter(building=building, residencies=None).order_by("-floor", "number")
    found = []
    for name, flat in zip(NEIGHBOURS, flats[: len(NEIGHBOURS)], strict=True):
        user = User(full_name=name)
        user.set_unusable_password()
        user.save()
        Residency.objects.create(
            user=user,
            apartment=flat,
            role=Residency.Role.OWNER,
            state=ResidencyState.CONFIRMED,
            confirmed_as=Residency.ConfirmedAs.MANAGER,
            claimed_at=at,
            confirmed_at=at,
            confirmed_by=manager,
        )
        found.append(user)
    return found


def _picture(title: str, token: uuid.UUID, *, by: User, at: datetime) -> RequestPhoto:
    """A drawing that stands for a photo: a wall, a door, something wrong. Each title another file."""
    seed = sum(map(ord, title))
    sheet = Image.new("RGB", (800, 600), ("#cfc7b8", "#b9c2c6", "#d6ccbd")[seed % 3])
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 430, 800, 600), fill="#8f8678")
    pen.rectangle((270, 110, 530, 430), fill="#a7adb1", outline="#5e6468", width=6)
    pen.line((400, 110, 400, 430), fill="#5e6468", width=6)
    pen.ellipse((90 + seed % 400, 200, 210 + seed % 400, 320), outline="#b3261e", width=10)
    for place, letter in enumerate(title[:200]):
        sheet.putpixel((20 + place, 590), (ord(letter) % 256, 90, 90))
    content = BytesIO()
    sheet.save(content, "JPEG", quality=80)
    return photos.add(token, SimpleUploadedFile("anh-chup.jpg", content.getvalue(), "image/jpeg"), by=by, at=at)


# --- What becomes of a request -----------------------------------------------------------------------------


def accept(told: Told, at: datetime) -> None:
    actions.accept(told.request, at=at, **told.staff)


def assign(told: Told, at: datetime) -> None:
    actions.assign(told.request, at=at, by=told.head, answerable=told.head, executor=told.manager)


def tomorrow(told: Told, at: datetime) -> None:
    morning = told.calendar.add_minutes(told.calendar.next_opening(at + timedelta(hours=12)), HOUR)
    actions.plan(told.request, at=at, planned_for=morning, **told.staff)


def wait_for(what: str, days: int, reason: str) -> Callable[[Told, datetime], None]:
    def wait(told: Told, at: datetime) -> None:
        back_on: date = told.calendar.working_day_after(at.astimezone(VIETNAM).date(), days)
        actions.wait(told.request, at=at, waiting_for=what, back_on=back_on, reason=reason, **told.staff)

    return wait


def finish(note: str) -> Callable[[Told, datetime], None]:
    def done(told: Told, at: datetime) -> None:
        token = uuid.uuid4()
        _picture(f"xong {told.request.code}", token, by=told.manager, at=at)
        actions.finish(told.request, at=at, note=note, token=token, **told.staff)

    return done


def confirm(told: Told, at: datetime) -> None:
    actions.confirm(told.request, by=told.request.reporter, at=at)


def rate(score: int, comment: str = "") -> Callable[[Told, datetime], object]:
    return lambda told, at: actions.rate(told.request, by=told.request.reporter, at=at, score=score, comment=comment)


def reopen(reason: str) -> Callable[[Told, datetime], object]:
    return lambda told, at: actions.reopen(told.request, by=told.request.reporter, at=at, reason=reason)


def refuse(reason: str, elsewhere: str) -> Callable[[Told, datetime], object]:
    return lambda told, at: actions.refuse(told.request, at=at, reason=reason, elsewhere=elsewhere, **told.staff)


def withdraw(told: Told, at: datetime) -> None:
    actions.withdraw(told.request, by=told.request.reporter, at=at)


def say(text: str, *, resident: bool = False) -> Callable[[Told, datetime], object]:
    return lambda told, at: actions.comment(
        told.request, by=told.request.reporter if resident else told.manager, at=at, text=text
    )


def note(text: str) -> Callable[[Told, datetime], object]:
    return lambda told, at: actions.note(told.request, by=told.manager, at=at, text=text)


def join(told: Told, at: datetime) -> None:
    other = BuildingRequest.objects.filter(
        building=told.request.building, place=told.request.place, supports__isnull=False
    ).first()
    assert other is not None  # noqa: S101 - the story before this one
    actions.join(told.request, other, at=at, **told.staff)


def ask_ward(told: Told, at: datetime) -> None:
    question = "Cống thoát nước trên phố bị tắc, nước tràn ngược vào sân. Đề nghị phường cho nạo vét."
    referrals.refer(told.request, at=at, reason=question, **told.staff)


def become_late(told: Told, at: datetime) -> None:
    """The watch finds it a second after it was due."""
    with transaction.atomic():
        locked = workflow.lock(told.request)
        late_at = locked.next_due_at + timedelta(seconds=1)
        lateness.note_late(locked, at=late_at)
        locked.next_watch_at = clocks.next_watch(locked, told.calendar, rules.limits(), after=late_at)
        locked.save(update_fields=["next_watch_at"])


def explain(told: Told, at: datetime) -> None:
    case = told.request.latenesses.get()
    lateness.process.explain(
        case,
        by=told.manager,
        at=at,
        cause=case.Cause.OWN,
        text="Đã hẹn nhà cung cấp giao bộ vòi nhưng không nhắc lại khi họ chậm; tôi cũng quên báo cư dân.",
        remedy="Mua bộ vòi ở cửa hàng gần nhất hôm nay, thay xong trong ngày mai.",
    )


# The oldest first, so that their codes follow one another.
STORIES = (
    Story(
        "Bãi xe máy ở vỉa hè trước tòa nhà hết chỗ vào buổi tối.",
        "parking",
        20 * DAY,
        1,
        "Sân chơi",
        moves=(
            (
                2 * HOUR,
                refuse(
                    "Vỉa hè trước tòa nhà là đất công, ban quản lý không được giữ xe.",
                    "Bộ phận Một cửa của phường, hoặc gửi phản ánh trên trang của phường.",
                ),
            ),
        ),
    ),
    Story(
        "Mất điện toàn bộ tầng 5, có mùi khét ở tủ điện.",
        "power",
        15 * DAY,
        0,
        "Hành lang tầng 5",
        "emergency",
        2,
        3,
        (
            (5, accept),
            (60, finish("Đã thay aptomat tầng 5, đo lại dòng điện các tủ tầng bên cạnh.")),
            (DAY, confirm),
            (DAY + HOUR, rate(5, "Xử lý rất nhanh.")),
        ),
    ),
    Story(
        "Đèn hành lang tầng 7 nhấp nháy cả tuần nay.",
        "power",
        14 * DAY,
        2,
        "Hành lang tầng 7",
        pictures=1,
        supports=1,
        moves=(
            (HOUR, accept),
            (DAY, finish("Đã thay hai bóng và một chấn lưu.")),
            (2 * DAY, confirm),
            (2 * DAY + HOUR, rate(3)),
        ),
    ),
    Story(
        "Vòi rửa tay ở nhà sinh hoạt cộng đồng rỉ nước.",
        "leak",
        9 * DAY,
        1,
        "Nhà sinh hoạt cộng đồng",
        pictures=1,
        moves=(
            (3 * HOUR, accept),
            (6 * HOUR, say("Kỹ thuật đã xem, cần thay cả bộ vòi.")),
            (7 * DAY, become_late),
            (8 * DAY, explain),
        ),
    ),
    Story(
        "Nước chảy yếu từ tối hôm qua, các tầng trên gần như không có.",
        "water",
        2 * DAY,
        0,
        "Phòng bơm",
        supports=4,
        moves=(
            (HOUR, accept),
            (2 * HOUR, wait_for("part", 2, "Bơm tăng áp số 2 cháy cuộn dây, đã đặt hàng, đang chạy bơm dự phòng.")),
        ),
    ),
    Story(
        "Thấm trần phòng tắm, nước nhỏ giọt xuống sàn.",
        "leak",
        2 * DAY,
        1,
        pictures=2,
        moves=(
            (HOUR, accept),
            (3 * HOUR, wait_for("resident", 3, "Cần vào căn hộ tầng trên và nhà chị để thử nước. Chị ở nhà hôm nào?")),
        ),
    ),
    Story(
        "Thang máy số 2 rung và kêu to từ tầng 4 lên tầng 6.",
        "lift",
        6 * HOUR,
        0,
        "Thang máy số 2",
        "urgent",
        2,
        6,
        (
            (30, accept),
            (40, assign),
            (50, note("Nhà thầu bảo trì hẹn 14 giờ; nhớ khóa thang trước khi vào hố.")),
            (HOUR, say("Thợ của hãng đến kiểm tra chiều nay, tòa nhà dùng tạm thang số 1.")),
            (2 * HOUR, say("Cảm ơn, nhờ ban quản lý dán giấy báo ở sảnh giúp người già.", resident=True)),
        ),
    ),
    Story("Thang số 2 kêu rất to, tôi không dám đi.", "lift", 4 * HOUR, 2, "Thang máy số 2", moves=((HOUR, join),)),
    Story(
        "Nước cống ngoài đường tràn vào sân khi mưa to.",
        "leak",
        3 * DAY,
        0,
        "Sân chơi",
        pictures=1,
        supports=2,
        moves=((HOUR, accept), (2 * HOUR, ask_ward)),
    ),
    Story(
        "Cửa phòng rác không đóng được, mùi bay ra hành lang.",
        "waste",
        DAY + HOUR,
        1,
        "Phòng rác",
        moves=((HOUR, accept), (3 * HOUR, finish("Đã chỉnh bản lề và thay tay co cửa."))),
    ),
    Story(
        "Gạch ốp ở sảnh bong một góc, trẻ con hay chạy qua.",
        "structure",
        4 * DAY,
        2,
        "Sảnh tầng 1",
        pictures=1,
        moves=(
            (2 * HOUR, accept),
            (DAY, finish("Đã gắn lại viên gạch.")),
            (2 * DAY, reopen("Viên bên cạnh cũng bong, gõ vào nghe rỗng.")),
        ),
    ),
    Story("Thẻ xe của tôi không quẹt được ở hầm.", "parking", DAY, 2, "Hầm để xe B1", moves=((2 * HOUR, withdraw),)),
    Story(
        "Bóng đèn cầu thang bộ cháy ở tầng 8.",
        "fire",
        5 * HOUR,
        1,
        "Cầu thang bộ",
        moves=((HOUR, tomorrow),),
    ),
    Story("Nhà bên khoan tường lúc nghỉ trưa.", "noise", 2 * HOUR, 0),
    Story("Sàn thang máy số 1 bẩn, có nước đổ.", "cleaning", HOUR, 1, "Thang máy số 1", pictures=1),
)
