from uuid import UUID

from portal.core.outbox import handles

from .actions import MINUTES
from .models import Meeting
from .papers import minutes


@handles(MINUTES, slow=True)
def print_minutes(meeting_id: str) -> None:
    minutes(Meeting.objects.select_related("notice__building__ward").get(pk=UUID(meeting_id)))
