"""Lateness as the desk sees it: the open case of a dossier, and the lists of cases."""

from datetime import datetime

from django.db.models import F, Q
from django.db.models import TextChoices as Choices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AGENCIES
from buildings.models import Ward, positions_in
from buildings.roles import DESK_POSITIONS
from portal.core.lateness import LatenessState
from portal.core.models import User
from services.catalogue.models import ProcedureVersion
from services.dossiers.models import Dossier, DossierQuerySet, Interest, Lateness, Step
from services.dossiers.models.answering import LatenessQuerySet
from services.dossiers.permissions import is_first_head
from services.dossiers.transitions import is_blocked

L = LatenessState
CLOSED_STATES = (L.TOLD, L.OVERRIDDEN)


# --- One case ------------------------------------------------------------------------------------------------


def case_of(dossier: Dossier, *, at: datetime) -> Lateness | None:
    """The open case that holds a dossier up; None while its gate stands open.

    In the minute before the watch has opened it, the case as it will be, not saved.
    """
    if not is_blocked(dossier, at):
        return None
    step, case = dossier.current_step, dossier.lateness
    if case is None:
        if step is None or step.due_at is None or step.assignee is None:
            return None
        case = Lateness(
            step=step,
            reason=Lateness.Reason.LATE,
            what=step.name,
            number=1,
            due_at=step.due_at,
            opened_at=step.due_at,
            responsible=step.assignee,
        )
    case.dossier = dossier  # the one that was read already, with its people
    return case


def closed_cases(dossier: Dossier) -> list[Lateness]:
    """Everything that was answered for about a dossier, oldest first."""
    people = ("responsible", "explained_by", "judged_by", "drafted_by", "signed_by", "told_by", "overridden_by")
    return list(dossier.latenesses.filter(state__in=CLOSED_STATES).select_related(*people))


def remaining_minutes(dossier: Dossier) -> int:
    """The working minutes the current step and all after it still need, up to the result."""
    minutes, reached = 0, False
    for step in dossier.steps.all():
        reached = reached or step.pk == dossier.current_step_id
        if reached and step.kind != Step.Kind.DELIVER:
            minutes += step.minutes
    return minutes


# --- Lists ---------------------------------------------------------------------------------------------------


class Scope(Choices):
    """The lists of cases."""

    MINE = "cho-toi", _("Chờ tôi")
    OPEN = "tat-ca", _("Đang mở")
    CLOSED = "da-xong", _("Đã xong")


def cases(user: User, ward: Ward, scope: Scope) -> LatenessQuerySet:
    """A list of the ward's cases: what waits longest first, of what is closed the latest."""
    found = Lateness.objects.visible_to(user).filter(dossier__ward=ward)
    match scope:
        case Scope.MINE:
            return found.filter(_is_my_turn(user, ward)).exclude(_not_mine(user)).order_by("opened_at", "pk")
        case Scope.OPEN:
            return found.open().order_by("opened_at", "pk")
        case Scope.CLOSED:
            return found.filter(state__in=CLOSED_STATES).order_by("-opened_at", "pk")


def inspection(user: User, ward: Ward) -> LatenessQuerySet:
    """What is answered for above the desk: second latenesses, and what a leader let go on."""
    found = Lateness.objects.visible_to(user).filter(dossier__ward=ward)
    return found.filter(Q(escalated=True) | Q(state=L.OVERRIDDEN)).order_by("-opened_at", "pk")


def at_risk(user: User, ward: Ward, *, at: datetime) -> DossierQuerySet:
    """Dossiers that are not late yet, whose remaining work no longer fits: what is promised first on top."""
    found = Dossier.objects.at_desk_of(user).filter(ward=ward).at_risk(at)
    found = found.filter(lateness=None, next_due_at__gte=at)
    return found.order_by(Coalesce(F("rescheduled_to"), F("due_at")), "pk")


def rows_of(found: LatenessQuerySet) -> LatenessQuerySet:
    """With what a row shows; a version's definition is long and stays where it is."""
    people = ("responsible", "explained_by", "judged_by", "drafted_by", "signed_by", "told_by", "overridden_by")
    wanted = found.select_related("dossier__version__procedure", "dossier__owner", *people)
    return wanted.defer("dossier__answers", "dossier__version__definition")


def overrides_this_year(ward: Ward, *, at: datetime) -> int:
    """How often leaders let a dossier of the ward go on without its apology, this year."""
    counted = Lateness.objects.filter(dossier__ward=ward, state=L.OVERRIDDEN)
    return counted.filter(overridden_at__year=at.year).count()


def _is_my_turn(user: User, ward: Ward) -> Q:
    """The same questions as `dossiers.permissions` asks of one case, of those whose turn it is first."""
    held = positions_in(user, ward.pk)
    to_answer = Q(state__in=[L.EXPLAINING, L.APOLOGISING])
    mine = to_answer & Q(responsible=user)
    for agency in AGENCIES.values():
        if agency.head not in held:
            continue
        at_desk = ward.memberships.current().filter(position__in=DESK_POSITIONS, user__is_active=True)
        led = to_answer & ~Q(responsible__in=at_desk.values("user"))  # who has left leaves it to the head
        judged = Q(escalated=False) & ~Q(explained_by=user)
        if is_first_head(user, ward.pk, agency.head):
            judged |= Q(escalated=True)
        led |= Q(state=L.EXPLAINED) & judged
        led |= Q(state=L.DRAFTED) & (~Q(responsible=user) | Q(escalated=True))
        theirs = ProcedureVersion.objects.filter(agency=agency.key)
        mine |= led & Q(dossier__version__in=theirs.values("pk"))
    if held & {agency.receiver for agency in AGENCIES.values()}:
        mine |= Q(state=L.SENT)
    return mine


def _not_mine(user: User) -> Q:
    """One's own dossier, or a relative's."""
    barred = Interest.objects.filter(officer=user, approved_at=None)
    return Q(dossier__owner=user) | Q(dossier__in=barred.values("dossier"))
