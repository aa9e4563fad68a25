"""Saying something about a dossier, reading it, and deciding that nothing need be said.

Each locks the dossier's row, so that a notice is never lost between somebody who writes and
somebody who reads. All take `by` (who) and `at` (when).
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.core import audit, workflow
from portal.core.files.stored import Stored
from portal.core.files.uploads import Inspected, inspect_upload
from portal.core.models import User
from services.dossiers.models import Dossier

from . import notifications, rules
from .models import TEXT_LENGTH, Message, MessageFile
from .permissions import may_answer_complaints, side_of

FILES_A_MESSAGE = 5
BYTES_A_CONVERSATION = 50 * 1024 * 1024

KINDS_OF_SIDE = {
    Message.Side.RESIDENT: frozenset({Message.Kind.MESSAGE, Message.Kind.COMPLAINT}),
    Message.Side.DESK: frozenset({Message.Kind.MESSAGE, Message.Kind.NOTE}),
}


class Closed(Exception):
    """The dossier ended so long ago that nobody reads along any more."""


class TooMuch(ValidationError):
    """More files than a message may have, or more bytes than a conversation may hold."""


def write(
    dossier: Dossier,
    *,
    by: User,
    at: datetime,
    text: str,
    kind: str = Message.Kind.MESSAGE,
    files: Iterable[File] = (),
    answers: Message | None = None,
    token: uuid.UUID | None = None,
) -> Message:
    """Send a message, a complaint or a note; the other side is told once until it reads.

    The same token from the same person twice is one message. `answers` is the complaint a message of
    the desk settles. Raises PermissionDenied for who has no part in the dossier or says what is not
    theirs to say, Closed, UploadRefused and TooMuch (both ValidationError).
    """
    token, text = token or uuid.uuid4(), text.strip()
    if not text or len(text) > TEXT_LENGTH:
        raise ValueError(f"a message has from one to {TEXT_LENGTH} characters")
    if said := _said_before(dossier, by, token):
        return said
    found = _inspect(files)
    with Stored() as files_kept:
        names = [files_kept.keep(f"messages/{uuid.uuid4()}", file.content) for file in found]
        with transaction.atomic():
            locked = workflow.lock(dossier)
            if said := _said_before(locked, by, token):
                files_kept.take_back()
                return said
            side = _may_write(locked, by, kind, answers, at=at)
            _check_room(locked, found)
            message = Message.objects.create(
                dossier=locked,
                author=by,
                side=side,
                kind=kind,
                text=text,
                token=token,
                sent_at=at,
                due_at=rules.complaint_due(locked, at) if kind == Message.Kind.COMPLAINT else None,
                answers=answers,
            )
            MessageFile.objects.bulk_create(
                MessageFile(
                    message=message,
                    name=file.name,
                    file=name,
                    content_type=file.mime,
                    size=file.size,
                    pages=file.pages,
                    sha256=file.sha256,
                )
                for file, name in zip(found, names, strict=True)
            )
            _settle_what_it_answers(message)
            # In a stream of its own: the dossier's is the record of its moves. Not the words, their seal.
            audit.record(
                message,
                "sent",
                by=by,
                at=at,
                ward_id=locked.ward_id,
                dossier=locked.pk,
                kind=kind,
                sha256=sha256(text.encode()).hexdigest(),
                files=[file.sha256 for file in found],
            )
            notifications.sent(message, at=at)
    return message


def mark_read(dossier: Dossier, *, by: User, at: datetime) -> set[uuid.UUID]:
    """Note that this person's side has seen what the other one said. Gives back what was new."""
    side = side_of(by, dossier)
    unread = Message.objects.about(dossier).unread_by(side)
    if not side or not unread.exists():
        return set()
    with transaction.atomic():
        workflow.lock(dossier)
        new = set(unread.values_list("pk", flat=True))
        Message.objects.filter(pk__in=new).update(read_at=at, read_by=by)
    return new


def settle(dossier: Dossier, *, by: User, at: datetime) -> int:
    """The desk sees no need to answer what the resident said last ("cảm ơn"). Complaints stay open.

    Raises PermissionDenied.
    """
    with transaction.atomic():
        locked = workflow.lock(dossier)
        if side_of(by, locked) != Message.Side.DESK:
            raise PermissionDenied
        waiting = list(Message.objects.about(locked).waiting().filter(kind=Message.Kind.MESSAGE))
        for message in waiting:
            message.answered_at = at
            message.save(update_fields=["answered_at"])
            audit.record(message, "settled", by=by, at=at, ward_id=locked.ward_id)
        return len(waiting)


def _may_write(dossier: Dossier, by: User, kind: str, answers: Message | None, *, at: datetime) -> str:
    """The side this is said on. Raises PermissionDenied, Closed."""
    side = side_of(by, dossier)
    if not side or dossier.is_draft or kind not in KINDS_OF_SIDE[Message.Side(side)]:
        raise PermissionDenied
    if answers is not None and not (
        kind == Message.Kind.MESSAGE
        and answers.dossier_id == dossier.pk
        and answers.is_complaint
        and may_answer_complaints(by, dossier, at=at)
    ):
        raise PermissionDenied
    if not may_write(dossier, side, at=at):
        raise Closed
    return side


def may_write(dossier: Dossier, side: str, *, at: datetime) -> bool:
    """While the conversation is open; the desk also as long as anything waits for its answer."""
    if rules.is_open(dossier, at=at):
        return True
    return side == Message.Side.DESK and Message.objects.about(dossier).waiting().exists()


def _settle_what_it_answers(message: Message) -> None:
    """The desk's message answers what was said before it; a complaint only when it says so."""
    if message.side != Message.Side.DESK or message.is_note:
        return
    waiting = Message.objects.about(message.dossier).waiting()
    waiting.filter(kind=Message.Kind.MESSAGE).update(answered_at=message.sent_at)
    if message.answers_id:
        waiting.filter(pk=message.answers_id).update(answered_at=message.sent_at)


def _said_before(dossier: Dossier, by: User, token: uuid.UUID) -> Message | None:
    return Message.objects.about(dossier).filter(author=by, token=token).first()


# --- Files ---------------------------------------------------------------------------------------


def _inspect(files: Iterable[File]) -> list[Inspected]:
    chosen = list(files)
    if len(chosen) > FILES_A_MESSAGE:
        raise TooMuch(_("Mỗi tin gửi được nhiều nhất %(limit)s tệp.") % {"limit": FILES_A_MESSAGE})
    return [inspect_upload(file) for file in chosen]


def _check_room(dossier: Dossier, found: list[Inspected]) -> None:
    if not found:
        return
    kept = MessageFile.objects.filter(message__dossier=dossier).aggregate(total=Sum("size"))["total"] or 0
    if kept + sum(file.size for file in found) > BYTES_A_CONVERSATION:
        raise TooMuch(
            _("Các tệp trong trao đổi này đã đủ %(limit)s MB. Hãy gửi tin không kèm tệp.")
            % {"limit": BYTES_A_CONVERSATION // 1024**2}
        )
