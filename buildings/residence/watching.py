"""What time alone brings about: leases warn and end, proofs and old invitations are erased."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core import workflow
from portal.core.calendar import VIETNAM

from ..models import Residency
from . import actions, notifications, rules
from .models import Invitation


def watch(*, at: datetime) -> None:
    """Run by beat. Run twice it says and does nothing twice; after days without it, it catches up."""
    today = at.astimezone(VIETNAM).date()
    warn(today, at=at)
    end_leases(today, at=at)
    erase_proofs(at=at)
    Invitation.objects.filter(invited_at__lt=at - rules.INVITATION_KEPT_FOR).delete()


def warn(today: date, *, at: datetime) -> None:
    """Each warning once for each last day: the notices' keys name it. Of two that are due, the nearer one alone."""
    soon = today + timedelta(days=max(rules.WARN_DAYS))
    ending = Residency.objects.confirmed().filter(until__range=(today, soon))
    for residency in ending.select_related("user", "apartment__building__ward"):
        left = residency.days_left(today)
        notifications.runs_out(residency, days=min(days for days in rules.WARN_DAYS if left <= days), at=at)


def end_leases(today: date, *, at: datetime) -> int:
    """The last day counts: it is over on the next."""
    ended = 0
    over = Residency.objects.confirmed().filter(until__lt=today).select_related("apartment__building__ward")
    for residency in over:
        try:
            reason = _("Hết thời hạn ở, ngày %(until)s.") % {"until": f"{residency.until:%d/%m/%Y}"}
            actions.end_of_lease(residency, today=today, at=at, reason=reason)
            ended += 1
        except (workflow.IllegalMove, PermissionDenied):
            continue  # somebody was quicker
    return ended


def erase_proofs(*, at: datetime) -> int:
    """A proof is kept while somebody may still ask what a decision rested on."""
    before = at - rules.PROOF_KEPT_FOR
    decided = Q(confirmed_at__lt=before) | Q(confirmed_at=None, ended_at__lt=before)
    erased = 0
    for residency in Residency.objects.exclude(proof="").filter(decided):
        residency.proof.delete(save=False)
        residency.proof_name = residency.proof_mime = ""
        residency.save(update_fields=["proof", "proof_name", "proof_mime"])
        erased += 1
    return erased
