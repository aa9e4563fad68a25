"""Everything about a dossier in one order: moves, hand-overs, notes, and who read what.

The records stay where they are; the database puts their times together and gives one page of
them, so that five hundred lines cost as many queries as five.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, IntegerField, QuerySet, TextChoices, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.access_record import EXPORT, lists_with, reads_of
from portal.core.audit import history_of
from portal.core.models import AccessRecord, AuditEvent, ListRead, User
from services.conversation.models import Message
from services.dossiers.models import Dossier, HandOver

from .reading import what_happened, words_of

A_PAGE = 50


class Kind(TextChoices):
    """What the timeline can be narrowed to."""

    ALL = "", gettext_lazy("Tất cả")
    MOVE = "viec", gettext_lazy("Việc đã làm")
    HAND_OVER = "ban-giao", gettext_lazy("Bàn giao")
    NOTE = "ghi-chu", gettext_lazy("Ghi chú nội bộ")
    READ = "doc", gettext_lazy("Ai đã đọc")
    LISTED = "danh-sach", gettext_lazy("Ai đã thấy trong danh sách")


LIST_WORDS: dict[str, str | Promise] = {
    "work": gettext_lazy("Danh sách việc"),
    "lateness": gettext_lazy("Danh sách quá hạn"),
    "at_risk": gettext_lazy("Danh sách có nguy cơ quá hạn"),
    "load": gettext_lazy("Việc của một cán bộ"),
    "appointments": gettext_lazy("Lịch hẹn trong ngày"),
    "signing": gettext_lazy("Danh sách chờ ký"),
    "complaints": gettext_lazy("Danh sách phản ánh"),
    "so-theo-doi": gettext_lazy("Sổ theo dõi hồ sơ"),
    "so-van-ban": gettext_lazy("Sổ văn bản đã phát hành"),
    EXPORT: gettext_lazy("Tệp kết xuất"),
}
READ_WORDS: dict[str, str | Promise] = {
    "page": gettext_lazy("Mở hồ sơ"),
    "paper": gettext_lazy("Xem giấy tờ kèm theo"),
    "document": gettext_lazy("Tải văn bản"),
}
TONES: dict[str, str] = {HandOver.Result.EARLY: "done", HandOver.Result.ON_TIME: "done", HandOver.Result.LATE: "late"}


@dataclass(frozen=True)
class Entry:
    """One line. `mark` is a word with the tone that goes with it: "trước hạn", "nội bộ"."""

    kind: Kind
    when: datetime
    title: str | Promise
    who: str = ""
    words: str = ""
    mark: str | Promise = ""
    tone: str = "neutral"


def timeline(dossier: Dossier, kind: Kind, number: str | None, *, reader: User) -> tuple[Page, list[Entry]]:
    """A page of the dossier's whole history, the newest first."""
    notes = Message.objects.at_desk_of(reader).about(dossier).filter(kind=Message.Kind.NOTE)
    # Rows, the field with their time, their place among those of one moment.
    sources: dict[Kind, tuple[QuerySet, str, F | Value]] = {
        Kind.MOVE: (history_of(dossier), "at", F("seq")),
        Kind.HAND_OVER: (dossier.hand_overs.all(), "given_at", F("seq")),
        Kind.NOTE: (notes, "sent_at", Value(0)),
        Kind.READ: (reads_of(dossier), "at", Value(0)),
        Kind.LISTED: (_lists_with(dossier), "at", Value(0)),
    }
    # Lists are looked at all day long: among everything else they would hide it.
    wanted = [kind] if kind else [source for source in sources if source != Kind.LISTED]
    parts = [_keys(source, *sources[source]) for source in wanted]
    merged = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    page = Paginator(merged.order_by("-when", "-source", "-place"), A_PAGE).get_page(number)
    keys = [(source, key) for _when, source, _place, key in page.object_list]
    people = HandOver.objects.select_related("to_step", "giver", "receiver")
    found = {
        **_entries(AuditEvent.objects.all(), Kind.MOVE, int, keys, _move),
        **_entries(people, Kind.HAND_OVER, int, keys, _hand_over),
        **_entries(notes.select_related("author"), Kind.NOTE, UUID, keys, _note),
        **_entries(AccessRecord.objects.all(), Kind.READ, int, keys, _read),
        **_entries(ListRead.objects.defer("subjects"), Kind.LISTED, int, keys, _listed),
    }
    return page, [found[key] for key in keys]


def _keys(source: Kind, rows: QuerySet, at: str, place: F | Value) -> QuerySet:
    return (
        rows.order_by()
        .annotate(
            when=F(at),
            source=Value(source.value, output_field=CharField()),
            place=Cast(place, IntegerField()),
            key=Cast("pk", CharField()),
        )
        .values_list("when", "source", "place", "key")
    )


def _entries(rows: QuerySet, source: Kind, read: Callable, keys, entry: Callable) -> dict[tuple[str, str], Entry]:
    wanted = {read(key): key for kind, key in keys if kind == source.value}
    return {(source.value, wanted[pk]): entry(row) for pk, row in rows.in_bulk(wanted).items()} if wanted else {}


def _move(event: AuditEvent) -> Entry:
    mark = "" if event.public else _("nội bộ")
    return Entry(
        Kind.MOVE, event.at, what_happened(event), event.actor_name or _("Hệ thống"), words_of(event), mark=mark
    )


def _hand_over(line: HandOver) -> Entry:
    giver = line.giver or _("Hệ thống")
    receiver = line.receiver or _("công dân")
    words = [line.note] if line.note else []
    if line.to_step:
        words.append(_("Bước: %(step)s") % {"step": line.to_step.name})
    return Entry(
        Kind.HAND_OVER,
        line.given_at,
        _("Bàn giao: %(giver)s → %(receiver)s") % {"giver": giver, "receiver": receiver},
        words=". ".join(words),
        mark=line.get_result_display() if line.result else "",
        tone=TONES.get(line.result, "neutral"),
    )


def _note(message: Message) -> Entry:
    return Entry(Kind.NOTE, message.sent_at, _("Ghi chú nội bộ"), str(message.author), message.text)


def _read(record: AccessRecord) -> Entry:
    return Entry(Kind.READ, record.at, READ_WORDS.get(record.kind, record.kind), record.reader_name)


def _lists_with(dossier: Dossier) -> QuerySet:
    return lists_with(dossier, since=dossier.submitted_at).filter(ward_id=dossier.ward_id)


def _listed(record: ListRead) -> Entry:
    """Which list and how long it was; not what somebody searched for, which may name another person."""
    words = _("Một trong %(n)s dòng") % {"n": record.count}
    return Entry(Kind.LISTED, record.at, LIST_WORDS.get(record.what, record.what), record.reader_name, words)
