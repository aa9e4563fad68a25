"""The promises of this room."""

from datetime import date

from django.utils import timezone

from portal.core.outbox import handles

from . import sending


@handles("subscriptions.ask")
def ask(sign_up_id: str) -> None:
    sending.send_question(sign_up_id)


@handles("subscriptions.plan", slow=True)
def plan(dispatch_id: int) -> None:
    sending.plan(dispatch_id, clock=timezone.now)


@handles("subscriptions.digest", slow=True)
def digest(day: str) -> None:
    sending.gather(date.fromisoformat(day), clock=timezone.now)


@handles("subscriptions.send", slow=True)
def send(batch: str) -> None:
    sending.send(batch, clock=timezone.now)
