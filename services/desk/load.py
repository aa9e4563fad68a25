"""How much work lies with whom, how much falls due when, and giving it to somebody else."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from buildings.absences import absences_on, officers_of
from buildings.models import Absence, Ward
from portal.core.calendar import VIETNAM
from portal.core.models import User
from services.dossiers import actions, assignment
from services.dossiers.models import Dossier, DossierQuerySet

from .batch import Outcome, attempt


@dataclass(frozen=True)
class Load:
    """The steps a person owes now. `minutes` is what they are planned to take, in working minutes."""

    officer: User
    steps: int = 0
    late: int = 0
    minutes: int = 0
    absence: Absence | None = None

    @property
    def hours(self) -> int:
        """Whole working hours, rounded up: what is begun counts."""
        return -(-self.minutes // 60)


def loads(user: User, ward: Ward, *, at: datetime) -> list[Load]:
    """Everybody at the desk, and whoever owes a step there, the most loaded first. Three queries."""
    owed = {
        row["current_step__assignee"]: row
        for row in _owed(user, ward)
        .values("current_step__assignee")
        .annotate(
            steps=Count("pk"),
            late=Count("pk", filter=Q(next_due_at__lt=at)),
            minutes=Sum("current_step__minutes"),
        )
        .order_by()
    }
    away = absences_on(ward, at.astimezone(VIETNAM).date())
    officers = officers_of(ward)
    gone = set(owed) - {None, *(officer.pk for officer in officers)}  # left the desk with a step in hand
    people = [*officers, *(User.objects.filter(pk__in=gone) if gone else ())]
    found = []
    for person in people:
        row = owed.get(person.pk, {})
        figures = (row.get("steps", 0), row.get("late", 0), row.get("minutes") or 0)
        found.append(Load(person, *figures, absence=away.get(person.pk)))
    return sorted(found, key=lambda load: (-load.minutes, -load.steps, str(load.officer)))


def due_days(user: User, ward: Ward, first: date, last: date) -> dict[date, int]:
    """How many steps fall due on each day of a period, both days included. One query, by the open dossiers' index."""
    begin = datetime.combine(first, time(), VIETNAM)
    end = datetime.combine(last + timedelta(days=1), time(), VIETNAM)
    rows = (
        _open(user, ward)
        .filter(next_due_at__gte=begin, next_due_at__lt=end)
        .annotate(day=TruncDate("next_due_at", tzinfo=VIETNAM))
        .values_list("day")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return dict(rows)


def owed_by(officer: User, user: User, ward: Ward) -> DossierQuerySet:
    """What one person owes, as another of the desk may see it, by due time."""
    return _owed(user, ward).filter(current_step__assignee=officer, current_step__finished_at=None).by_due_time()


def give(seen: dict[UUID, str], *, to: User, by: User, at: datetime, reason: str) -> list[Outcome]:
    """Each of these dossiers to another person: the leader's move, each for itself."""
    found = Dossier.objects.at_desk_of(by).filter(pk__in=seen).with_people().by_due_time()
    outcomes = []
    for dossier in found:
        try:
            outcomes.append(
                attempt(
                    dossier,
                    partial(actions.reassign, dossier, by=by, at=at, to=to, reason=reason, step=seen[dossier.pk]),
                    done=_("Đã giao cho %(person)s.") % {"person": to},
                )
            )
        except assignment.CannotOwn:
            words = _("%(person)s không giữ vị trí của bước này, đang vắng mặt, hoặc không được xử lý hồ sơ này.")
            outcomes.append(Outcome(dossier, False, words % {"person": to}))
    return outcomes


def _open(user: User, ward: Ward) -> DossierQuerySet:
    return Dossier.objects.at_desk_of(user).filter(ward=ward).open()


def _owed(user: User, ward: Ward) -> DossierQuerySet:
    """Where the next word is the desk's: what waits for the resident is nobody's load."""
    return Dossier.objects.at_desk_of(user).in_hand().filter(ward=ward, current_step__isnull=False)
