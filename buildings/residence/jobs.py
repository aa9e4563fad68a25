from django.utils import timezone

from portal.core.outbox import handles

from . import household


@handles("residence.invite")
def deliver_invitation(invitation_id: str) -> None:
    household.deliver(invitation_id, at=timezone.now())
