"""What can become of an appointment. Screens and server read the same rows."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.core.calendar import VIETNAM
from portal.core.workflow import Transition
from services.dossiers.permissions import is_owner, works_at_desk

from .models import Appointment, AppointmentState

S = AppointmentState


def may_arrange(user, appointment: Appointment) -> bool:
    """The resident, the ward's desk for them, or the system when the dossier has ended."""
    return user is None or is_owner(user, appointment.dossier) or works_at_desk(user, appointment.dossier)


def may_mark(user, appointment: Appointment) -> bool:
    return works_at_desk(user, appointment.dossier)


def _has_begun(appointment: Appointment, at: datetime) -> bool:
    return at >= appointment.starts_at


def _not_yet_or_no_more(appointment: Appointment, at: datetime) -> bool:
    """Nobody is late before their time; what was marked is put right on the same day only."""
    if not _has_begun(appointment, at):
        return True
    same_day = at.astimezone(VIETNAM).date() == appointment.starts_at.astimezone(VIETNAM).date()
    return not appointment.is_booked and not same_day


MOVE = Transition("move", {S.BOOKED}, S.MOVED, may_arrange, _("Đổi giờ hẹn"))
CANCEL = Transition("cancel", {S.BOOKED}, S.CANCELLED, may_arrange, _("Hủy hẹn"), gate=_has_begun)
CAME = Transition("came", {S.BOOKED, S.NO_SHOW}, S.CAME, may_mark, _("Đã đến"), gate=_not_yet_or_no_more)
NO_SHOW = Transition("no_show", {S.BOOKED, S.CAME}, S.NO_SHOW, may_mark, _("Không đến"), gate=_not_yet_or_no_more)

MARKS = {move.name: move for move in (CAME, NO_SHOW)}
