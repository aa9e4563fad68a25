"""A few seconds in which a move can be taken back, before anything of it has happened.

Refusing, asking the resident for something, stopping, handing the result over: each issues a numbered slip and tells people,
and none of that can be called back. So it is not made and then undone; it is made a little later.
Until then no number is used and nobody is told. When the time is over the outbox makes it on the
locked row: the same table, the same gate. Where it cannot be made any more, its officer is told why.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core import audit, outbox, workflow
from portal.core.models import User
from portal.core.notifications import notify
from services.dossiers import transitions as moves
from services.dossiers.models import Dossier

from .batch import attempt
from .models import HeldMove
from .pages import PAGES

JOB = "desk.make_held"
# What leaves the office: a slip to the resident that cannot be called back, the end of a dossier.
HELD = frozenset(
    move.name
    for move in (
        moves.REFUSE,
        moves.REQUEST_SUPPLEMENT,
        moves.APPROVE_SUPPLEMENT,
        moves.ASK_VERIFICATION,
        moves.ASK_FEE,
        moves.STOP,
        moves.DELIVER,
    )
)


class AlreadyHeld(Exception):
    """Another move of this dossier is waiting to be made."""


class TooLate(Exception):
    """It has been made, or somebody took it back already."""


def is_held(move: str) -> bool:
    return move in HELD and settings.UNDO_SECONDS > 0


def hold(dossier: Dossier, move: str, *, by: User, at: datetime, step: str, arguments: dict[str, Any]) -> HeldMove:
    """Make it when the time is over. The caller has asked what `workflow.check` asks. Raises AlreadyHeld."""
    leaves_at = at + timedelta(seconds=settings.UNDO_SECONDS)
    try:
        with transaction.atomic():
            held = HeldMove.objects.create(
                dossier=dossier,
                move=move,
                step=step,
                arguments=arguments,
                officer=by,
                held_at=at,
                leaves_at=leaves_at,
            )
            outbox.enqueue(JOB, str(held.pk), at=leaves_at, payload={"held_id": held.pk})
    except IntegrityError as error:
        raise AlreadyHeld(str(dossier.pk)) from error
    return held


def waiting(dossier: Dossier) -> HeldMove | None:
    """The move of this dossier that waits to be made, if one does."""
    held = dossier.held_moves.filter(made_at=None, undone_at=None, failed_at=None)
    return held.select_related("officer").first()


def undo(dossier: Dossier, *, by: User, at: datetime) -> HeldMove:
    """Take one's own move back: it was never made. Raises TooLate, PermissionDenied."""
    with transaction.atomic():
        locked = workflow.lock(dossier)
        held = locked.held_moves.select_for_update(of=("self",)).last()
        if held is None or not held.is_open:
            raise TooLate(str(dossier.pk))
        if held.officer_id != by.pk:
            raise PermissionDenied("a move is taken back by whoever made it")
        held.undone_at = at
        held.save(update_fields=["undone_at"])
        audit.record(locked, "undo", by=by, at=at, move=held.move)
    return held


def make(held_id: int, *, at: datetime) -> None:
    """Make a held move. Safe to run twice, or be killed: it is made and noted in one transaction."""
    with transaction.atomic():
        found = HeldMove.objects.select_related("dossier", "officer").get(pk=held_id)
        dossier = workflow.lock(found.dossier)
        held = HeldMove.objects.select_for_update(of=("self",)).select_related("officer").get(pk=held_id)
        if not held.is_open:
            return
        page = PAGES[held.move]

        def act() -> None:
            with transaction.atomic():  # a refusal leaves nothing behind but its reason
                page.act(dossier, by=held.officer, at=at, step=held.step, **page.revive(held.arguments))

        outcome = attempt(dossier, act, done="")
        if outcome.done:
            held.made_at = at
        else:
            held.failed_at, held.failure = at, outcome.words[:300]
            _tell(held, dossier, at=at)
        held.save(update_fields=["made_at", "failed_at", "failure"])


def _tell(held: HeldMove, dossier: Dossier, *, at: datetime) -> None:
    with translation.override(held.officer.preferred_language):
        notify(
            held.officer,
            kind="desk.held",
            key=f"held:{held.pk}",
            title=_("Việc “%(move)s” chưa thực hiện được, hồ sơ %(code)s")
            % {"move": PAGES[held.move].label, "code": dossier.code},
            body=held.failure,
            url=reverse("desk:dossier", args=[dossier.pk]),
            at=at,
        )
