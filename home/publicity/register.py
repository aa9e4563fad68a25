"""The quarter's register of publicity (art. 12 and 13): what, why, when, in which way, by whom, in time or late."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import QuerySet

from buildings.models import Ward
from home.models import OtherPublicity, PublicityRecord
from portal.core.calendar import VIETNAM
from services.registers.register import Column, Row

Event = PublicityRecord.Event

TITLE = "SỔ THEO DÕI CÔNG KHAI THÔNG TIN"
PORTAL = "Cổng thông tin của phường"
COLUMNS = (
    Column("STT", 7, centred=True),
    Column("Nội dung công khai", 32),
    Column("Căn cứ", 26),
    Column("Số, ngày quyết định", 17),
    Column("Ngày công khai", 16, centred=True),
    Column("Hình thức, nơi công khai", 22),
    Column("Thời gian công khai", 22),
    Column("Người thực hiện", 20),
    Column("Đúng hạn", 13, centred=True),
    Column("Ghi chú", 20),
)
_QUARTER = re.compile(r"(20\d\d)-([1-4])")


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        match = _QUARTER.fullmatch(text)
        return cls(int(match[1]), int(match[2])) if match else None

    def __str__(self) -> str:
        """As addresses write it."""
        return f"{self.year}-{self.number}"

    @property
    def words(self) -> str:
        return f"Quý {('I', 'II', 'III', 'IV')[self.number - 1]} năm {self.year}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def period(self) -> tuple[datetime, datetime]:
        """From its first moment to the first after it."""
        return tuple(datetime.combine(day, time(), VIETNAM) for day in (self.first_day, self.after.first_day))  # type: ignore[return-value]


@dataclass(frozen=True)
class Line:
    """One content published one way."""

    record: PublicityRecord
    way: str
    published_on: date
    period: str
    done_by: str
    in_time: bool | None
    note: str = ""

    @property
    def decision(self) -> str:
        number, day = self.record.decision_number, self.record.decision_date
        return ", ".join(filter(None, (number, day and f"{day:%d/%m/%Y}")))

    @property
    def in_time_words(self) -> str:
        if self.in_time is None:
            return "Không quy định"
        return "Đúng hạn" if self.in_time else "Muộn"


def lines(ward: Ward, quarter: Quarter, *, obliged_only: bool = True) -> list[Line]:
    """What was published in the quarter, the earliest first; of each content the portal, then the other ways.

    Another way counts in the quarter in which it began, also when the portal's publishing was before.
    """
    begins, ends = quarter.period
    published = _of(ward, obliged_only).filter(event=Event.PUBLISHED, at__gte=begins, at__lt=ends)
    others = OtherPublicity.objects.filter(
        ward=ward, withdrawn_at=None, from_date__gte=begins.date(), from_date__lt=ends.date()
    )
    found = list(published.order_by("at", "pk"))
    down = _taken_down({record.announcement for record in found})
    made = [_on_portal(record, down.get(record.announcement, [])) for record in found]
    known = {record.announcement: record for record in found}
    told = list(others)
    for record in _of(ward, obliged_only).filter(announcement__in={other.announcement for other in told}):
        known.setdefault(record.announcement, record)
    made += [_elsewhere(known[other.announcement], other) for other in told if other.announcement in known]
    return sorted(made, key=lambda line: (line.record.at, line.record.pk, line.way != PORTAL, line.published_on))


def rows(found: list[Line]) -> Iterator[Row]:
    for number, line in enumerate(found, start=1):
        yield (
            number,
            line.record.title,
            line.record.basis,
            line.decision,
            line.published_on,
            line.way,
            line.period,
            line.done_by,
            line.in_time_words,
            line.note,
        )


def _of(ward: Ward, obliged_only: bool) -> QuerySet[PublicityRecord]:
    records = PublicityRecord.objects.filter(ward=ward)
    return records.filter(obliged=True) if obliged_only else records


def _taken_down(announcements: set[UUID]) -> dict[UUID, list[PublicityRecord]]:
    found: dict[UUID, list[PublicityRecord]] = {}
    for record in PublicityRecord.objects.filter(announcement__in=announcements, event=Event.TAKEN_DOWN):
        found.setdefault(record.announcement, []).append(record)
    return found


def _on_portal(record: PublicityRecord, down: list[PublicityRecord]) -> Line:
    day = _day(record.at)
    end = next((each for each in down if each.pk > record.pk), None)
    return Line(
        record,
        PORTAL,
        day,
        f"Từ {day:%d/%m/%Y} đến {_day(end.at):%d/%m/%Y}" if end else f"Từ {day:%d/%m/%Y}, đang công khai",
        record.by_name or "Theo lịch đăng",
        record.in_time,
        f"Gỡ sớm: {end.reason}" if end and end.reason else "",
    )


def _elsewhere(record: PublicityRecord, other: OtherPublicity) -> Line:
    return Line(
        record,
        f"{other.get_way_display().capitalize()}: {other.place}",
        other.from_date,
        f"Từ {other.from_date:%d/%m/%Y} đến {other.to_date:%d/%m/%Y}",
        other.done_by,
        None if record.due_date is None else other.from_date <= record.due_date,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
