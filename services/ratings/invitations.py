"""Asking the resident what they thought."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.notifications import notify
from services.dossiers.models import Dossier

from .models import Event, Rating
from .slugs import SLUGS


def invite(dossier: Dossier, event: Event, *, at: datetime) -> None:
    """Tell the owner that they may rate this event. Asked once an event; not at all when it is rated."""
    event = Event(event)
    if Rating.objects.filter(dossier=dossier, event=event).exists():
        return
    with translation.override(dossier.owner.preferred_language):
        notify(
            dossier.owner,
            kind="ratings.invited",
            key=f"rate:{dossier.pk}:{event}",
            title=_("Mời đánh giá: %(event)s, hồ sơ %(code)s") % {"event": event.label, "code": dossier.code},
            body=_("Mất khoảng một phút. Người giải quyết hồ sơ không biết bạn đánh giá thế nào."),
            url=reverse("ratings:rate", args=[dossier.pk, SLUGS[event]]),
            at=at,
        )
