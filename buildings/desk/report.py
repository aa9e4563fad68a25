"""A month of a building in numbers, the month before beside it. One query function a statistic.

What was promised is measured as it was promised; what is averaged is the median, which one bad week does not bend.
Shown to the operator's staff and the board; nobody's name is in it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Avg, Count, Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.calendar import VIETNAM
from portal.core.lateness import LatenessState
from portal.core.models import AuditEvent

from ..models import Building
from ..requests import rules
from ..requests.models import BuildingRequest, RequestLateness, RequestRating

ANSWERS = ("accept", "plan", "wait", "refuse", "join", "refer", "finish", "reclassify")  # a first answer is one of them
A_CHUNK = 500  # streams asked for at once


@dataclass(frozen=True)
class Month:
    """A calendar month in Vietnam."""

    first: date

    @classmethod
    def of(cls, at: datetime) -> "Month":
        return cls(at.astimezone(VIETNAM).date().replace(day=1))

    @classmethod
    def parse(cls, text: str, *, otherwise: "Month") -> "Month":
        """`2026-11`; whatever is no month, or lies beyond it, is `otherwise`."""
        try:
            asked = cls(date.fromisoformat(f"{text}-01"))
        except ValueError:
            return otherwise
        return asked if asked.first <= otherwise.first and asked.first.year >= 2000 else otherwise

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time(), VIETNAM)

    @property
    def end(self) -> datetime:
        return self.after.begin

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


# --- One query function a statistic -------------------------------------------------------------------------


def sent(building: Building, month: Month) -> QuerySet[BuildingRequest]:
    """What was reported in the month, whatever became of it."""
    return BuildingRequest.objects.filter(building=building, sent_at__gte=month.begin, sent_at__lt=month.end)


def done(building: Building, month: Month) -> QuerySet[BuildingRequest]:
    """What was done in the month, whenever it was reported; what was reopened since is not done."""
    return BuildingRequest.objects.filter(building=building, done_at__gte=month.begin, done_at__lt=month.end)


def by_category(building: Building, month: Month) -> dict[str, int]:
    rows = sent(building, month).order_by().values_list("category").annotate(n=Count("pk"))
    return dict(rows)


def hours_to_answer(building: Building, month: Month) -> float | None:
    """Median hours of the clock on the wall from the report to the first answer of a person, of what was sent."""
    sent_at = dict(sent(building, month).values_list("pk", "sent_at"))
    streams = {f"buildingrequest:{pk}": when for pk, when in sent_at.items()}
    waited: list[float] = []
    for chunk in _chunks(list(streams)):
        first = AuditEvent.objects.filter(stream__in=chunk, action__in=ANSWERS).order_by().values_list("stream")
        waited += [_hours(when - streams[stream]) for stream, when in first.annotate(when=Min("at"))]
    return round(median(waited), 1) if waited else None


def hours_to_done(building: Building, month: Month) -> float | None:
    """Median hours of the clock on the wall from the report to its end, of what was done."""
    times = done(building, month).values_list("sent_at", "done_at")
    spent = [_hours(end - begin) for begin, end in times if end is not None]
    return round(median(spent), 1) if spent else None


def count_sent(building: Building, month: Month) -> int:
    return sent(building, month).count()


def count_done(building: Building, month: Month) -> int:
    return done(building, month).count()


def count_late(building: Building, month: Month) -> int:
    """Of what was done in the month, how much was late on the way."""
    return done(building, month).filter(was_late=True).count()


def count_reopened(building: Building, month: Month) -> int:
    """Of what was done in the month, how much had been opened again before."""
    return done(building, month).filter(reopened__gt=0).count()


def count_refused(building: Building, month: Month) -> int:
    refused = BuildingRequest.objects.filter(building=building, state="refused")
    return refused.filter(ended_at__gte=month.begin, ended_at__lt=month.end).count()


def count_overridden(building: Building, month: Month) -> int:
    """How often something late was let go on without its apology."""
    cases = RequestLateness.objects.filter(request__building=building, state=LatenessState.OVERRIDDEN)
    return cases.filter(overridden_at__gte=month.begin, overridden_at__lt=month.end).count()


def mean_rating(building: Building, month: Month) -> float | None:
    """Of five, by those who said something in the month."""
    said = _ratings(building, month).aggregate(mean=Avg("score"))["mean"]
    return round(said, 1) if said is not None else None


def count_ratings(building: Building, month: Month) -> int:
    return _ratings(building, month).count()


def by_score(building: Building, month: Month) -> dict[int, int]:
    rows = _ratings(building, month).order_by().values_list("score").annotate(n=Count("pk"))
    return dict.fromkeys(range(5, 0, -1), 0) | dict(rows)


def _ratings(building: Building, month: Month) -> QuerySet[RequestRating]:
    return RequestRating.objects.filter(request__building=building, at__gte=month.begin, at__lt=month.end)


# --- The report ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A statistic of the report: its words, its query, how its number is read."""

    label: str | Promise
    count: Callable[[Building, Month], float | None]
    unit: str | Promise = ""
    less_is_better: bool | None = None  # None: neither is


