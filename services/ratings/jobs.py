"""The invitation, for rooms below this one, which promise it by its name."""

from django.utils import timezone

from portal.core.outbox import handles
from services.dossiers.models import Dossier

from .invitations import invite
from .models import Event


@handles("ratings.invite")
def send_invitation(dossier_id: str, event: str) -> None:
    dossier = Dossier.objects.select_related("owner").get(pk=dossier_id)
    invite(dossier, Event(event), at=timezone.now())
