"""A register taken out as a file: asked for, made by the worker, taken by whoever asked, deleted after a week."""

import gzip
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from buildings.models import Ward, positions_in
from buildings.roles import DESK_POSITIONS
from portal.core import audit, outbox, workflow
from portal.core.access_record import EXPORT, note_list
from portal.core.files.storage import private_storage
from portal.core.models import User

from . import notifications, transitions
from .models import KEPT, Export
from .register import Head, Row
from .shelf import REGISTERS
from .writers import WRITERS

log = logging.getLogger(__name__)

MAKE, EXPIRE = "registers.make", "registers.expire"
TRIES = 3  # then the officer is told instead of waiting on

Clock = Callable[[], datetime]


class CannotMake(Exception):
    """This export will not succeed however often it is tried; says why, in words for the officer."""


def ask(what: str, format: str, query: dict[str, str], *, ward: Ward, by: User, at: datetime) -> Export:
    """Promise a file. Asked again for what is being made already, the same export comes back."""
    with transaction.atomic():
        asked = {"ward": ward, "what": what, "format": format, "filters": query}
        if twin := Export.objects.visible_to(by).being_made().filter(**asked).first():
            return twin
        export = Export.objects.create(**asked, asked_by=by, asked_at=at)
        audit.record(export, "ask", by=by, at=at, what=what, format=format, filters=query)
        _promise_turn(export, at=at)
        return export


def make(export_id: str, turn: int, *, clock: Clock) -> None:
    """Make the file, or the next piece of it, and promise the turn after.

    What a killed turn left behind is written over by the next; a turn run twice is made once. `clock`
    is asked as the work goes on, for a turn may take a while.
    """
    export = _begun(export_id, turn, at=clock())
    if export is None:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="portal-export-") as folder, translation.override("vi"):
            # An official book is in Vietnamese, whoever reads it.
            _Turn(export, Path(folder) / f"{export.pk}.{export.format}", clock).make()
    except CannotMake as problem:
        _give_up(export, str(problem), at=clock())
    except Exception:
        if outbox.tries(MAKE, f"{export_id}:{turn}") < TRIES:
            raise
        log.exception("export %s given up after %s tries", export.pk, TRIES)
        with translation.override(export.asked_by.preferred_language):
            _give_up(export, _("Có lỗi khi lập tệp. Lỗi đã được ghi lại cho người vận hành."), at=clock())


def take(export: Export, *, by: User, at: datetime) -> bytes:
    """The file, for whoever asked for it; the record says when it was taken.

    Raises IllegalMove when it has been deleted meanwhile.
    """
    with transaction.atomic():
        locked = workflow.lock(export)
        if locked.state != Export.State.READY:
            raise workflow.IllegalMove(locked, transitions.EXPIRE, audit.history_of(locked).last())
        audit.record(locked, "take", by=by, at=at)
        with locked.file.open() as file:
            return gzip.decompress(file.read())


def expire(export_id: str, *, at: datetime) -> None:
    """Delete the file when its time is over. The row stays and says who took what."""
    with transaction.atomic():
        export = workflow.lock(Export(pk=export_id))
        if export.state != Export.State.READY or export.expires_at > at:
            return
        name = export.file.name
        workflow.apply(export, transitions.EXPIRE, by=None, at=at, set={"file": "", "size": 0})
        # Before the commit: a rollback leaves a row whose deletion is tried again, never a file nobody knows of.
        private_storage().delete(name)
        _delete_pieces(export)


