"""Who runs a building, under which contract, and how it passes from one to the next without losing anything.

The rows of the book stay with the building; what changes is who works there. Their memberships end, the new
people's begin, what is open has a new answerable person, and the record of hand-over says what there was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import audit, workflow
from portal.core.models import User

from ..models import Building, Membership, OperatorTerm, people_of, positions_at
from ..requests.models import OPEN_STATES as REQUEST_OPEN
from ..requests.models import RequestState
from ..requests.succession import pass_on
from ..roles import OPERATOR_POSITIONS, Position
from . import notifications
from .boards import board_of
from .models import Handover

# What one operator hands to the next: keys, papers, money, systems.
ITEMS = (
    "Chìa khóa, thẻ, mã khóa các phòng kỹ thuật và khu dùng chung",
    "Hồ sơ thiết kế, hoàn công của tòa nhà",
    "Hồ sơ phòng cháy, chữa cháy, kết quả kiểm tra, bảo dưỡng",
    "Lý lịch, hợp đồng bảo trì thang máy và giấy chứng nhận kiểm định",
    "Hồ sơ máy bơm, máy phát điện, trạm điện, bể nước",
    "Sổ căn hộ, sổ cư dân, sổ xe",
    "Hợp đồng với nhà thầu bảo vệ, vệ sinh, thu gom rác, côn trùng",
    "Số liệu thu, chi và công nợ giá dịch vụ",
    "Bảo hiểm cháy, nổ bắt buộc",
    "Vật tư, dụng cụ, thiết bị của tòa nhà",
)


@dataclass(frozen=True)
class Item:
    what: str
    is_handed_over: bool
    note: str = ""


def may_hand_over(user: User, building: Building) -> bool:
    """The board's chair, for the owners; where a building has none, the head of its managers."""
    held = positions_at(user, building.pk)
    if Position.BOARD_CHAIR in held:
        return True
    return Position.BUILDING_HEAD in held and not people_of(building, Position.BOARD_CHAIR).exists()


def record(building: Building, given: Mapping[str, Any], *, by: User | None, at: datetime) -> OperatorTerm:
    """Write the contract of whoever runs the building today: its first, or what is wrong in it."""
    with transaction.atomic():
        workflow.lock(building)
        term = building.operator_terms.current().first() or OperatorTerm(building=building, recorded_by=by)
        for name, value in given.items():
            setattr(term, name, value)
        term.full_clean(exclude=["building", "recorded_by", "ended_on"])
        term.save()
        audit.record(building, "record_operator", by=by, at=at, company=term.company)
    return term


def hand_over(
    building: Building,
    given: Mapping[str, Any],
    *,
    head: User,
    staff: Iterable[User],
    items: Iterable[Item],
    note: str,
    by: User,
    at: datetime,
) -> Handover:
    """Another operator takes over, today: people, open requests, things. Raises PermissionDenied, ValidationError."""
    if not may_hand_over(by, building):
        raise PermissionDenied("the board hands a building over, or without one the head of the managers")
    with transaction.atomic():
        locked = workflow.lock(building)
        old = locked.operator_terms.current().first()
        began_on: date = given["began_on"]
        if old and old.began_on >= began_on:
            raise ValidationError({"began_on": _("Hợp đồng mới phải bắt đầu sau hợp đồng hiện tại.")})
        facts = open_work(locked)
        if old:
            old.ended_on = began_on - timedelta(days=1)
            old.save(update_fields=["ended_on"])
        new = OperatorTerm.objects.create(building=locked, recorded_by=by, **given)
        arriving: dict[tuple[int, str], User] = {(head.pk, Position.BUILDING_HEAD): head}
        arriving |= {(person.pk, Position.BUILDING_MANAGER): person for person in staff if person.pk != head.pk}
        leaving = _end_others(locked, arriving, at=at)
        _begin(locked, arriving, at=at)
        pass_on(locked, leaving=[held.user for held in leaving], to=head, by=by, at=at)
        handover = Handover.objects.create(
            building=locked,
            old=old,
            new=new,
            at=at,
            by=by,
            leaving=[[str(held.user), str(Position(held.position).label)] for held in leaving],
            arriving=[[str(person), str(Position(position).label)] for (_pk, position), person in arriving.items()],
            facts=facts,
            items=[[item.what, item.is_handed_over, item.note] for item in items],
            note=note,
        )
        audit.record(building, "hand_over", by=by, at=at, old=str(old or ""), new=new.company)
        chairs = [held.user for held in people_of(locked, Position.BOARD_CHAIR)]
        ward = locked.ward.leaders if board_of(locked, on=timezone.localdate(at)).is_over else ()
        notifications.handed_over(locked, new, [*arriving.values(), *chairs], ward=ward, at=at)
    return handover


def open_work(building: Building) -> dict[str, int]:
    """What the next operator takes on, in the record's words (Vietnamese: it is a paper of the house)."""
    requests = building.requests.filter(state__in=REQUEST_OPEN)
    return {
        "Căn hộ trong sổ": building.apartments.count(),
        "Nơi dùng chung": building.shared_places.in_use().count(),
        "Yêu cầu của cư dân đang mở": requests.count(),
        "Trong đó đã làm xong, chờ cư dân xác nhận": requests.filter(state=RequestState.DONE).count(),
        "Trong đó đã chuyển phường": requests.filter(state=RequestState.WITH_WARD).count(),
        "Trong đó đang chậm": requests.filter(lateness__isnull=False).count(),
    }


def _end_others(building: Building, arriving: Mapping[tuple[int, str], User], *, at: datetime) -> list[Membership]:
    """The operator's people who do not go on in the same position. Whoever does keeps their row."""
    held = Membership.objects.current().filter(building=building, position__in=OPERATOR_POSITIONS)
    leaving = [one for one in held.select_related("user") if (one.user_id, one.position) not in arriving]
    Membership.objects.filter(pk__in=[one.pk for one in leaving]).update(ended_at=at)
    return leaving


def _begin(building: Building, arriving: Mapping[tuple[int, str], User], *, at: datetime) -> None:
    there = set(
        Membership.objects.current()
        .filter(building=building, position__in=OPERATOR_POSITIONS)
        .values_list("user_id", "position")
    )
    for (pk, position), person in arriving.items():
        if (pk, position) not in there:
            Membership.objects.create(
                user=person, position=position, ward=building.ward, building=building, began_at=at
            )
