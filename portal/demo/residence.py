"""Residents of a ward's first building in every state: asked, confirmed, refused, withdrawn, ended; two who claim one flat."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from buildings.models import Apartment, Residency, Ward, people_of
from buildings.residence import actions, household, letters
from buildings.roles import Position
from portal.core.calendar import VIETNAM
from portal.core.models import User

Role = Residency.Role

NAMES = {
    "thue": ("Trương Quốc Toản", "Hoàng Gia Bảo", "Phí Minh Tâm"),
    "sap-het": ("Phan Thị Hạnh", "Nguyễn Mai Chi", "Đinh Thu Uyên"),
    "chu-nha": ("Lưu Mỹ Dung", "Cao Thị Yến", "Tống Kim Oanh"),
    "chu-khac": ("Vương Đình Khoa", "Lâm Chí Thành", "Quách Hữu Phước"),
    "con-trai": ("Nguyễn Minh Quân", "Trần Bảo Long", "Lê Gia Huy"),
    "tu-choi": ("Kiều Văn Sửu", "Mạc Văn Tý", "Nông Văn Dần"),
    "da-di": ("Hà Thị Nguyệt", "Chu Thị Sao", "Thái Thị Mây"),
    "da-rut": ("Tô Minh Đăng", "Ông Thế Vinh", "Lục Văn Hòa"),
}


def load_residence(ward: Ward, residents: Sequence[User], index: int, *, at: datetime) -> None:
    """Once: whoever is there already was loaded before. The first resident owns the first flat."""
    building = ward.buildings.filter(memberships__position=Position.BUILDING_MANAGER).first()
    if building is None or User.objects.filter(email=_email("thue", ward)).exists():
        return
    manager = people_of(building, Position.BUILDING_MANAGER)[0].user
    people = {key: _person(key, names[index], ward) for key, names in NAMES.items()}
    flats = list(building.apartments.order_by("floor", "number")[len(residents) : len(residents) + 5])
    today = at.astimezone(VIETNAM).date()
    month_ago, week_ago, yesterday = (at - timedelta(days=days) for days in (30, 7, 1))
    let, claimed, refused, left, withdrawn = flats

    # A code settles an unclaimed flat; a tenant of it has twelve days left, another year is asked for by a third.
    printed = letters.issue(building, [let, claimed], by=manager, at=month_ago)
    code_of = {letter.apartment.pk: letter.code for letter in printed}
    owner = actions.claim(
        let, by=people["chu-nha"], at=month_ago, role=Role.OWNER, code=code_of[let.pk], phone_shown=True
    )
    ending = actions.claim(
        let,
        by=people["sap-het"],
        at=month_ago,
        role=Role.TENANT,
        since=today - timedelta(days=353),
        until=today + timedelta(days=12),
        phone_shown=True,
        proof=paper(),
    )
    actions.confirm(ending, by=owner.user, at=week_ago)
    actions.claim(
        left,
        by=people["thue"],
        at=yesterday,
        role=Role.TENANT,
        since=today - timedelta(days=3),
        until=today + timedelta(days=362),
        proof=paper(),
    )

    # Two who say they own one flat.
    actions.claim(claimed, by=people["da-di"], at=month_ago, role=Role.OWNER, code=code_of[claimed.pk])
    actions.claim(claimed, by=people["chu-khac"], at=yesterday, role=Role.OWNER, proof=paper())

    turned_down = actions.claim(refused, by=people["tu-choi"], at=week_ago, role=Role.OWNER, proof=paper())
    reason = "Hợp đồng mua bán gửi kèm không ghi số căn hộ này. Gửi lại trang có số căn hộ và chữ ký hai bên."
    actions.refuse(turned_down, by=manager, at=yesterday, reason=reason)
    gone = actions.claim(refused, by=people["con-trai"], at=month_ago, role=Role.MEMBER, proof=paper())
    gone = actions.confirm(gone, by=manager, at=week_ago)
    actions.leave(gone, by=gone.user, at=yesterday)
    taken_back = actions.claim(withdrawn, by=people["da-rut"], at=week_ago, role=Role.MEMBER, proof=paper())
    actions.leave(taken_back, by=taken_back.user, at=yesterday)

    # The first resident's own household: a son who asks, a grandmother who was invited.
    first = residents[0].residencies.confirmed().get().apartment
    actions.claim(first, by=people["con-trai"], at=yesterday, role=Role.MEMBER, code=_code(first, manager, yesterday))
    household.invite(first, by=residents[0], at=yesterday, email=f"ba-noi@{ward.slug}.example")


def paper() -> ContentFile:
    """A page that says it is a sample: nobody's contract."""
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((40, 40, 580, 837), outline="black")
    for line in range(12):
        pen.line((80, 220 + 40 * line, 540, 220 + 40 * line), fill="grey")
    pen.text((200, 120), "HOP DONG - BAN MAU TRINH DIEN", fill="black")
    out = BytesIO()
    page.save(out, "JPEG", quality=60)
    return ContentFile(out.getvalue(), name="hop-dong.jpg")


def _code(flat: Apartment, manager: User, at: datetime) -> str:
    return letters.issue(flat.building, [flat], by=manager, at=at)[0].code


def _email(key: str, ward: Ward) -> str:
    return f"cu-dan-{key}@{ward.slug}.example"


def _person(key: str, name: str, ward: Ward) -> User:
    """Somebody who does not sign in: hashing a password for each would take longer than all the rest."""
    number = list(NAMES).index(key)
    phone = f"+8498{ward.code[-3:]}{number:04d}"
    return User.objects.create_user(_email(key, ward), None, full_name=name, phone=phone)
