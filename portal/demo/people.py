"""Every position once in each ward, residents in their flats, and one password for all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from buildings.models import Apartment, Membership, Residency, ResidencyState, Ward
from buildings.roles import BUILDING_POSITIONS, Position
from portal.core.models import User

from .places import WARDS

PASSWORD = "xin-chao-2026"  # noqa: S105 - demo accounts, printed by `make run`


@dataclass(frozen=True)
class DemoPerson:
    role: str  # a Position, or resident
    login: str  # before the @ of the ward's domain
    names: tuple[str, str, str]  # one for each ward
    title: str = ""


STAFF = (
    DemoPerson(Position.CLERK, "mot-cua", ("Nguyễn Thị Hoa", "Trần Thị Mai", "Lê Thị Đào")),
    DemoPerson(Position.CLERK, "mot-cua-2", ("Phạm Văn Lộc", "Đỗ Văn Phúc", "Vũ Văn Thọ")),
    DemoPerson(
        Position.SPECIALIST,
        "tu-phap",
        ("Hoàng Minh Đức", "Bùi Quốc Khánh", "Đặng Hữu Nghĩa"),
        "Công chức tư pháp – hộ tịch",
    ),
    DemoPerson(Position.REGISTRY_CLERK, "van-thu", ("Ngô Thanh Thủy", "Dương Thu Hằng", "Lý Ngọc Bích"), "Văn thư"),
    DemoPerson(Position.LEADER, "chu-tich", ("Trịnh Quang Vinh", "Đinh Công Thành", "Phan Trọng Nhân"), "Chủ tịch"),
    DemoPerson(
        Position.LEADER, "pho-chu-tich", ("Nguyễn Thu Hiền", "Lê Văn Tuấn", "Trần Thị Bích Liên"), "Phó Chủ tịch"
    ),
    DemoPerson(
        Position.POLICE_OFFICER,
        "cong-an",
        ("Đỗ Hải Long", "Nguyễn Trung Kiên", "Phạm Anh Tú"),
        "Cảnh sát khu vực",
    ),
    DemoPerson(
        Position.POLICE_HEAD,
        "truong-cong-an",
        ("Nguyễn Tiến Đạt", "Lê Xuân Trường", "Hoàng Đình Thắng"),
        "Trưởng Công an phường",
    ),
    DemoPerson(
        Position.CULTURE_OFFICER,
        "van-hoa",
        ("Bùi Ngọc Lan", "Nguyễn Đức Huy", "Phùng Mai Anh"),
        "Công chức Văn hóa – Xã hội",
    ),
    DemoPerson(Position.WARD_EDITOR, "bien-tap", ("Vũ Khánh Linh", "Hồ Ngọc Ánh", "Nguyễn Tường Vi")),
    DemoPerson(Position.BUILDING_MANAGER, "toa-nha", ("Lương Văn Bình", "Tạ Đình Sơn", "Cao Xuân Hải")),
    DemoPerson(Position.BUILDING_HEAD, "truong-bql", ("Cao Thị Vân", "Nguyễn Đình Phong", "Tô Minh Châu")),
    DemoPerson(Position.BOARD_CHAIR, "ban-quan-tri", ("Hồ Sĩ Lâm", "Đinh Thị Thu", "Vương Quốc Việt")),
)
# One man and two women in each ward; the stories of births and weddings are the women's.
RESIDENTS = (
    DemoPerson("resident", "cong-dan", ("Nguyễn Văn An", "Trần Quốc Bình", "Lê Hoàng Cường")),
    DemoPerson("resident", "cong-dan-2", ("Đỗ Thị Ánh Tuyết", "Phạm Thị Khuê", "Vũ Ngọc Diệp")),
    DemoPerson("resident", "cong-dan-3", ("Hoàng Thu Trang", "Mai Phương Thảo", "Đặng Thùy Dương")),
)
SHOWS_NO_PHONE = 3  # of the residents, counted from one: the managers' desk has both kinds
ABOVE = (
    (Position.CATALOGUE_AUTHOR, "danh-muc@long-bien.example", "Nguyễn Hải Yến"),
    (Position.INSPECTOR, "giam-sat@long-bien.example", "Trương Việt Dũng"),
    (Position.DISTRICT_LEADER, "lanh-dao@long-bien.example", "Đoàn Thế Hùng"),
)
OPERATOR = ("quan-tri@long-bien.example", "Quản trị hệ thống")


def load_staff(ward: Ward, index: int, *, at: datetime) -> Iterator[Membership]:
    for person in STAFF:
        user = _person(f"{person.login}@{ward.slug}.example", person.names[index])
        building = ward.buildings.first() if person.role in BUILDING_POSITIONS else None
        membership, _made = Membership.objects.get_or_create(
            user=user,
            position=person.role,
            ward=ward,
            building=building,
            ended_at=None,
            defaults={"began_at": at, "title": person.title},
        )
        yield membership


def load_residents(ward: Ward, index: int, *, at: datetime) -> list[User]:
    manager = Membership.objects.get(ward=ward, position=Position.BUILDING_MANAGER, ended_at=None).user
    flats = list(
        Apartment.objects.filter(building__ward=ward).order_by("building", "floor", "number")[: len(RESIDENTS)]
    )
    residents = []
    for number, (person, flat) in enumerate(zip(RESIDENTS, flats, strict=True), start=1):
        user = _person(
            f"{person.login}@{ward.slug}.example",
            person.names[index],
            personal_number=f"0000{index + 1}{number:07d}",
            birth_date=date(1985 + number, 2 * number, 5 * number),
            address=f"{flat.full_address}, Hà Nội",
            phone=f"+8497{ward.code[-3:]}{number:04d}",
            phone_verified=True,  # else the first sign-in by e-mail drops it
        )
        residents.append(user)
        Residency.objects.get_or_create(
            user=user,
            apartment=flat,
            ended_at=None,
            defaults={
                "role": Residency.Role.OWNER,
                "state": ResidencyState.CONFIRMED,
                "confirmed_as": Residency.ConfirmedAs.MANAGER,
                "is_head": True,
                "phone_shown": number != SHOWS_NO_PHONE,
                "claimed_at": at,
                "confirmed_at": at,
                "confirmed_by": manager,
            },
        )
    return residents


def load_people_above(*, at: datetime) -> Iterator[Membership]:
    for position, email, name in ABOVE:
        membership, _made = Membership.objects.get_or_create(
            user=_person(email, name),
            position=position,
            ward=None,
            building=None,
            ended_at=None,
            defaults={"began_at": at},
        )
        yield membership


def load_operator() -> User:
    email, name = OPERATOR
    user = _person(email, name)
    if not user.is_superuser:
        user.is_superuser = user.is_staff = True
        user.save()
    return user


def accounts() -> list[dict[str, str]]:
    """The demo logins, one row a role and ward, as `manage.py demo --json` prints them."""
    now = dict(Ward.objects.values_list("code", "slug"))  # a ward may have been renamed since; its logins stay
    rows = [
        (person.role, now[place.code], f"{person.login}@{place.slug}.example")
        for person in (*RESIDENTS[:1], *STAFF)
        for place in WARDS
        if place.code in now
    ]
    rows += [(position, "", email) for position, email, _name in ABOVE]
    rows.append(("operator", "", OPERATOR[0]))
    return [{"role": str(role), "ward": ward, "login": login, "password": PASSWORD} for role, ward, login in rows]


def _person(email: str, name: str, **profile) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(email=email, password=_hashed(), full_name=name, **profile)
    # allauth keeps its own list of confirmed addresses; without a row it would ask for a code.
    user.emailaddress_set.get_or_create(email=email, defaults={"verified": True, "primary": True})
    return user


@cache
def _hashed() -> str:
    """One hash for all of them, as there is one password; each takes a tenth of a second."""
    return make_password(PASSWORD)
