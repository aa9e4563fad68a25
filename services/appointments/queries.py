"""The day of a ward's counters, and what a dossier's page shows of its visits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from buildings.models import Ward
from portal.core import workflow
from portal.core.calendar import VIETNAM, WorkingCalendar
from portal.core.models import User
from portal.core.workflow import Transition
from services.catalogue import answers as form_answers
from services.dossiers.models import ENDED_STATES, Dossier

from . import booking
from . import transitions as moves
from .models import Appointment, AppointmentState

S = AppointmentState
TONES: dict[str, str] = {
    S.BOOKED: "progress",
    S.MOVED: "neutral",
    S.CANCELLED: "neutral",
    S.CAME: "done",
    S.NO_SHOW: "refused",
}
ON_THE_LIST = (S.BOOKED, S.CAME, S.NO_SHOW)


@dataclass(frozen=True)
class Row:
    """A line of the clerk's day."""

    appointment: Appointment
    purpose: str
    papers: list[str]
    marks: list[Transition]
    may_change: bool
    is_stranded: bool

    @property
    def tone(self) -> str:
        return TONES[self.appointment.state]


def day_list(user: User, ward: Ward, day: date, *, calendar: WorkingCalendar, at: datetime) -> list[Row]:
    """Everybody expected on this day, in order; whoever moved or called off is not."""
    begins = datetime.combine(day, time(), VIETNAM)
    found = (
        Appointment.objects.at_desk_of(user)
        .filter(ward=ward, state__in=ON_THE_LIST)
        .between(begins, begins + timedelta(days=1))
        .exclude(state=S.BOOKED, dossier__state__in=ENDED_STATES)
        .select_related("dossier__ward")
        .prefetch_related("dossier__version__procedure", "dossier__interests", "dossier__attachments")
    )
    for appointment in found:
        # What may be marked depends on it; asked once for all rather than once a row.
        dossier = appointment.dossier
        dossier.excluded_officers = frozenset(one.officer_id for one in dossier.interests.all() if not one.approved_at)
    return [_row(appointment, user, calendar, at) for appointment in found]


def _row(appointment: Appointment, user: User, calendar: WorkingCalendar, at: datetime) -> Row:
    visit = booking.visit_of(appointment.dossier)
    is_stranded = appointment.is_booked and booking.is_stranded(appointment, calendar)
    marks = workflow.available(moves.MARKS.values(), appointment, user, at=at)
    return Row(
        appointment,
        visit.purpose if visit else "",
        originals(appointment.dossier),
        [move for move in marks if not (is_stranded and move is moves.NO_SHOW)],
        bool(workflow.available((moves.CANCEL,), appointment, user, at=at)),
        is_stranded,
    )


def originals(dossier: Dossier) -> list[str]:
    """The papers to bring: the original of everything that had to be sent, and of whatever else was."""
    answers = form_answers.asked_answers(dossier.spec, dossier.answers)
    sent = {paper.field for paper in dossier.attachments.all() if paper.removed_at is None}
    return [
        spec.label
        for page in dossier.spec.pages
        for spec in form_answers.file_fields(page, answers)
        if spec.required or spec.key in sent
    ]


def earlier(appointments: Iterable[Appointment]) -> list[tuple[Appointment, str]]:
    """What became of the other appointments of a dossier, the newest first."""
    return [(one, TONES[one.state]) for one in appointments if not one.is_booked]
