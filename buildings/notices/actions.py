"""Writing, putting up, correcting and withdrawing notices. Each locks the notice's row.

The same notice for several buildings is a row each: `publish` takes them together and promises all the
tellings in one go, so that a request stays short however many people are to be told.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import audit, outbox, page_cache, workflow
from portal.core.calendar import VIETNAM
from portal.core.files.stored import Stored, delete_on_commit
from portal.core.files.uploads import Inspected, inspect_upload
from portal.core.models import User

from ..models import Building
from . import audience, transitions
from .kinds import KINDS, NoticeKind
from .models import Notice, NoticeFile, NoticeState, NoticeVersion, Telling

TELL = "notices.tell"
MOST_FILES = 5  # with one notice
# What a version freezes, and what a correction may change.
CONTENT = (
    "title",
    "text",
    "starts_at",
    "ends_at",
    "place",
    "amount",
    "period",
    "due_date",
    "shown_until",
    "on_blocks",
    "on_floors",
)


class Refused(ValidationError):
    """The notice cannot be kept or put up like this; says why."""


# --- Drafts --------------------------------------------------------------------------------------
def draft(
    buildings: Sequence[Building],
    *,
    kind: str,
    by: User,
    at: datetime,
    content: Mapping[str, Any],
    files: Iterable[File] = (),
    token: uuid.UUID | None = None,
    by_ward: bool = False,
) -> list[Notice]:
    """A draft for each building, files included. The same token from the same author twice is one draft each.

    Sent again otherwise, as after the browser's way back, the drafts say what it says now, in the buildings chosen now.
    Raises PermissionDenied, Refused, UploadRefused.
    """
    if not buildings:
        raise Refused(_("Chọn ít nhất một tòa nhà."))
    if by_ward != KINDS[kind].by_ward and (by_ward or kind == NoticeKind.WARD):
        raise PermissionDenied(kind)
    batch, files = token or uuid.uuid4(), list(files)
    said: dict[str, Any] = {"by": by, "at": at, "content": content, "files": files}
    made = list(Notice.objects.filter(batch=batch, author=by).select_related("building__ward").order_by("building_id"))
    if not made:
        return _begin(buildings, batch, kind=kind, by_ward=by_ward, **said)
    if any(notice.state not in (NoticeState.DRAFT, NoticeState.DROPPED) for notice in made):
        return made  # it is up: what changes it now says what was changed
    chosen, there = {building.pk for building in buildings}, {notice.building_id for notice in made}
    with transaction.atomic():
        for notice in made:
            if notice.is_draft and notice.building_id not in chosen:
                drop(notice, by=by, at=at)
        kept = [_reworded(notice, **said) for notice in made if notice.building_id in chosen]
        added = [building for building in buildings if building.pk not in there]
        return kept + (_begin(added, batch, kind=kind, by_ward=by_ward, **said) if added else [])


def _begin(
    buildings: Sequence[Building],
    batch: uuid.UUID,
    *,
    kind: str,
    by: User,
    at: datetime,
    content: Mapping[str, Any],
    files: Iterable[File],
    by_ward: bool,
) -> list[Notice]:
    found = inspect(files)
    with _stored(found) as stored, transaction.atomic():
        notices = [
            Notice(batch=batch, building=building, by_ward=by_ward, kind=kind, author=by, created_at=at, **content)
            for building in buildings
        ]
        for notice in notices:
            if not transitions.may_write(by, notice):
                raise PermissionDenied(kind)
        Notice.objects.bulk_create(notices)
        for notice in notices:
            _attach(notice, found, stored, at=at)
            audit.record(notice, "draft", by=by, at=at, ward_id=notice.building.ward_id, kind=kind)
    return notices


def _reworded(notice: Notice, *, by: User, at: datetime, content: Mapping[str, Any], files: Iterable[File]) -> Notice:
    same = not files and all(getattr(notice, name) == value for name, value in content.items())
    if same or not notice.is_draft:
        return notice
    return edit(notice, by=by, at=at, content=content, files=files)


def edit(notice: Notice, *, by: User, at: datetime, content: Mapping[str, Any], files: Iterable[File] = ()) -> Notice:
    """Change a draft. Raises IllegalMove, PermissionDenied, Refused, UploadRefused."""
    found = inspect(files)
    with _stored(found) as stored, transaction.atomic():
        locked = lock(notice)
        workflow.apply(locked, transitions.EDIT, by=by, at=at, set=dict(content), ward_id=locked.building.ward_id)
        _attach(locked, found, stored, at=at)
    return locked


def remove_file(notice: Notice, file: NoticeFile, *, by: User, at: datetime) -> None:
    """Take a file off a draft. Raises IllegalMove, PermissionDenied."""
    with transaction.atomic():
        locked = lock(notice)
        workflow.apply(locked, transitions.EDIT, by=by, at=at, ward_id=locked.building.ward_id, removed=file.digest)
        name = str(file.file.name)
        file.delete()
        if not NoticeFile.objects.filter(file=name).exists():  # several buildings' drafts share one
            delete_on_commit([name])


def drop(notice: Notice, *, by: User, at: datetime) -> None:
    """Throw a draft away; that there was one stays on record. Raises IllegalMove, PermissionDenied."""
    with transaction.atomic():
        locked = lock(notice)
        workflow.apply(locked, transitions.DROP, by=by, at=at, ward_id=locked.building.ward_id)


# --- Up and down ---------------------------------------------------------------------------------
def publish(notices: Sequence[Notice], *, by: User, at: datetime) -> list[Notice]:
    """Put notices up and promise that everybody they concern is told. Twice is once.

    Raises IllegalMove, PermissionDenied, and Refused for what is past by now.
    """
    with transaction.atomic():
        up = []
        for notice in sorted(notices, key=lambda notice: notice.pk):
            locked = lock(notice)
            ends = over_at(locked)
            if ends <= at:
                raise Refused(_("Thời gian trong thông báo đã qua. Hãy sửa trước khi đăng."))
            _check_ahead(locked, at)
            workflow.apply(
                locked,
                transitions.PUBLISH,
                by=by,
                at=at,
                set={"version": 1, "until": ends, "published_at": at},
                ward_id=locked.building.ward_id,
            )
            _freeze(locked, by=by, at=at)
            up.append(locked)
        tell(up, Telling.What.PUBLISHED, at=at)
        _pages_changed(up)
    return up


def correct(
    notice: Notice,
    *,
    by: User,
    at: datetime,
    changed: str,
    content: Mapping[str, Any],
    files: Iterable[File] = (),
) -> Notice:
    """A new version that says what was changed; everybody is told again. The earlier one is kept.

    Raises IllegalMove, PermissionDenied, Refused, UploadRefused.
    """
    found = inspect(files)
    with _stored(found) as stored, transaction.atomic():
        locked = lock(notice)
        for name, value in content.items():
            setattr(locked, name, value)
        ends = over_at(locked)
        if ends <= at:
            raise Refused(_("Thời gian trong thông báo đã qua. Hãy sửa lại, hoặc rút thông báo."))
        workflow.apply(
            locked,
            transitions.CORRECT,
            by=by,
            at=at,
            set={**content, "version": locked.version + 1, "until": ends},
            ward_id=locked.building.ward_id,
            changed=changed,
        )
        _attach(locked, found, stored, at=at)
        _freeze(locked, by=by, at=at, changed=changed)
        tell([locked], Telling.What.CORRECTED, at=at)
        _pages_changed([locked])
    return locked


def withdraw(notice: Notice, *, by: User, at: datetime, reason: str) -> Notice:
    """Take a notice back; whoever it concerns is told why. Raises IllegalMove, PermissionDenied."""
    with transaction.atomic():
        locked = lock(notice)
        workflow.apply(
            locked,
            transitions.WITHDRAW,
            by=by,
            at=at,
            set={"withdrawn_at": at, "reason": reason},
            ward_id=locked.building.ward_id,
            reason=reason,
        )
        tell([locked], Telling.What.WITHDRAWN, at=at)
        _pages_changed([locked])
    return locked


def end(notice: Notice, *, at: datetime) -> bool:
    """Note that a notice is over. False when somebody has corrected or withdrawn it meanwhile."""
    with transaction.atomic():
        locked = lock(notice)
        if not transitions.END.is_open(locked) or (locked.until and locked.until > at):
            return False
        workflow.apply(locked, transitions.END, by=None, at=at, ward_id=locked.building.ward_id)
        _pages_changed([locked])
    return True


def end_what_is_over(*, at: datetime, limit: int = 500) -> int:
    """Called by beat. The screens do not wait for it: they ask for what is up at their moment."""
    over = Notice.objects.filter(state=NoticeState.PUBLISHED, until__lte=at)
    return sum(end(notice, at=at) for notice in list(over.order_by("until", "pk")[:limit]))


def over_at(notice: Notice) -> datetime:
    """When a notice is over by itself: at the end of what it tells of, or of the last day it names."""
    if notice.ends_at:
        return notice.ends_at
    last: date | None = notice.due_date or notice.shown_until
    if last is None:
        raise Refused(_("Thông báo chưa có ngày kết thúc."))
    return datetime.combine(last + timedelta(days=1), time(), VIETNAM)


def _check_ahead(notice: Notice, at: datetime) -> None:
    """Some kinds, the owners' meeting, are put up some whole days ahead. Raises Refused."""
    if not notice.spec.ahead_days or notice.starts_at is None:
        return
    ahead = (timezone.localdate(notice.starts_at) - timezone.localdate(at)).days
    if ahead < notice.spec.ahead_days:
        raise Refused(
            _("Giấy mời phải gửi trước ít nhất %(days)s ngày. Hãy lùi ngày họp.") % {"days": notice.spec.ahead_days}
        )


