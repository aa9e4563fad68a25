"""What a building is told of: each kind with the fields it needs, who reads it and who puts it up.

To add a kind: one entry here. The form, the list of facts, the public page and the calendar file follow.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..roles import OPERATOR_POSITIONS, Position


class NoticeKind(models.TextChoices):
    WATER = "water", _("Cắt nước")
    POWER = "power", _("Cắt điện")
    LIFT = "lift", _("Thang máy")
    FIRE_DRILL = "fire_drill", _("Diễn tập phòng cháy, chữa cháy")
    FEES = "fees", _("Phí quản lý vận hành")
    WORKS = "works", _("Bảo trì, thi công")
    MEETING = "meeting", _("Họp cư dân")
    OTHER = "other", _("Thông báo khác")
    OWNERS_MEETING = "owners_meeting", _("Hội nghị nhà chung cư")
    WARD = "ward", _("Thông báo của phường")


K = NoticeKind

# What the price of running a building per m² never contains (domain.md §5: quy chế quản lý, sử dụng nhà chung cư).
NOT_IN_THE_FEE = (
    _("bảo hiểm cháy, nổ bắt buộc"),
    _("kinh phí bảo trì phần sở hữu chung"),
    _("phí trông giữ xe"),
    _("tiền điện, nước, internet của từng căn"),
    _("thù lao Ban quản trị"),
)


@dataclass(frozen=True)
class Kind:
    """How notices of one kind are written and who reads them.

    `fields` are those of the notice beyond its title and words; `needed` must be filled in. `public`:
    shown to everybody on the building's page when it concerns the whole building; else its residents
    read it signed in. `writers` draft it, `publishers` put it up, correct and withdraw it.
    """

    key: NoticeKind
    what: str | Promise  # one line, for whoever chooses
    icon: str
    fields: tuple[str, ...]
    needed: tuple[str, ...] = ()
    public: bool = False
    owners_only: bool = False
    by_ward: bool = False  # the ward's desk may put it up on its buildings
    by_board: bool = False  # Ban quản trị speaks, not the operator
    ahead_days: int = 0  # put up at least so many whole days before it begins
    page: str = ""  # residents read it on a page of its own, by its key
    room: str = "notices:manage_notice"  # where its managers see to it
    writers: tuple[str, ...] = OPERATOR_POSITIONS
    publishers: tuple[str, ...] = OPERATOR_POSITIONS

    @property
    def label(self) -> str:
        return str(self.key.label)


SPAN = ("starts_at", "ends_at")

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            K.WATER,
            _("Từ mấy giờ đến mấy giờ, tầng nào"),
            "beaker",
            SPAN,
            needed=SPAN,
            public=True,
            by_ward=True,
        ),
        Kind(K.POWER, _("Từ mấy giờ đến mấy giờ, tầng nào"), "bolt", SPAN, needed=SPAN, public=True, by_ward=True),
        Kind(K.LIFT, _("Thang nào ngừng, đến khi nào"), "arrows-up-down", (*SPAN, "place"), needed=SPAN, public=True),
        Kind(
            K.FIRE_DRILL,
            _("Giờ diễn tập và nơi tập trung"),
            "fire",
            (*SPAN, "place"),
            needed=(*SPAN, "place"),
            public=True,
            by_ward=True,
        ),
        # The head answers for money.
        Kind(
            K.FEES,
            _("Giá một m², kỳ thu, hạn nộp"),
            "banknotes",
            ("amount", "period", "due_date"),
            needed=("amount", "period", "due_date"),
            publishers=(Position.BUILDING_HEAD,),
        ),
        Kind(K.WORKS, _("Việc gì, ở đâu, trong bao lâu"), "wrench", (*SPAN, "place"), needed=SPAN, public=True),
        Kind(
            K.MEETING,
            _("Giờ, nơi họp, nội dung và tài liệu"),
            "user-group",
            (*SPAN, "place"),
            needed=(*SPAN, "place"),
        ),
        Kind(K.OTHER, _("Việc khác cư dân cần biết"), "megaphone", ("shown_until",), needed=("shown_until",)),
        Kind(
            K.OWNERS_MEETING,
            _("Chủ sở hữu biểu quyết việc chung"),
            "building-library",
            (*SPAN, "place"),
            needed=(*SPAN, "place"),
            owners_only=True,
            by_board=True,
            ahead_days=7,  # [M] from memory of the rules of 2016 and 2024; to be confirmed with the ward
            page="meetings:meeting",
            room="meetings:manage_meeting",
            writers=(Position.BOARD_CHAIR, Position.BUILDING_HEAD),
            publishers=(Position.BOARD_CHAIR, Position.BUILDING_HEAD),
        ),
        Kind(
            K.WARD,
            _("Việc của phường cư dân các tòa nhà cần biết"),
            "building-office",
            ("shown_until",),
            needed=("shown_until",),
            public=True,
            by_ward=True,
            writers=(),
            publishers=(),
        ),
    )
}

# What has pages of its own is written there too; the rest a manager, or the ward's desk, picks from.
KINDS_ELSEWHERE = tuple(kind.key for kind in KINDS.values() if kind.page)
WRITTEN_BY_MANAGERS = tuple(kind for kind in KINDS.values() if kind.writers and not kind.page)
WRITTEN_BY_WARD = tuple(kind for kind in reversed(KINDS.values()) if kind.by_ward)
PUBLIC_KINDS = tuple(kind.key for kind in KINDS.values() if kind.public)
OWNERS_KINDS = tuple(kind.key for kind in KINDS.values() if kind.owners_only)
# Who puts notices up for a ward.
WARD_POSITIONS = (Position.LEADER, Position.CLERK)
