"""Who reads much more than the work asks for: a day of the ward's readers, and word to its leader.

Nobody is stopped: an officer must be able to open what they work on. It is seen, soon, by somebody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, Sum, TextChoices
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buildings.models import Membership, Ward, holders_of
from buildings.roles import Position
from portal.core.access_record import EXPORT
from portal.core.calendar import VIETNAM
from portal.core.models import AccessRecord, ListRead, Notification, User
from portal.core.notifications import notify

AN_HOUR = timedelta(hours=1)
NOTICE = "desk.mass_reading"


class Way(TextChoices):
    """How dossiers can be read in numbers; each has its own measure."""

    OPENED = "opened", gettext_lazy("đã mở %(n)s hồ sơ")
    LISTED = "listed", gettext_lazy("đã xem danh sách có tổng cộng %(n)s dòng")
    EXPORTED = "exported", gettext_lazy("đã kết xuất %(n)s dòng")


@dataclass(frozen=True)
class Reading:
    """What one officer has read of a ward in some time."""

    reader_id: int
    reader: str
    ward_id: int
    opened: int = 0  # dossiers and people, each once
    listed: int = 0  # lines of lists and searches
    exported: int = 0  # lines of files
    last_at: datetime | None = None

    @property
    def too_much(self) -> list[tuple[Way, int]]:
        """What is beyond the measure of an hour."""
        counted = {Way.OPENED: self.opened, Way.LISTED: self.listed, Way.EXPORTED: self.exported}
        return [(way, n) for way, n in counted.items() if 0 < settings.MASS_READING[way] <= n]


def readings(begins: datetime, ends: datetime, *, ward: Ward | None = None) -> list[Reading]:
    """Who read how much in [begins, ends), most first. Two queries, served by the time."""
    within = Q(at__gte=begins, at__lt=ends, ward_id__isnull=False)
    if ward:
        within &= Q(ward_id=ward.pk)
    by = ("reader_id", "reader_name", "ward_id")
    opened = AccessRecord.objects.filter(within).order_by().values(*by)
    opened = opened.annotate(opened=Count("stream", distinct=True), last_at=Max("at"))
    is_file = Q(what=EXPORT)
    listed = (
        ListRead.objects.filter(within)
        .order_by()
        .values(*by)
        .annotate(
            listed=Coalesce(Sum("count", filter=~is_file), 0),
            exported=Coalesce(Sum("count", filter=is_file), 0),
            last_at=Max("at"),
        )
    )
    found: dict[tuple, dict] = {}
    for row in (*opened, *listed):
        key = (row.pop("reader_id"), row.pop("ward_id"))
        each = found.setdefault(key, {"reader": row.pop("reader_name")})
        row.pop("reader_name", None)
        row["last_at"] = max(filter(None, (row["last_at"], each.get("last_at"))))
        each.update(row)
    every = [Reading(reader_id=reader, ward_id=ward_id, **each) for (reader, ward_id), each in found.items()]
    return sorted(every, key=lambda one: (-one.opened, -one.exported, -one.listed, one.reader))


def day_of(ward: Ward, day: date) -> list[Reading]:
    begins = datetime.combine(day, time(), VIETNAM)
    return readings(begins, begins + timedelta(days=1), ward=ward)


def warnings_of(leader: User, day: date) -> list[Notification]:
    """What this leader was told about the day's reading."""
    begins = datetime.combine(day, time(), VIETNAM)
    own = Notification.objects.visible_to(leader).filter(kind=NOTICE)
    return list(own.filter(created_at__gte=begins, created_at__lt=begins + timedelta(days=1)).order_by("created_at"))


def watch(*, at: datetime) -> int:
    """Tell the leaders who read too much in the hour that ends now: each way once a clock hour. How many were found."""
    found = [reading for reading in readings(at - AN_HOUR, at) if reading.too_much]
    wards = Ward.objects.in_bulk({reading.ward_id for reading in found})
    for reading in found:
        ward = wards[reading.ward_id]
        for way, count in reading.too_much:
            for person in _told(ward, reading.reader_id):
                _tell(person, ward, reading, way, count, at=at)
    return len(found)


def _told(ward: Ward, reader_id: int) -> Iterable[User]:
    """The ward's leaders; where the reader is the only one, those who oversee all wards."""
    leaders = [held.user for held in holders_of(Position.LEADER, ward).select_related("user")]
    others = [leader for leader in leaders if leader.pk != reader_id]
    if others:
        return others
    above = Membership.objects.current().filter(position=Position.INSPECTOR, user__is_active=True)
    return [held.user for held in above.select_related("user")]


def _tell(person: User, ward: Ward, reading: Reading, way: Way, count: int, *, at: datetime) -> None:
    leads = person.memberships.current().filter(ward=ward).exists()
    with translation.override(person.preferred_language):
        what: str | Promise = way.label % {"n": count}
        notify(
            person,
            kind=NOTICE,
            key=f"mass-reading:{ward.pk}:{reading.reader_id}:{way}:{at:%Y%m%d%H}",
            title=_("%(ward)s: một cán bộ đọc nhiều hồ sơ bất thường") % {"ward": ward.shown},
            body=_("Trong một giờ qua, %(who)s %(what)s. Hãy hỏi lý do nếu bạn chưa biết.")
            % {"who": reading.reader, "what": what},
            url=f"{reverse('desk:reads')}?phuong={ward.slug}&ngay={at.astimezone(VIETNAM):%Y-%m-%d}" if leads else "",
            at=at,
        )
