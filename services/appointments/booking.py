"""Booking, moving, cancelling and marking: one function an action, one transaction each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from buildings.models import Ward
from portal.core import audit, workflow
from portal.core.calendar import VIETNAM, WorkingCalendar, load_calendar
from portal.core.models import User
from services.catalogue.definition import Visit
from services.dossiers import actions
from services.dossiers.models import Dossier, DossierState
from services.dossiers.permissions import is_owner, works_at_desk

from . import notifications, reminders, slots
from . import transitions as moves
from .models import Appointment, AppointmentState, VisitHours
from .slots import Slot, Taken

CHANGE_UNTIL = timedelta(hours=2)  # before the visit; later than that one telephones
NO_SHOWS = 2  # after so many the desk books, by telephone
VISIT_MINUTES = 30  # of a procedure published before visits had a length


class CannotBook(Exception):
    """No appointment can be made or moved for this dossier by this person; says why."""


class SlotGone(Exception):
    """The time is not, or no longer, to be had."""


@dataclass(frozen=True)
class Offer:
    """Everything the free times of one dossier follow from."""

    dossier: Dossier
    visit: Visit
    calendar: WorkingCalendar
    hours: VisitHours
    earliest: datetime
    taken: tuple[Taken, ...]

    @property
    def days(self) -> list[date]:
        return slots.bookable_days(self.calendar, self.hours, self.earliest)

    def free(self, day: date) -> list[Slot]:
        """The free times of a day; none on a day one cannot choose."""
        if day not in self.days:
            return []
        return slots.free_slots(
            day,
            calendar=self.calendar,
            hours=self.hours,
            minutes=self.visit.minutes,
            taken=self.taken,
            earliest=self.earliest,
        )

    def slot(self, starts_at: datetime) -> Slot | None:
        return next(
            (slot for slot in self.free(starts_at.astimezone(VIETNAM).date()) if slot.starts_at == starts_at), None
        )

    def nearest(self, starts_at: datetime, count: int = 3) -> list[Slot]:
        """The next free times from this moment on, and if there are none, the last before it."""
        every = [slot for day in self.days for slot in self.free(day)]
        return [slot for slot in every if slot.starts_at >= starts_at][:count] or every[-count:]


def visit_of(dossier: Dossier) -> Visit | None:
    """What the resident comes for; None when the procedure asks for no visit."""
    spec = dossier.spec
    if spec.visit is None and spec.level == 3:
        return Visit(spec.presence_reason, VISIT_MINUTES)
    return spec.visit


def offer(dossier: Dossier, *, by: User, at: datetime) -> Offer:
    """The free times of a dossier as this person may choose them. The desk needs no notice."""
    visit = visit_of(dossier)
    if visit is None:
        raise CannotBook(_("Thủ tục này không cần đến phường."))
    calendar, hours = load_calendar(dossier.ward), VisitHours.of(dossier.ward)
    earliest = slots.earliest_start(calendar, at) if is_owner(by, dossier) else at
    spoken_for = Appointment.objects.filter(ward=dossier.ward, ends_at__gt=at).holding().exclude(dossier=dossier)
    return Offer(
        dossier,
        visit,
        calendar,
        hours,
        earliest,
        tuple(Taken(*row) for row in spoken_for.values_list("starts_at", "ends_at", "counter")),
    )


def ahead_of(dossier: Dossier) -> Appointment | None:
    """The dossier's appointment that is still to be kept, if it has one."""
    return dossier.appointments.booked().select_related("dossier", "ward").first()


