"""An announcement as it is written down here, before it is a page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from home.kinds import Kind

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Day:
    """In a text: `{day:+3}` is the date in three days, `{day:5}` the next Saturday (0 is Monday)."""

    today: date

    def ahead(self, spec: str) -> int:
        """In how many days that is."""
        return int(spec) if spec[0] in "+-" else (int(spec) - self.today.weekday() - 1) % 7 + 1

    def __format__(self, spec: str) -> str:
        day = self.today + timedelta(days=self.ahead(spec))
        return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


@dataclass(frozen=True)
class Item:
    """One announcement. A body line is a paragraph; `# …` is a heading, `- …` an entry of a list."""

    kind: Kind
    title: str
    summary: str
    body: str
    days_ago: int
    decided_days_ago: int | None = None
    urgent_days: int = 0
    more: tuple[tuple[str, Any], ...] = ()  # blocks after the text
    decision_number: str = ""
    downtime: tuple[int, int, int] | None = None  # in how many days, from which hour, how many hours
    event: tuple[str, int, int, str] | None = None  # the day as in a text, from which hour, how many minutes, where
    repeats: str = ""
    goes_live_in_days: int = 0
    expires_in_days: int = 0
    for_building: tuple[str, int | None, int | None] | None = None  # slug, floors from and to
    english: tuple[str, str, str, str] | None = None  # title, summary, body, picture
    drawing: str = ""
    alt: str = ""
    file: tuple[str, str, str] | None = None  # title, name, text
