"""Several dossiers at once: the same move for each, or their slips on one print-out.

Each dossier is its own transaction: what one refuses does not hold the others up, and every one
passes the same table, the same lock and the same gate as alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core import workflow
from portal.core.audit import stream_of
from portal.core.models import User
from services.documents.keeping import content_of
from services.documents.models import IssuedDocument
from services.dossiers import actions, assignment, slips
from services.dossiers.models import Dossier

from . import reading

AT_MOST = 50  # dossiers at once
PRINTED = "in-phieu"


@dataclass(frozen=True)
class Batch:
    """A move that is made for several: what it is called, and what is said when it was made."""

    slug: str
    label: str | Promise
    act: Callable[..., Dossier]
    done: str | Promise


BATCHES = {
    batch.slug: batch
    for batch in (
        Batch("tiep-nhan", pgettext_lazy("move", "Tiếp nhận"), actions.accept, gettext_lazy("Đã tiếp nhận.")),
        Batch("chuyen-xu-ly", gettext_lazy("Chuyển xử lý"), actions.hand_on, gettext_lazy("Đã chuyển đến bước sau.")),
    )
}


@dataclass(frozen=True)
class Outcome:
    """What became of one dossier, in words."""

    dossier: Dossier
    done: bool
    words: str


def ticked(values: Iterable[str]) -> dict[UUID, str]:
    """Dossier → the step it was seen at, from the tick boxes of the list. What is none is passed over."""
    found: dict[UUID, str] = {}
    for value in values:
        key, _colon, turn = value.partition(":")
        try:
            found[UUID(key)] = turn
        except ValueError:
            continue
    return dict(list(found.items())[:AT_MOST])


def make(batch: Batch, seen: dict[UUID, str], *, by: User, at: datetime) -> list[Outcome]:
    """The move for each, in the order of their due times."""
    found = Dossier.objects.at_desk_of(by).filter(pk__in=seen).with_people().by_due_time()
    return [_one(batch, dossier, seen[dossier.pk], by=by, at=at) for dossier in found]


def _one(batch: Batch, dossier: Dossier, step: str, *, by: User, at: datetime) -> Outcome:
    if batch.act is actions.hand_on and _asks_for_a_person(dossier):
        return Outcome(dossier, False, _("Bước sau phải chọn người nhận: mở hồ sơ để chuyển."))
    return attempt(dossier, lambda: batch.act(dossier, by=by, at=at, step=step), done=str(batch.done))


def attempt(dossier: Dossier, act: Callable[[], object], *, done: str) -> Outcome:
    """Make a move, or say in words why it was not made."""
    try:
        act()
    except workflow.IllegalMove as refused:
        return Outcome(dossier, False, in_words(refused))
    except PermissionDenied:
        return Outcome(dossier, False, _("Bước này không phải việc của bạn."))
    except assignment.NobodyToOwn:
        return Outcome(dossier, False, _("Chưa có ai giữ vị trí của bước sau, kể cả lãnh đạo phường."))
    return Outcome(dossier, True, done)


def in_words(refused: workflow.IllegalMove) -> str:
    """Why a move was not made: the gate is shut, or somebody was quicker – who, what, when."""
    if isinstance(refused, actions.FindingsMissing):
        return _("Còn thiếu kết quả thẩm định: mở hồ sơ để ghi.")
    if isinstance(refused, workflow.Blocked):
        return _("Hồ sơ quá hạn: phải giải trình và xin lỗi công dân trước khi giải quyết tiếp.")
    last = refused.last
    if last is None:
        return _("Hồ sơ không còn ở bước này.")
    return _("Hồ sơ đã thay đổi: %(what)s (%(who)s, %(when)s).") % {
        "what": reading.what_happened(last),
        "who": last.actor_name or _("Hệ thống"),
        "when": date_format(timezone.localtime(last.at), "H:i d/m/Y"),
    }


def _asks_for_a_person(dossier: Dossier) -> bool:
    step = dossier.current_step
    following = dossier.steps.filter(seq__gt=step.seq).first() if step else None
    return following is not None and following.assign == assignment.BY_HAND


# --- On paper ---------------------------------------------------------------------------------------------


def slips_of(seen: Iterable[UUID], *, by: User) -> list[IssuedDocument]:
    """The newest slip of each dossier, in the order of their codes: the paper the resident takes home.

    Results are not among them: each is handed over by itself, and its delivery recorded.
    """
    dossiers = Dossier.objects.at_desk_of(by).filter(pk__in=list(seen)).order_by("code").only("code", "state")
    streams = [stream_of(dossier) for dossier in dossiers]
    newest: dict[str, IssuedDocument] = {}
    every = IssuedDocument.objects.visible_to(by).ready().filter(subject__in=streams).exclude(kind=slips.RESULT)
    for document in every.order_by("issued_at", "number"):
        newest[document.subject] = document
    return [newest[stream] for stream in streams if stream in newest]


def bound(documents: Iterable[IssuedDocument]) -> bytes:
    """One PDF for the printer. The signatures stay with the single files; this is paper, not evidence."""
    import pypdfium2  # noqa: PLC0415 - loads a library of its own

    whole = pypdfium2.PdfDocument.new()
    try:
        for document in documents:
            with pypdfium2.PdfDocument(content_of(document)) as one:
                one.init_forms()
                whole.import_pages(one)
        content = BytesIO()
        whole.save(content)
    finally:
        whole.close()
    return content.getvalue()
