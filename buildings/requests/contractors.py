"""A contractor works on one request without an account: an address that shows only it, expires, and can be revoked.

The secret is shown once, to the manager who made it; only its digest is kept. What the contractor sees is the work:
what, where (a flat by its number), pictures and what was said to the resident; never who lives there.
"""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.base import File
from django.db import transaction

from portal.core import audit, workflow
from portal.core.models import User

from . import actions, notifications, photos
from . import transitions as moves
from .models import WHAT_LENGTH, BuildingRequest, ContractorLink, RequestComment, RequestPhoto
from .rules import limits

DAYS = (3, 7, 14)  # for how long a link can be made
LONGEST = max(DAYS)
BYTES = 24  # of a secret


class Expired(Exception):
    """The link was right once. Carries it, so that a page can say whom to call."""

    def __init__(self, link: ContractorLink) -> None:
        super().__init__("expired, revoked, or its request is over")
        self.link = link


def send_link(
    request: BuildingRequest, *, by: User, at: datetime, name: str, days: int = DAYS[1]
) -> tuple[BuildingRequest, str]:
    """Give the work to a contractor: the request, and the secret of its address, which is shown this once.

    An earlier link of the request ends. Raises what `workflow.check` raises; ValueError for more than fourteen days.
    """
    if not 0 < days <= LONGEST:
        raise ValueError(f"a link lives {LONGEST} days at most")
    secret = secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        locked = workflow.lock(request)
        workflow.check(locked, moves.ASSIGN, by=by, at=at)
        locked.contractor_links.filter(revoked_at=None).update(revoked_at=at)
        link = ContractorLink.objects.create(
            request=locked,
            name=name,
            digest=digest_of(secret),
            made_by=by,
            made_at=at,
            expires_at=at + timedelta(days=days),
        )
        assigned = actions.assign(
            locked, by=by, at=at, answerable=locked.answerable or by, executor=None, contractor=link
        )
        return assigned, secret


def revoke(request: BuildingRequest, *, by: User, at: datetime) -> BuildingRequest:
    """The link opens nothing from now on; the work is nobody's until it is given anew. Behind no gate: it takes away."""
    with transaction.atomic():
        locked = workflow.lock(request)
        workflow.check(locked, moves.NOTE, by=by, at=at)
        ended = locked.contractor_links.filter(revoked_at=None).update(revoked_at=at)
        if ended:
            audit.record(locked, "revoke_contractor", by=by, at=at)
        return locked


def open_link(secret: str, *, at: datetime) -> ContractorLink:
    """The link of this secret, with its request. Raises ContractorLink.DoesNotExist, Expired."""
    link = ContractorLink.objects.select_related(
        "request__building__ward", "request__place", "request__apartment", "request__answerable"
    ).get(digest=digest_of(secret))
    if not is_alive(link, at=at):
        raise Expired(link)
    if link.opened_at is None:
        ContractorLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=at)
    return link


def is_alive(link: ContractorLink, *, at: datetime) -> bool:
    """Not expired, not revoked, and its request still in the managers' hands."""
    return link.revoked_at is None and at < link.expires_at and link.request.state in moves.FINISH.sources


def say(
    link: ContractorLink,
    *,
    at: datetime,
    text: str,
    token: uuid.UUID,
    pictures: Sequence[File] = (),
    finished: bool = False,
) -> RequestComment:
    """A word of the contractor's to the managers, with pictures; `finished`: the work is done, and they show it.

    The managers read it first: they tell the resident that it is done. The same token is said once. Raises Expired,
    UploadRefused, TooMany, AlreadyFull; ValueError without a word.
    """
    text = text.strip()
    if not text or len(text) > WHAT_LENGTH:
        raise ValueError(f"from one to {WHAT_LENGTH} characters")
    for picture in pictures:
        photos.add(token, picture, by=None, contractor=link, at=at)
    with transaction.atomic():
        request = workflow.lock(link.request)
        link = ContractorLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if said := link.comments.filter(token=token).first():
            return said
        link.request = request
        if not is_alive(link, at=at):
            raise Expired(link)
        if request.comments.count() >= limits().comments_a_request:
            raise actions.AlreadyFull("too much was said")
        said = RequestComment.objects.create(
            request=request, contractor=link, internal=True, text=text, token=token, said_at=at
        )
        kind = RequestPhoto.Kind.DONE if finished else RequestPhoto.Kind.COMMENT
        photos.attach(request, token, by=None, kind=kind, comment=None if finished else said, contractor=link)
        if finished:
            link.finished_at = at
            link.save(update_fields=["finished_at"])
        audit.record(
            request, "contractor_finished" if finished else "contractor_said", by=None, at=at, contractor=link.name
        )
        notifications.contractor_said(said, finished=finished, at=at)
        return said


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
