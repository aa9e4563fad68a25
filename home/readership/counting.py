"""Writing down what readers do, and reading it back for the editors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from home.models import AnnouncementPage

from .models import Comment, DayCount

COMMENTS_KEPT = timedelta(days=365)
COMMENTS_SHOWN = 50


@dataclass(frozen=True)
class Figures:
    """Of one announcement, since it was first published."""

    reads: int = 0
    useful: int = 0
    not_useful: int = 0

    @property
    def answers(self) -> int:
        return self.useful + self.not_useful


def read(page: AnnouncementPage, *, at: datetime) -> None:
    """The page was read once more."""
    _count(page, timezone.localdate(at), "reads")


@transaction.atomic
def answer(page: AnnouncementPage, *, useful: bool, text: str, at: datetime) -> None:
    """A reader said whether it was of use, and perhaps why."""
    day = timezone.localdate(at)
    _count(page, day, "useful" if useful else "not_useful")
    if text:
        Comment.objects.create(page=page, day=day, useful=useful, text=text)


def figures(pages: Iterable[AnnouncementPage]) -> dict[int, Figures]:
    """Key of the page → its figures, for each of these pages. One query, however many there are."""
    found = {page.pk: Figures() for page in pages}
    sums = DayCount.objects.filter(page__in=list(found)).order_by().values("page")
    for row in sums.annotate(Sum("reads"), Sum("useful"), Sum("not_useful")):
        found[row["page"]] = Figures(row["reads__sum"], row["useful__sum"], row["not_useful__sum"])
    return found


def comments(page: AnnouncementPage) -> list[Comment]:
    """What readers wrote of it lately, the newest first."""
    return list(Comment.objects.filter(page=page)[:COMMENTS_SHOWN])


def forget(*, at: datetime) -> int:
    """Deletes what readers wrote more than twelve months ago. The sums stay: they are about nobody."""
    deleted, _by_model = Comment.objects.filter(day__lt=timezone.localdate(at - COMMENTS_KEPT)).delete()
    return deleted


def _count(page: AnnouncementPage, day: date, what: str) -> None:
    """Adds in the database, so that two readers at once are two."""
    row = DayCount.objects.filter(page=page, day=day)
    if not row.update(**{what: F(what) + 1}):
        DayCount.objects.bulk_create([DayCount(page=page, day=day)], ignore_conflicts=True)
        row.update(**{what: F(what) + 1})
