"""Filling in: from the first page to the last paper, before a dossier is sent or while it is completed.

A draft can be changed everywhere; a dossier waiting for its supplement only where the desk asked.
Every function locks the row, looks again whether that is so, and writes one thing. `actions.py`
does the sending.
"""

import uuid
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from buildings.models import Building, Ward, positions_in
from buildings.roles import Position
from portal.core import audit, workflow
from portal.core.files.stored import Stored, delete_on_commit
from portal.core.files.uploads import Inspected, inspect_upload
from portal.core.models import User
from services.catalogue import lookups
from services.catalogue.definition import FieldSpec
from services.catalogue.models import ProcedureVersion

from . import notifications
from .models import Attachment, Dossier, DossierState, SupplementRequest
from .permissions import fills_in

FILES_A_PAPER = 10
BYTES_A_DOSSIER = 100 * 1024 * 1024
FILE = "file"  # the kind of question that is answered by files


class NotEditable(Exception):
    """The dossier has been sent meanwhile, or this question is not among those to complete."""


class NotInForce(Exception):
    """This version of the procedure is not, or no longer, the one to file under; or the ward takes nothing new."""


class TooMuch(ValidationError):
    """More files than a paper may have, or more bytes than a dossier may hold."""


def start(
    version: ProcedureVersion,
    ward: Ward,
    *,
    by: User,
    at: datetime,
    known: Mapping[str, Any] | None = None,
    building: Building | None = None,
) -> Dossier:
    """Begin a draft, with the answers that are `known` already; `building`: the one it is about. Asked twice, the untouched first draft comes back.

    Raises NotInForce.
    """
    answers = dict(known or {})
    if not ward.is_open or not version.is_in_force(timezone.localdate(at)):
        raise NotInForce(version)
    with transaction.atomic():
        workflow.lock(by)  # two clicks at once wait for each other here
        fresh = (
            Dossier.objects.owned_by(by)
            .drafts()
            .filter(ward=ward, version=version, filed_by=None, building=building, answers=answers, attachments=None)
            .order_by("-created_at")
            .first()
        )
        return fresh or Dossier.objects.create(
            ward=ward,
            version=version,
            owner=by,
            building=building,
            answers=answers,
            created_at=at,
            changed_at=at,
        )


def start_at_counter(version: ProcedureVersion, ward: Ward, *, owner: User, by: User, at: datetime) -> Dossier:
    """A clerk begins a draft for somebody who came in. It is that person's; the record says who fills it in.

    Raises NotInForce; PermissionDenied for whoever is no clerk of the ward, and for one's own dossier.
    """
    if owner.pk == by.pk or Position.CLERK not in positions_in(by, ward.pk):
        raise PermissionDenied("filing at the counter is the clerk's, for somebody else")
    if not ward.is_open or not version.is_in_force(timezone.localdate(at)):
        raise NotInForce(version)
    with transaction.atomic():
        workflow.lock(owner)
        own = Dossier.objects.owned_by(owner).drafts().filter(ward=ward, version=version, filed_by=by)
        fresh = own.filter(answers={}, attachments=None).order_by("-created_at").first()
        if fresh:
            return fresh
        dossier = Dossier.objects.create(
            ward=ward,
            version=version,
            owner=owner,
            filed_by=by,
            channel=Dossier.Channel.COUNTER,
            delivery=Dossier.Delivery.COUNTER,
            created_at=at,
            changed_at=at,
        )
        audit.record(dossier, "begin_at_counter", by=by, at=at)
        notifications.begun_at_counter(dossier, at=at)
        return dossier


def save_answers(
    dossier: Dossier, fields: Iterable[FieldSpec], answers: Mapping[str, Any], *, by: User, at: datetime
) -> Dossier:
    """Put the answers of one page in place of what these questions said before.

    A question without an answer here (its condition does not hold) loses the one it had. Of a draft
    the databases that stand in for papers are asked too, before the row is locked. Raises NotEditable.
    """
    keys = {spec.key for spec in fields if spec.kind != FILE}
    found = lookups.look_up(dossier.spec, dossier.answers, dossier.owner) if dossier.is_draft else {}
    with _written(dossier, keys, by=by, at=at) as locked:
        kept = {key: value for key, value in locked.answers.items() if key not in keys}
        locked.answers = {**kept, **{key: value for key, value in answers.items() if key in keys}, **found}
        locked.save(update_fields=["answers", "changed_at"])
    return locked


def choose_delivery(dossier: Dossier, delivery: str, *, by: User, at: datetime) -> Dossier:
    """How the resident wants to receive the result. Raises NotEditable once the draft is sent."""
    with transaction.atomic():
        locked = lock_to_fill_in(dossier, by=by)
        if not locked.is_draft:
            raise NotEditable(locked.state)
        locked.delivery, locked.changed_at = Dossier.Delivery(delivery), at
        locked.save(update_fields=["delivery", "changed_at"])
    return locked


def attach(dossier: Dossier, spec: FieldSpec, upload: File, *, by: User, at: datetime) -> Attachment:
    """Keep a file for a paper. The same file given twice for the same paper is one attachment.

    Looking into the file and storing it happens outside the transaction: it takes its time. Raises
    UploadRefused or TooMuch (both ValidationError), NotEditable.
    """
    found = inspect_upload(upload)
    if already := _same_file(dossier, spec, found):
        return already
    id = uuid.uuid4()
    with Stored() as files:
        file = files.keep(f"papers/{id}", found.content)
        thumbnail = files.keep(f"thumbnails/{id}", found.thumbnail)
        with _written(dossier, {spec.key}, by=by, at=at) as locked:
            if already := _same_file(locked, spec, found):
                files.take_back()
                return already
            _check_room(locked, spec, found)
            locked.save(update_fields=["changed_at"])
            return Attachment.objects.create(
                id=id,
                dossier=locked,
                field=spec.key,
                name=found.name,
                file=file,
                thumbnail=thumbnail,
                content_type=found.mime,
                size=found.size,
                pages=found.pages,
                sha256=found.sha256,
                uploaded_at=at,
                uploaded_by=by,
            )


