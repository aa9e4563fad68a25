"""The outbox's turns at a reorganisation."""

from django.utils import timezone

from portal.core.outbox import handles

from .carrying_out import JOB, take_turn


@handles(JOB, slow=True)
def carry_out(plan_id: int, turn: str) -> None:
    take_turn(plan_id, turn, clock=timezone.now)