def tell(notices: Sequence[Notice], what: str, *, at: datetime) -> None:
    """Promise to tell everybody these notices concern: a count and a row each, and one query for the promises."""
    tellings = Telling.objects.bulk_create(
        Telling(
            notice=notice,
            what=what,
            version=notice.version,
            total=audience.people(notice).count(),
            at=at,
        )
        for notice in notices
    )
    outbox.enqueue_many(TELL, {str(telling.pk): {"telling_id": telling.pk} for telling in tellings}, at=at)


def lock(notice: Notice) -> Notice:
    locked = workflow.lock(notice)
    locked.building = Building.objects.select_related("ward").get(pk=locked.building_id)
    return locked


def _freeze(notice: Notice, *, by: User, at: datetime, changed: str = "") -> None:
    content = {name: getattr(notice, name) for name in CONTENT}
    frozen = {name: value.isoformat() if isinstance(value, date) else value for name, value in content.items()}
    NoticeVersion.objects.create(notice=notice, number=notice.version, changed=changed, content=frozen, by=by, at=at)


def _pages_changed(notices: Iterable[Notice]) -> None:
    page_cache.purge(*{page_cache.ward(notice.building.ward_id) for notice in notices if notice.is_public})


# --- Files ---------------------------------------------------------------------------------------
def inspect(files: Iterable[File]) -> list[Inspected]:
    """Each as it may be kept. Raises UploadRefused, and Refused when there are too many."""
    chosen = list(files)
    if len(chosen) > MOST_FILES:
        raise Refused(_("Mỗi thông báo kèm được nhiều nhất %(limit)s tệp.") % {"limit": MOST_FILES})
    return [inspect_upload(file) for file in chosen]


@contextmanager
def _stored(found: Sequence[Inspected]) -> Iterator[list[str]]:
    """The files, kept before the transaction begins and taken back when it fails."""
    with Stored() as files:
        yield [files.keep(f"notices/{uuid.uuid4()}", file.content) for file in found]


def _attach(notice: Notice, found: Sequence[Inspected], stored: Sequence[str], *, at: datetime) -> None:
    if not found:
        return
    there = set(notice.files.values_list("digest", flat=True))
    new = {
        file.sha256: NoticeFile(
            notice=notice,
            file=name,
            name=file.name,
            mime=file.mime,
            size=file.size,
            pages=file.pages,
            digest=file.sha256,
            added_at=at,
        )
        for file, name in zip(found, stored, strict=True)
        if file.sha256 not in there
    }
    if len(there) + len(new) > MOST_FILES:
        raise Refused(_("Mỗi thông báo kèm được nhiều nhất %(limit)s tệp.") % {"limit": MOST_FILES})
    NoticeFile.objects.bulk_create(new.values())