def remove(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take a file back. A draft's file is gone at once; what was sent stays with the dossier, marked.

    Raises NotEditable.
    """
    with _written(attachment.dossier, {attachment.field}, by=by, at=at) as locked:
        locked.save(update_fields=["changed_at"])
        if locked.is_draft:
            discard([attachment])
        else:
            Attachment.objects.kept().filter(pk=attachment.pk).update(removed_at=at)


def answer_item(dossier: Dossier, key: str, *, by: User, at: datetime) -> None:
    """The resident has looked at one thing to complete and says it is as it should be.

    Raises NotEditable.
    """
    with _written(dossier, {key}, by=by, at=at) as locked:
        locked.save(update_fields=["changed_at"])


def delete_draft(dossier: Dossier, *, by: User) -> None:
    """Throw a draft away, its files with it. Raises NotEditable once it is sent."""
    with transaction.atomic():
        locked = lock_to_fill_in(dossier, by=by)
        if not locked.is_draft:
            raise NotEditable(locked.state)
        erase(locked)


def erase(locked: Dossier) -> None:
    """A draft and its files are gone; inside the caller's transaction, which holds the row."""
    names = [name for row in locked.attachments.values_list("file", "thumbnail") for name in row]
    locked.delete()
    delete_on_commit(names)


def discard(attachments: Iterable[Attachment]) -> None:
    """Files of a draft are gone, their rows with them; inside the caller's transaction, on its locked dossier."""
    gone = list(attachments)
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in gone]).delete()
    names = [name for attachment in gone for name in (attachment.file.name, attachment.thumbnail.name)]
    delete_on_commit(names)


# --- What may be changed -------------------------------------------------------------------------


def open_request(dossier: Dossier) -> SupplementRequest | None:
    """The supplement request waiting for the resident's answer."""
    return dossier.supplement_requests.filter(answered_at=None, sent_at__isnull=False).first()


def editable_fields(dossier: Dossier) -> dict[str, FieldSpec]:
    """The questions and papers that may be changed now, by key: all of a draft, else what was asked."""
    every = {spec.key: spec for spec in dossier.spec.fields()}
    if dossier.is_draft:
        return every
    if dossier.state != DossierState.SUPPLEMENT:
        return {}
    request = open_request(dossier)
    asked = set(request.items.values_list("field", flat=True)) if request else set()
    return {key: spec for key, spec in every.items() if asked & {key, *_depends_on(spec, every)}}


def asked_with(dossier: Dossier, key: str) -> tuple[FieldSpec, ...]:
    """The question the desk asked to complete, and those that are asked because of its answer.

    Without them a changed answer could open a question nobody may answer. Raises KeyError.
    """
    every = {spec.key: spec for spec in dossier.spec.fields()}
    return (every[key], *(spec for spec in every.values() if key in _depends_on(spec, every)))


def _depends_on(spec: FieldSpec, every: Mapping[str, FieldSpec]) -> set[str]:
    """The questions whose answers decide whether this one is asked, near and far."""
    above: set[str] = set()
    while spec.when and spec.when.field in every and spec.when.field not in above:
        above.add(spec.when.field)
        spec = every[spec.when.field]
    return above


def lock_to_fill_in(dossier: Dossier, *, by: User) -> Dossier:
    """The row, locked, for whoever fills it in. Raises PermissionDenied."""
    locked = workflow.lock(dossier)
    if not fills_in(by, locked):
        raise PermissionDenied
    return locked


@contextmanager
def _written(dossier: Dossier, keys: set[str], *, by: User, at: datetime):
    """The locked dossier, open for a change of these questions; recorded if it was sent before."""
    with transaction.atomic():
        locked = lock_to_fill_in(dossier, by=by)
        if not keys <= editable_fields(locked).keys():
            raise NotEditable(locked.state)
        locked.changed_at = at
        yield locked
        if request := None if locked.is_draft else open_request(locked):
            every = {spec.key: spec for spec in locked.spec.fields()}
            touched = {above for key in keys for above in (key, *_depends_on(every[key], every))}
            request.items.filter(field__in=touched).update(answered_at=at)
            # Which questions, not what was said: the record outlives the right to erasure.
            audit.record(locked, "completed", by=by, at=at, fields=sorted(keys))


# --- Files ---------------------------------------------------------------------------------------


def _same_file(dossier: Dossier, spec: FieldSpec, found: Inspected) -> Attachment | None:
    return dossier.attachments.kept().filter(field=spec.key, sha256=found.sha256).first()


def _check_room(dossier: Dossier, spec: FieldSpec, found: Inspected) -> None:
    kept = list(dossier.attachments.kept().values_list("field", "size"))
    if sum(field == spec.key for field, _size in kept) >= FILES_A_PAPER:
        raise TooMuch(
            _("“%(paper)s” đã có %(limit)s tệp. Hãy bỏ bớt tệp, hoặc ghép nhiều ảnh thành một tệp PDF.")
            % {"paper": spec.label, "limit": FILES_A_PAPER}
        )
    if sum(size for _field, size in kept) + found.size > BYTES_A_DOSSIER:
        raise TooMuch(
            _("Hồ sơ đã đủ %(limit)s MB. Hãy bỏ bớt tệp hoặc giảm dung lượng rồi tải lên lại.")
            % {"limit": BYTES_A_DOSSIER // 1024**2}
        )