class _Turn:
    """One go of the worker at an export."""

    def __init__(self, export: Export, path: Path, clock: Clock) -> None:
        self.export, self.path, self.clock = export, path, clock
        self.register, self.writer = REGISTERS[export.what], WRITERS[export.format]
        self.row = Export.objects.filter(pk=export.pk)

    def make(self) -> None:
        export, at = self.export, self.clock()
        if not positions_in(export.asked_by, export.ward_id) & set(DESK_POSITIONS):
            raise CannotMake(_("Bạn không còn làm việc tại Bộ phận Một cửa của phường này."))
        entries = self.register.entries_for(export.asked_by, export.ward, export.filters, at=at)
        if export.pieces == 0:
            export.rows_done, export.rows_total = 0, _counted(entries, self.writer)
            export.save(update_fields=["rows_done", "rows_total"])
        head = self.register.head(export.ward, export.filters, at=export.asked_at)
        if hasattr(self.writer, "write"):
            self.writer.write(self.path, head, self._chunks(entries))
            self._keep()
        else:
            self._make_piece(head, entries)

    def _chunks(self, entries: QuerySet) -> Iterator[list[Row]]:
        """The rows as they are written. The turn's lease is prolonged with each chunk."""
        done = 0
        for found in self.register.keyset.chunks(entries, size=self.writer.CHUNK):
            yield self._rows(found)
            done += len(found)
            self.row.update(rows_done=done)
            outbox.hold(MAKE, f"{self.export.pk}:0", at=self.clock())

    def _rows(self, found: list) -> list[Row]:
        """What the file says of these; and the record that it does, for whoever asked for it."""
        export = self.export
        seen = [self.register.subject(entry) for entry in found]
        asked = f"{export.what}?{urlencode(export.filters)}"
        note_list(EXPORT, seen, by=export.asked_by, at=export.asked_at, ward_id=export.ward_id, asked=asked)
        return self.register.rows(found, export.ward)

    def _make_piece(self, head: Head, entries: QuerySet) -> None:
        """Print the next rows. The last piece is bound to those before it."""
        export, size = self.export, self.writer.CHUNK
        found = self.register.keyset.following(entries, size=size + 1, after=export.cursor)
        last, found = len(found) <= size, found[:size]
        rows = self._rows(found)
        piece = self.writer.print_piece(head, rows, pages_before=export.pages, last=last)
        if last:
            self.row.update(rows_done=export.rows_done + piece.rows)
            self.writer.bind(self.path, _pieces(export, piece.pdf))
            self._keep()
            _delete_pieces(export)
            return
        with transaction.atomic():
            locked = workflow.lock(export)
            if not locked.is_being_made or locked.pieces != export.pieces:
                return
            private_storage().replace(_piece_name(locked, locked.pieces), piece.pdf)
            locked.pieces += 1
            locked.pages += piece.pages
            locked.rows_done += piece.rows
            locked.cursor = self.register.keyset.cursor(found[piece.rows - 1])
            locked.save(update_fields=["pieces", "pages", "rows_done", "cursor"])
            _promise_turn(locked, at=self.clock())

    def _keep(self) -> None:
        """Stored compressed: a file is encrypted whole, and a CSV is ten times what is in it."""
        packed = self.path.with_suffix(".gz")
        with self.path.open("rb") as file, gzip.open(packed, "wb", compresslevel=6) as out:
            shutil.copyfileobj(file, out)
        content, at = packed.read_bytes(), self.clock()
        with transaction.atomic():
            locked = workflow.lock(self.export)
            if not locked.is_being_made:
                return
            name = private_storage().replace(f"exports/{locked.pk}.{locked.format}.gz", content)
            facts = {"file": name, "size": self.path.stat().st_size, "ready_at": at, "expires_at": at + KEPT}
            workflow.apply(locked, transitions.FINISH, by=None, at=at, set=facts, rows=locked.rows_done)
            outbox.enqueue(EXPIRE, str(locked.pk), at=at + KEPT, payload={"export_id": str(locked.pk)})
            notifications.export_ready(locked, at=at)


def _begun(export_id: str, turn: int, *, at: datetime) -> Export | None:
    """The export, if this is the turn it waits for."""
    with transaction.atomic():
        export = workflow.lock(Export(pk=export_id))
        if not export.is_being_made or export.pieces != turn:
            return None
        if export.state == Export.State.QUEUED:
            workflow.apply(export, transitions.BEGIN, by=None, at=at)
        return export


def _promise_turn(export: Export, *, at: datetime) -> None:
    payload = {"export_id": str(export.pk), "turn": export.pieces}
    outbox.enqueue(MAKE, f"{export.pk}:{export.pieces}", at=at, payload=payload)


def _counted(entries: QuerySet, writer: ModuleType) -> int:
    total = entries.count()
    if total > writer.MOST_ROWS:
        words = _("Có %(total)s dòng, nhiều hơn %(most)s dòng một tệp chứa được. Hãy chọn khoảng thời gian ngắn hơn.")
        raise CannotMake(words % {"total": total, "most": writer.MOST_ROWS})
    return total


def _give_up(export: Export, reason: str, *, at: datetime) -> None:
    with transaction.atomic():
        locked = workflow.lock(export)
        if locked.is_being_made:
            workflow.apply(locked, transitions.FAIL, by=None, at=at, reason=reason)
            notifications.export_failed(locked, at=at)
            _delete_pieces(locked)


def _pieces(export: Export, last: bytes) -> Iterator[bytes]:
    for number in range(export.pieces):
        with private_storage().open(_piece_name(export, number)) as file:
            yield file.read()
    yield last


def _delete_pieces(export: Export) -> None:
    for number in range(export.pieces):
        private_storage().delete(_piece_name(export, number))


def _piece_name(export: Export, number: int) -> str:
    return f"exports/{export.pk}-{number:04d}.{export.format}"
