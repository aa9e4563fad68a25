from django.utils import timezone

from portal.core.outbox import handles

from . import exporting


@handles(exporting.MAKE, slow=True)
def make_export(export_id: str, turn: int) -> None:
    exporting.make(export_id, turn, clock=timezone.now)


@handles(exporting.EXPIRE)
def expire_export(export_id: str) -> None:
    exporting.expire(export_id, at=timezone.now())
