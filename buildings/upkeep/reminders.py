"""Tells a building's people of checks that are due and of tomorrow's work. Twice is once."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.languages import Said
from portal.core.notifications import gathered, notify

from ..models import Building, Membership
from ..roles import OPERATOR_POSITIONS
from .actions import next_due
from .checklists import checklists
from .models import PlannedWork, WorkState
from .queries import SOON, last_done


def remind(*, at: datetime) -> None:
    """Checks due in three days and those late by a day; work that begins tomorrow. All buildings in a few queries."""
    today = timezone.localdate(at)
    staff: dict[int, list] = {}
    held = Membership.objects.current().filter(position__in=OPERATOR_POSITIONS, user__is_active=True)
    for membership in held.exclude(building=None).select_related("user"):
        staff.setdefault(membership.building_id or 0, []).append(membership.user)
    buildings = {found.pk: found for found in Building.objects.filter(pk__in=staff).select_related("ward")}
    last = last_done(buildings)
    with gathered():
        for building in buildings.values():
            for checklist in checklists().values():
                made = last.get((building.pk, checklist.key))
                due_on = next_due(checklist, made, today=today)
                late = today > due_on
                if made and (late or today + timedelta(days=SOON) >= due_on):
                    for reader in dict.fromkeys(staff[building.pk]):
                        _check_due(reader, building, checklist.name, due_on, late=late, key=checklist.key, at=at)
        tomorrow = today + timedelta(days=1)
        works = PlannedWork.objects.filter(
            state=WorkState.PLANNED, building__in=buildings, starts_at__gt=at, starts_at__lt=at + timedelta(days=2)
        )
        for work in works.select_related("building__ward"):
            if timezone.localdate(work.starts_at) == tomorrow:
                for reader in dict.fromkeys(staff[work.building_id]):
                    _work_tomorrow(reader, work, at=at)


def _check_due(reader, building: Building, name: Said, due_on, *, late: bool, key: str, at: datetime) -> None:
    with translation.override(reader.preferred_language):
        words = {"name": name, "building": building.name, "day": f"{due_on:%d/%m/%Y}"}
        title = _("Quá hạn kiểm tra: %(name)s") if late else _("Sắp đến hạn kiểm tra: %(name)s")
        notify(
            reader,
            kind="check_due",
            key=f"check:{building.pk}:{key}:{due_on}:{'late' if late else 'soon'}",
            title=title % words,
            body=_("%(building)s, hạn ngày %(day)s. Mở danh mục, kiểm tra từng mục và chụp ảnh.") % words,
            url=reverse("upkeep:checks", args=[building.ward.slug, building.slug]),
            at=at,
        )


def _work_tomorrow(reader, work: PlannedWork, *, at: datetime) -> None:
    with translation.override(reader.preferred_language):
        begins = timezone.localtime(work.starts_at)
        words = {"title": work.title, "who": work.doer, "time": f"{begins:%H:%M}", "building": work.building.name}
        notify(
            reader,
            kind="work_tomorrow",
            key=f"work:{work.pk}:{begins:%Y%m%d}",
            title=_("Ngày mai bảo trì: %(title)s") % words,
            body=_("%(building)s, bắt đầu %(time)s, người làm: %(who)s.") % words,
            url=work.get_absolute_url(),
            at=at,
        )
