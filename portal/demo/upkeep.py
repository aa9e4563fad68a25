"""A building's maintenance of this month, and the checks it has made: one late, one with something wrong."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from buildings.models import Building, Ward, people_of
from buildings.roles import Position
from buildings.upkeep import actions
from buildings.upkeep.checklists import checklists
from buildings.upkeep.models import Check, PlannedWork

# In how many days, from which hour, how many hours, what, who, what residents read.
WORKS = (
    (-6, 9, 2, "Bảo dưỡng thang máy số 1", "Công ty Thang máy Đông Đô", "Xin dùng thang còn lại."),
    (3, 8, 3, "Thau rửa bể nước", "Tổ kỹ thuật", "Nước yếu trong buổi sáng, xin tích nước trước."),
    (9, 14, 1, "Chạy thử máy phát điện", "Tổ kỹ thuật", "Có tiếng ồn ngắn ở tầng hầm."),
)
# List, how many days ago it was finished, the line that was not right and what was to be done.
CHECKS = (
    ("escape", 3, 1, "Tầng 4 có xe đạp ở hành lang, đã nhắc chủ căn hộ"),
    ("fire_fighting", 29, 0, ""),
    ("lifts", 12, 0, ""),
    ("fire_alarm", 35, 2, "Đầu báo tầng 7 không phản hồi, đã gọi nhà thầu"),
    ("generator", 20, 0, ""),
)


def load_upkeep(ward: Ward, *, at: datetime) -> None:
    """What the people of the ward's first building have planned and checked as of `at`. Twice is once."""
    building = ward.buildings.first()
    held = people_of(building, Position.BUILDING_MANAGER).first() if building else None
    if held is None or PlannedWork.objects.filter(building=building).exists():
        return
    by = held.user
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    for days, hour, hours, title, doer, note in WORKS:
        begins = midnight + timedelta(days=days, hours=hour)
        facts = {"title": title, "doer": doer, "note": note, "starts_at": begins}
        work = actions.plan(
            building,
            by=by,
            at=min(at, begins - timedelta(days=7)),
            token=uuid5(NAMESPACE_URL, f"{ward.slug}:{title}"),
            facts={**facts, "ends_at": begins + timedelta(hours=hours)},
        )
        if days < 0:
            actions.finish(work, by=by, at=begins + timedelta(hours=hours), outcome="Đã bảo dưỡng, thang chạy êm.")
    for key, days_ago, wrong, note in CHECKS:
        _check(building, key, by, at - timedelta(days=days_ago), wrong, note)


def _check(building: Building, key: str, by, at: datetime, wrong: int, note: str) -> Check:
    checklist = checklists()[key]
    check = actions.begin(building, checklist, by=by, at=at - timedelta(minutes=40), due_on=timezone.localdate(at))
    found = {
        number: actions.Found("wrong", note) if number == wrong else actions.Found("right")
        for number in range(1, len(checklist.items) + 1)
    }
    return actions.fill_in(check, found, by=by, at=at, done=True)
