"""Planning work, and checking by the lists. Each locks the row it changes."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import audit, workflow
from portal.core.files.uploads import Inspected, inspect_upload
from portal.core.models import User

from ..models import Building
from ..notices import actions as notices
from ..notices.kinds import NoticeKind
from . import transitions as moves
from .checklists import Checklist
from .models import Check, CheckItem, CheckPhoto, PlannedWork

PHOTOS_AN_ITEM = 5


def plan(building: Building, *, by: User, at: datetime, token: uuid.UUID, facts: Mapping[str, Any]) -> PlannedWork:
    """Put work into the calendar. The same token is planned once. Raises PermissionDenied."""
    work = PlannedWork(building=building, token=token, planned_by=by, planned_at=at, **facts)
    if not moves.operates(by, work):
        raise PermissionDenied("work is planned by the building's operator")
    with transaction.atomic():
        workflow.lock(building)  # pressed twice at once waits for itself here
        if made := PlannedWork.objects.filter(token=token, building=building).first():
            return made
        work.save(force_insert=True)
        audit.record(work, "plan", by=by, at=at, ward_id=building.ward_id, title=work.title)
    return work


def move(work: PlannedWork, *, by: User, at: datetime, facts: Mapping[str, Any]) -> PlannedWork:
    """Change what is planned. A notice that is up already is corrected by its own way. Raises IllegalMove."""
    with transaction.atomic():
        locked = workflow.lock(work)
        workflow.apply(locked, moves.MOVE, by=by, at=at, set=dict(facts), starts_at=facts["starts_at"])
    return locked


def announce(work: PlannedWork, *, by: User, at: datetime) -> PlannedWork:
    """Draft the notice to those affected, with what is planned in it: once; it is read again before it goes up.

    Raises IllegalMove, PermissionDenied.
    """
    with transaction.atomic():
        locked = workflow.lock(work)
        if locked.notice_id:
            return locked
        workflow.check(locked, moves.ANNOUNCE, by=by, at=at)
        content = {
            "title": locked.title,
            "text": locked.note,
            "place": locked.place.name if locked.place else "",
            "starts_at": locked.starts_at,
            "ends_at": locked.ends_at,
        }
        (draft,) = notices.draft(
            [locked.building], kind=NoticeKind.WORKS, by=by, at=at, content=content, token=locked.pk
        )
        workflow.apply(locked, moves.ANNOUNCE, by=by, at=at, set={"notice": draft})
    return locked


def finish(work: PlannedWork, *, by: User, at: datetime, outcome: str) -> PlannedWork:
    return _end(work, moves.FINISH, by=by, at=at, outcome=outcome)


def cancel(work: PlannedWork, *, by: User, at: datetime, outcome: str) -> PlannedWork:
    return _end(work, moves.CANCEL, by=by, at=at, outcome=outcome)


def _end(work: PlannedWork, move_: workflow.Transition, *, by: User, at: datetime, outcome: str) -> PlannedWork:
    if not outcome.strip():
        raise ValueError("work ends with a word on how")
    with transaction.atomic():
        locked = workflow.lock(work)
        workflow.apply(locked, move_, by=by, at=at, set={"outcome": outcome, "ended_at": at}, reason=outcome)
    return locked


# --- Checks --------------------------------------------------------------------------------------
class Unfinished(ValidationError):
    """Lines of the check that have no result yet."""


@dataclass(frozen=True)
class Found:
    """What was found at one line."""

    result: str
    note: str = ""
    photos: Iterable[File] = field(default=())


def begin(building: Building, checklist: Checklist, *, by: User, at: datetime, due_on: date) -> Check:
    """Begin a round; where one is open already, that one. Raises PermissionDenied."""
    check = Check(
        building=building,
        checklist=checklist.key,
        name=checklist.name.vi,
        source=checklist.source,
        due_on=due_on,
        begun_by=by,
        begun_at=at,
    )
    if not moves.operates(by, check):
        raise PermissionDenied("checks are made by the building's operator")
    try:
        with transaction.atomic():
            check.save(force_insert=True)
            CheckItem.objects.bulk_create(
                CheckItem(check_of=check, number=number, text=text.vi)
                for number, text in enumerate(checklist.items, start=1)
            )
            audit.record(check, "begin", by=by, at=at, ward_id=building.ward_id, checklist=checklist.key)
    except IntegrityError:
        return Check.objects.get(building=building, checklist=checklist.key, state="open")
    return check


def fill_in(check: Check, found: Mapping[int, Found], *, by: User, at: datetime, done: bool = False) -> Check:
    """Keep what was found so far, by number of the line; `done`: this was the last look.

    Raises Unfinished, UploadRefused, IllegalMove.
    """
    inspected = {number: [inspect_upload(photo) for photo in what.photos] for number, what in found.items()}
    with transaction.atomic():
        locked = workflow.lock(check)
        workflow.apply(locked, moves.FILL_IN, by=by, at=at)
        items = {item.number: item for item in locked.items.all()}
        for number, what in found.items():
            item = items[number]
            item.result, item.note = what.result, what.note
            item.save(update_fields=["result", "note"])
            _keep(item, inspected[number], at=at)
        if not done:
            return locked
        if missing := [number for number, item in items.items() if not item.result]:
            raise Unfinished(_("Còn %(n)s mục chưa có kết quả.") % {"n": len(missing)})
        workflow.apply(locked, moves.FINISH_CHECK, by=by, at=at, set={"done_at": at, "done_by": by})
    return locked


def _keep(item: CheckItem, photos: list[Inspected], *, at: datetime) -> None:
    kept = set(item.photos.values_list("digest", flat=True))
    fresh = [photo for photo in photos if photo.sha256 not in kept]
    if len(kept) + len(fresh) > PHOTOS_AN_ITEM:
        raise ValidationError(_("Mỗi mục nhiều nhất %(n)s ảnh.") % {"n": PHOTOS_AN_ITEM})
    for photo in fresh:
        id = uuid.uuid4()
        row = CheckPhoto(id=id, item=item, name=photo.name, mime=photo.mime, digest=photo.sha256, added_at=at)
        row.file.save(str(id), ContentFile(photo.content), save=False)
        row.save(force_insert=True)


def next_due(checklist: Checklist, last_done: datetime | None, *, today: date) -> date:
    """When it has to be made again; today where it was never made."""
    return timezone.localdate(last_done) + timedelta(days=checklist.days) if last_done else today
