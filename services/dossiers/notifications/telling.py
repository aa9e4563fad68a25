"""How a notice of a dossier is worded and addressed: to its owner, to an officer, to the leaders."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.models import User
from portal.core.notifications import notify

from ..models import WAITING_STATES, Dossier


def tell_owner(dossier: Dossier, what: str, at: datetime, words, *, then: str = "") -> None:
    owner: User = dossier.owner
    with translation.override(owner.preferred_language):
        title, body = words()
        notify(
            owner,
            kind=f"dossiers.{what.split(':')[0]}",
            key=f"dossier:{dossier.pk}:{what}",
            title=title,
            body="\n".join([body, *_where_it_stands(dossier)]),
            url=dossier.get_absolute_url(),
            at=at,
            then=then,
        )


def tell_officer(dossier: Dossier, officer: User | None, what: str, at: datetime, words, *, to: str = "") -> None:
    """`to`: the name of the page it leads to, where that is not the dossier's."""
    if officer is None:
        return
    with translation.override(officer.preferred_language):
        title, body = words()
        notify(
            officer,
            kind=f"desk.{what.split(':')[0]}",
            key=f"desk:{dossier.pk}:{what}",
            title=title,
            body=body,
            url=reverse(to or "desk:dossier", args=[dossier.pk]),
            at=at,
        )


def tell_leaders(dossier: Dossier, what: str, at: datetime, words, *, to: str = "") -> None:
    for head in dossier.heads:
        tell_officer(dossier, head, what, at, words, to=to)


def when(moment: datetime | None) -> str:
    if not moment:
        return ""
    local = timezone.localtime(moment)
    return _("%(time)s ngày %(date)s") % {"time": f"{local:%H:%M}", "date": f"{local:%d/%m/%Y}"}


def _where_it_stands(dossier: Dossier) -> list[str]:
    lines = [_("Cơ quan: %(agency)s") % {"agency": dossier.ward.shown}]
    step = dossier.current_step
    if step and step.assignee and dossier.state not in WAITING_STATES:
        lines.append(_("Người đang xử lý: %(who)s (%(step)s)") % {"who": step.assignee, "step": step.name})
        lines.append(_("Hạn của bước này: %(due)s") % {"due": when(step.due_at)})
    return lines
