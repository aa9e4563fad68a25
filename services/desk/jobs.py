"""The desk's promises: a move that could be taken back for a few seconds is made."""

from django.utils import timezone

from portal.core import outbox

from . import held


@outbox.handles(held.JOB)
def make_held(held_id: int) -> None:
    held.make(held_id, at=timezone.now())