def why_not(dossier: Dossier, *, by: User, at: datetime) -> str:
    """Why this person can make no appointment for the dossier now, in words; "" when they can."""
    if visit_of(dossier) is None:
        return _("Thủ tục này không cần đến phường.")
    if dossier.state == DossierState.SUPPLEMENT:
        return _("Hồ sơ đang chờ bổ sung. Gửi bổ sung xong thì chọn giờ hẹn.")
    if not dossier.is_open or dossier.state == DossierState.DONE:
        return _("Hồ sơ ở trạng thái “%(state)s” nên không hẹn được nữa.") % {"state": dossier.get_state_display()}
    if not is_owner(by, dossier):
        return ""
    passed = list(dossier.appointments.values_list("state", flat=True))
    phone = {"ward": dossier.ward.shown, "phone": dossier.ward.phone.as_national}
    if AppointmentState.CAME in passed:
        return _("Bạn đã đến phường cho hồ sơ này. Nếu cần đến lần nữa, gọi %(ward)s, %(phone)s.") % phone
    if passed.count(AppointmentState.NO_SHOW) >= NO_SHOWS:
        return _("Bạn đã hai lần không đến đúng hẹn. Gọi %(ward)s, %(phone)s để cán bộ hẹn giờ giúp bạn.") % phone
    booked = ahead_of(dossier)
    if booked and at < booked.ends_at and at > booked.starts_at - CHANGE_UNTIL and not is_stranded(booked):
        return _("Chỉ đổi giờ được đến 2 giờ trước buổi hẹn. Gọi %(ward)s, %(phone)s nếu bạn không đến được.") % phone
    return ""


def is_stranded(appointment: Appointment, calendar: WorkingCalendar | None = None) -> bool:
    """The calendar was changed, and the office is closed at the time it had promised."""
    calendar = calendar or load_calendar(appointment.ward)
    return not slots.is_open_for(calendar, appointment.starts_at, appointment.ends_at)


@transaction.atomic
def book(dossier: Dossier, starts_at: datetime, *, by: User, at: datetime, note: str = "") -> Appointment:
    """Make the dossier's appointment, or move it to this time. The same time twice is one appointment.

    One booking at a time in a ward: whoever comes second sees what the first has taken.
    Raises PermissionDenied, CannotBook or SlotGone.
    """
    locked = workflow.lock(dossier)
    if not (is_owner(by, locked) or works_at_desk(by, locked)):
        raise PermissionDenied("book")
    list(Ward.objects.select_for_update(no_key=True).filter(pk=locked.ward_id).values_list("pk"))
    before = ahead_of(locked)
    if before and before.starts_at == starts_at:
        return before
    if reason := why_not(locked, by=by, at=at):
        raise CannotBook(reason)
    slot = offer(locked, by=by, at=at).slot(starts_at)
    if slot is None:
        raise SlotGone(starts_at)
    if before:
        workflow.apply(workflow.lock(before), moves.MOVE, by=by, at=at, set={"decided_by": by, "decided_at": at})
    made = Appointment.objects.create(
        dossier=locked,
        ward=locked.ward,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        counter=slot.counters[0],
        booked_by=by,
        booked_at=at,
        note=note,
    )
    audit.record(
        made, "book", by=by, at=at, public=True, starts_at=made.starts_at, instead_of=before and str(before.pk)
    )
    actions.expect_visit(locked, expected_at=made.ends_at, at=at)
    notifications.booked(made, moved=before is not None, at=at)
    reminders.promise(made, at=at)
    return made


@transaction.atomic
def cancel(appointment: Appointment, *, by: User | None, at: datetime, note: str = "") -> Appointment:
    """Give the time back; the resident is told. Raises IllegalMove or Blocked, PermissionDenied."""
    workflow.lock(appointment.dossier)  # always before its appointments: nobody waits in a ring
    locked = workflow.lock(appointment)
    workflow.apply(
        locked,
        moves.CANCEL,
        by=by,
        at=at,
        set={"decided_by": by, "decided_at": at, **({"note": note} if note else {})},
    )
    if by is not None:
        actions.expect_visit(locked.dossier, expected_at=at, at=at)
        notifications.cancelled(locked, at=at)
    return locked


@transaction.atomic
def mark(appointment: Appointment, name: str, *, by: User, at: datetime) -> Appointment:
    """Note that the person came, or that they did not: `came`, `no_show`.

    Raises IllegalMove or Blocked, PermissionDenied. Nobody misses a visit to a closed office.
    """
    workflow.lock(appointment.dossier)
    locked = workflow.lock(appointment)
    move = moves.MARKS[name]
    if move is moves.NO_SHOW and is_stranded(locked):
        raise workflow.Blocked(locked, move, None)
    workflow.apply(locked, move, by=by, at=at, set={"decided_by": by, "decided_at": at})
    if move is moves.NO_SHOW:
        reminders.promise_word_of_no_show(locked, at=at)
    elif locked.dossier.state == DossierState.VISITING:
        actions.record_visit(locked.dossier, by=by, at=at)
    return locked
