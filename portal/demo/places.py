"""The pilot's wards and their invented buildings."""

from dataclasses import dataclass, field
from datetime import date

from buildings.models import Apartment, Building, OperatorTerm, Ward


@dataclass(frozen=True)
class DemoBuilding:
    slug: str
    name: str
    address: str
    floors: int
    operator: str
    phone: str
    flats_a_floor: int = 4


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
                "sen-hong", "Chung cư Sen Hồng", "Số 12 phố Hoa Sữa", 18, "Công ty Quản lý Sen Hồng", "+842438751201"
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
                "ven-song", "Chung cư Ven Sông", "Số 21 phố Bến Sông", 15, "Công ty Vận hành Ven Sông", "+842438751211"
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
                "cay-da", "Chung cư Cây Đa", "Số 30 phố Cây Đa", 22, "Công ty Quản lý Cây Đa", "+842438751221"
            ),
            DemoBuilding(
                "gio-mua", "Chung cư Gió Mùa", "Số 2 ngõ 9 phố Cây Đa", 14, "Công ty Quản lý Cây Đa", "+842438751222"
            ),
        ),
    ),
)


def load_buildings(ward: Ward, demo: DemoWard, *, began: date) -> None:
    for place in demo.buildings:
        building, _made = Building.objects.get_or_create(
            ward=ward,
            slug=place.slug,
            defaults={
                "name": place.name,
                "address": f"{place.address}, phường {ward.name}",
                "floors": place.floors,
            },
        )
        OperatorTerm.objects.get_or_create(
            building=building,
            ended_on=None,
            defaults={"company": place.operator, "phone": place.phone, "began_on": began},
        )
        if not building.apartments.exists():
            Apartment.objects.bulk_create(
                Apartment(building=building, floor=floor, number=f"{floor:02d}{flat:02d}")
                for floor in range(2, place.floors + 1)
                for flat in range(1, place.flats_a_floor + 1)
            )
