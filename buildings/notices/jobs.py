from portal.core.outbox import handles

from .actions import TELL
from .delivery import tell_all


@handles(TELL)
def tell(telling_id: int) -> None:
    tell_all(telling_id)
