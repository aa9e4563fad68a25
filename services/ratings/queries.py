"""What may still be rated; and what a ward learns of its ratings: sums of whole months, never one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncMonth

from buildings.models import Ward
from portal.core.audit import history_of
from portal.core.calendar import VIETNAM
from services.dossiers.models import Dossier

from .criteria import CRITERIA, Criterion
from .models import Event, Mark, Rating
from .occasions import EVENTS, Occasion, occasions

LEAST_RATINGS = 5  # fewer are not shown: a sum of four tells too much about each
LEAST_PEOPLE = 3  # five ratings of one person are that person's opinion
SATISFIED = 4  # this score and better


def happened(dossier: Dossier) -> dict[Event, Occasion]:
    return occasions(history_of(dossier).filter(action__in=EVENTS))


def to_rate(dossier: Dossier) -> list[Occasion]:
    """The events of this dossier nobody has rated yet, the latest first."""
    rated = set(Rating.objects.filter(dossier=dossier).values_list("event", flat=True))
    return [occasion for event, occasion in reversed(happened(dossier).items()) if event not in rated]


@dataclass(frozen=True)
class Mean:
    """How one criterion was rated in a month."""

    criterion: Criterion
    count: int
    mean: float


@dataclass(frozen=True)
class Month:
    """The ratings of a ward in one month that is over. What is too little to be shown is None."""

    first: date
    count: int | None = None
    mean: float | None = None
    satisfied: int | None = None  # per cent of the ratings
    criteria: tuple[Mean, ...] = ()


def monthly(ward: Ward, *, at: datetime) -> list[Month]:
    """The last months that are over, the newest first.

    The month under way is not among them: whoever looked before and after a single rating could
    subtract. Nor is there a breakdown by event, for the same reason.
    """
    today = at.astimezone(VIETNAM).date()
    end = datetime(today.year, today.month, 1, tzinfo=VIETNAM)
    begin = datetime(today.year - 1, today.month, 1, tzinfo=VIETNAM)
    enough = Q(count__gte=LEAST_RATINGS, people__gte=LEAST_PEOPLE)
    ratings = (
        Rating.objects.filter(dossier__ward=ward, rated_at__gte=begin, rated_at__lt=end)
        .annotate(month=TruncMonth("rated_at", tzinfo=VIETNAM))
        .values("month")
        .annotate(
            count=Count("pk"),
            people=Count("dossier__owner", distinct=True),
            mean=Avg("score"),
            satisfied=Count("pk", filter=Q(score__gte=SATISFIED)),
        )
        .order_by("-month")
    )
    marks = (
        Mark.objects.filter(rating__dossier__ward=ward, rating__rated_at__gte=begin, rating__rated_at__lt=end)
        .annotate(month=TruncMonth("rating__rated_at", tzinfo=VIETNAM))
        .values("month", "criterion")
        .annotate(count=Count("pk"), people=Count("rating__dossier__owner", distinct=True), mean=Avg("score"))
        .filter(enough)
        .order_by("month")
    )
    means: dict[date, dict[str, Mean]] = {}
    for row in marks:
        if criterion := CRITERIA.get(row["criterion"]):
            of_month = means.setdefault(row["month"].date(), {})
            of_month[criterion.key] = Mean(criterion, row["count"], row["mean"])
    return [_month(row, means.get(row["month"].date(), {})) for row in ratings]


def _month(row: dict, means: dict[str, Mean]) -> Month:
    first = row["month"].date()
    if row["count"] < LEAST_RATINGS or row["people"] < LEAST_PEOPLE:
        return Month(first)
    return Month(
        first,
        count=row["count"],
        mean=row["mean"],
        satisfied=round(100 * row["satisfied"] / row["count"]),
        criteria=tuple(_in_order(means)),
    )


def _in_order(means: dict[str, Mean]) -> Iterable[Mean]:
    return (means[key] for key in CRITERIA if key in means)
