"""The pilot's wards and their invented buildings."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product

from django.db import transaction
from django.utils import timezone

from buildings.models import Building, Contact, SharedPlace, Ward
from buildings.registry import boards, importing, operators
from buildings.registry.importing import Read, Row
from portal.core.models import User


@dataclass(frozen=True)
class DemoBuilding:
    slug: str
    name: str
    address: str
    floors: int
    operator: str
    phone: str
    flats_a_floor: int = 4
    blocks: tuple[str, ...] = ("",)  # the one block of a house that is not divided has no name


@dataclass(frozen=True)
class DemoWard:
    slug: str
    name: str
    code: str
    address: str
    phone: str
    buildings: tuple[DemoBuilding, ...] = field(default=())

    @property
    def agency_code(self) -> str:
        # H26 Hà Nội, 004 the former district, then the last three digits of the ward's own code.
        return f"H26.004.{self.code[-3:]}"

    @property
    def email(self) -> str:
        return f"lienhe@{self.slug}.example"


WARDS = (
    DemoWard(
        "viet-hung",
        "Việt Hưng",
        "00127",
        "Số 8 phố Hoa Sữa, phường Việt Hưng, Hà Nội",
        "+842438750127",
        (
            DemoBuilding(
                "sen-hong",
                "Chung cư Sen Hồng",
                "Số 12 phố Hoa Sữa",
                18,
                "Công ty Quản lý Sen Hồng",
                "+842438751201",
                blocks=("A", "B"),
            ),
            DemoBuilding(
                "bang-lang",
                "Chung cư Bằng Lăng",
                "Số 40 phố Bằng Lăng",
                12,
                "Công ty Vận hành Đô Thị Xanh",
                "+842438751202",
            ),
            DemoBuilding(
                "nha-o-so-5", "Nhà ở số 5", "Số 5 ngõ 20 phố Hoa Sữa", 9, "Công ty Quản lý Sen Hồng", "+842438751203"
            ),
        ),
    ),
    DemoWard(
        "giang-bien",
        "Giang Biên",
        "00121",
        "Số 3 phố Bến Sông, phường Giang Biên, Hà Nội",
        "+842438750121",
        (
            DemoBuilding(
                "ven-song",
                "Chung cư Ven Sông",
                "Số 21 phố Bến Sông",
                15,
                "Công ty Vận hành Ven Sông",
                "+842438751211",
                blocks=("A", "B"),
            ),
            DemoBuilding(
                "lua-vang", "Chung cư Lúa Vàng", "Số 7 phố Cánh Đồng", 10, "Công ty Vận hành Ven Sông", "+842438751212"
            ),
        ),
    ),
    DemoWard(
        "thuong-thanh",
        "Thượng Thanh",
        "00115",
        "Số 15 phố Cây Đa, phường Thượng Thanh, Hà Nội",
        "+842438750115",
        (
            DemoBuilding(
                "cay-da",
                "Chung cư Cây Đa",
                "Số 30 phố Cây Đa",
                22,
                "Công ty Quản lý Cây Đa",
                "+842438751221",
                blocks=("A", "B"),
            ),
            DemoBuilding(
                "gio-mua", "Chung cư Gió Mùa", "Số 2 ngõ 9 phố Cây Đa", 14, "Công ty Quản lý Cây Đa", "+842438751222"
            ),
        ),
    ),
)


KINDS = SharedPlace.Kind
# Kind, name, floor.
SHARED = (
    (KINDS.LOBBY, "Sảnh tầng 1", 1),
    (KINDS.LIFT, "Thang máy số 1", None),
    (KINDS.LIFT, "Thang máy số 2", None),
    (KINDS.STAIRS, "Cầu thang bộ", None),
    (KINDS.PARKING, "Hầm để xe B1", -1),
    (KINDS.PUMP_ROOM, "Phòng bơm", -1),
    (KINDS.POWER_ROOM, "Phòng máy phát điện", -1),
    (KINDS.WASTE, "Phòng rác", 1),
    (KINDS.COMMUNITY, "Nhà sinh hoạt cộng đồng", 1),
    (KINDS.ROOF, "Mái và bể nước mái", None),
    (KINDS.GROUNDS, "Sân chơi", None),
)
CONTACTS = (
    (Contact.Kind.SECURITY, "Bảo vệ, trực sảnh", "24/7"),
    (Contact.Kind.TECHNICAL, "Trực kỹ thuật", "24/7"),
    (Contact.Kind.MANAGERS, "Văn phòng ban quản lý", "08:00–17:30, thứ Hai đến thứ Bảy"),
    (Contact.Kind.FIRE, "Đội phòng cháy, chữa cháy cơ sở", "24/7"),
    (Contact.Kind.POLICE, "Cảnh sát khu vực", "giờ hành chính"),
)
BOARD = ("Hồ Sĩ Lâm", "Đinh Thị Thu", "Vương Quốc Việt", "Lưu Thị Hạnh", "Mạc Văn Phú")
AREAS = ("62", "75.5", "88", "104.2")
# How the boards of a ward's buildings stand: in office, near the end, over.
DECIDED_DAYS_AGO = (400, 980, 1180)


def load_buildings(ward: Ward, demo: DemoWard, *, by: User, at: datetime) -> None:
    """A ward's houses as their managers would bring them in: a workbook's rows, then the rest by hand."""
    # The ward's people manage its first building: the chair of its board is the one who signs in (people.STAFF).
    managed = min(range(len(demo.buildings)), key=lambda number: demo.buildings[number].name)
    for number, place in enumerate(demo.buildings):
        turn = (WARDS.index(demo) + number - managed) % len(BOARD)
        building, made = Building.objects.get_or_create(
            ward=ward,
            slug=place.slug,
            defaults={
                "name": place.name,
                "address": f"{place.address}, phường {ward.name}",
                "floors": place.floors,
                "service_fee": 7_000 + 500 * number,
            },
        )
        if made:
            with transaction.atomic():
                _load_book(building, place, number, BOARD[turn:] + BOARD[:turn], by=by, at=at)


def _load_book(
    building: Building, place: DemoBuilding, number: int, board: tuple[str, ...], *, by: User, at: datetime
) -> None:
    rows = [
        Row(
            row=row,
            number=f"{block}-{floor:02d}{flat:02d}" if block else f"{floor:02d}{flat:02d}",
            block=block or None,
            floor=floor,
            area=AREAS[flat % len(AREAS)],
        )
        for row, (block, floor, flat) in enumerate(
            product(place.blocks, range(2, place.floors + 1), range(1, place.flats_a_floor + 1)), start=2
        )
    ]
    brought = importing.try_out(building, Read(rows), name="so-can-ho.xlsx", make_blocks=True, by=by, at=at)
    importing.write(brought, by=by, at=at)
    for kind, name, floor in SHARED:
        SharedPlace.objects.create(building=building, kind=kind, name=name, floor=floor)
    for position, (kind, name, hours) in enumerate(CONTACTS, start=1):
        phone = f"{place.phone[:-2]}{position}{place.phone[-1]}"
        Contact.objects.create(
            building=building, kind=kind, name=name, hours=hours, position=10 * position, phone=phone
        )
    began = timezone.localdate(at)
    contract = {"company": place.operator, "phone": place.phone, "began_on": began - timedelta(days=300)}
    operators.record(building, contract, by=by, at=at)
    decided = began - timedelta(days=DECIDED_DAYS_AGO[number])
    flats = building.apartments.order_by("-floor", "number")[: len(board)]
    members = [
        boards.Member(name, "chair" if index == 0 else "deputy" if index == 1 else "member", flat)
        for index, (name, flat) in enumerate(zip(board, flats, strict=True))
    ]
    term = boards.elect(building, members, elected_on=decided - timedelta(days=20), by=by, at=at)
    boards.recognise(term, decision=f"{40 + number}/QĐ-UBND", decided_on=decided, by=by, at=at)