FIGURES = (
    Figure(gettext_lazy("Yêu cầu đã gửi"), count_sent),
    Figure(gettext_lazy("Yêu cầu đã làm xong"), count_done),
    Figure(gettext_lazy("Trả lời lần đầu, trung vị"), hours_to_answer, gettext_lazy("giờ"), less_is_better=True),
    Figure(gettext_lazy("Từ khi gửi đến khi xong, trung vị"), hours_to_done, gettext_lazy("giờ"), less_is_better=True),
    Figure(gettext_lazy("Xong nhưng từng quá hạn"), count_late, less_is_better=True),
    Figure(gettext_lazy("Cư dân từng mở lại"), count_reopened, less_is_better=True),
    Figure(gettext_lazy("Từ chối"), count_refused),
    Figure(gettext_lazy("Cho đi tiếp không chờ thư xin lỗi"), count_overridden, less_is_better=True),
    Figure(gettext_lazy("Điểm đánh giá trung bình"), mean_rating, gettext_lazy("trên 5"), less_is_better=False),
    Figure(gettext_lazy("Lượt đánh giá"), count_ratings),
)


@dataclass(frozen=True)
class Row:
    label: str | Promise
    now: float | None
    before: float | None
    unit: str | Promise = ""
    tone: str = ""  # better or worse than the month before, in a word

    @property
    def now_in_words(self) -> str:
        return _in_words(self.now, self.unit)

    @property
    def before_in_words(self) -> str:
        return _in_words(self.before, self.unit)


@dataclass(frozen=True)
class Bar:
    """A row of a chart: its numbers, and how long its bars are, in hundredths of the longest."""

    label: str | Promise
    now: int
    before: int
    width: int
    width_before: int


@dataclass(frozen=True)
class Report:
    building: Building
    month: Month
    rows: list[Row] = field(default_factory=list)
    categories: list[Bar] = field(default_factory=list)
    scores: list[Bar] = field(default_factory=list)


def report(building: Building, month: Month) -> Report:
    rows = [_row(figure, building, month) for figure in FIGURES]
    known = {key: str(each.name) for key, each in rules.categories().items()}
    now, before = by_category(building, month), by_category(building, month.before)
    keys = sorted({*now, *before}, key=lambda key: (-now.get(key, 0), -before.get(key, 0), known.get(key, key)))
    categories = _bars([(known.get(key, key), now.get(key, 0), before.get(key, 0)) for key in keys])
    scores_now, scores_before = by_score(building, month), by_score(building, month.before)
    scores = _bars(
        [(_("%(n)s điểm") % {"n": score}, count, scores_before[score]) for score, count in scores_now.items()]
    )
    return Report(building, month, rows, categories, scores)


def _row(figure: Figure, building: Building, month: Month) -> Row:
    now, before = figure.count(building, month), figure.count(building, month.before)
    tone = ""
    if figure.less_is_better is not None and now is not None and before is not None and now != before:
        better = (now < before) == figure.less_is_better
        tone = _("tốt hơn") if better else _("kém hơn")
    return Row(figure.label, now, before, figure.unit, tone)


def _bars(rows: Iterable[tuple[str | Promise, int, int]]) -> list[Bar]:
    listed = list(rows)
    longest = max((max(now, before) for _label, now, before in listed), default=0) or 1
    return [Bar(label, now, before, 100 * now // longest, 100 * before // longest) for label, now, before in listed]


def _in_words(number: float | None, unit: str | Promise) -> str:
    if number is None:
        return "–"
    said = f"{number:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"{said.removesuffix(',0')} {unit}".strip()


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _chunks(keys: list[str]) -> Iterable[list[str]]:
    return (keys[start : start + A_CHUNK] for start in range(0, len(keys), A_CHUNK))
