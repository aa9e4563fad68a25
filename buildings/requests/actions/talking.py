"""What is said about a request: comments that its reporter reads, notes that only the managers do."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import workflow
from portal.core.models import User

from .. import notifications, photos
from .. import transitions as moves
from ..models import WHAT_LENGTH, BuildingRequest, RequestComment, RequestPhoto
from ..permissions import is_reporter
from ..rules import limits
from .moving import go, lock_for, started


class AlreadyFull(ValidationError):
    """So much was said about one request that somebody should telephone."""


def comment(
    request: BuildingRequest, *, by: User, at: datetime, text: str, token: uuid.UUID | None = None
) -> RequestComment:
    """Say something, with the pictures added to the same form. The same token is said once.

    Where the managers wait for the resident, the resident's word brings the request back. Raises AlreadyFull.
    """
    return _say(request, moves.COMMENT, by=by, at=at, text=text, token=token)


def note(
    request: BuildingRequest, *, by: User, at: datetime, text: str, token: uuid.UUID | None = None
) -> RequestComment:
    """Among the managers."""
    return _say(request, moves.NOTE, by=by, at=at, text=text, token=token)


def _say(request, move: workflow.Transition, *, by: User, at: datetime, text: str, token: uuid.UUID | None):
    token, text = token or uuid.uuid4(), text.strip()
    if not text or len(text) > WHAT_LENGTH:
        raise ValueError(f"from one to {WHAT_LENGTH} characters")
    with transaction.atomic():
        locked = lock_for(request, move, by=by, at=at)
        if said := RequestComment.objects.filter(request=locked, author=by, token=token).first():
            return said
        if locked.comments.count() >= limits().comments_a_request:
            raise AlreadyFull(_("Yêu cầu này đã có quá nhiều trao đổi. Hãy gọi điện thoại cho nhau."))
        internal = move is moves.NOTE
        said = RequestComment.objects.create(
            request=locked, author=by, internal=internal, text=text, token=token, said_at=at
        )
        photos.attach(locked, token, by=by, kind=RequestPhoto.Kind.COMMENT, comment=said)
        workflow.apply(locked, move, by=by, at=at, comment=said.pk)
        if is_reporter(by, locked) and moves.ANSWER.is_open(locked):
            go(locked, moves.ANSWER, by=by, at=at, set={**started(locked, at), "back_on": None, "waiting_for": ""})
        if not internal:
            notifications.commented(said, at=at)
        return said
