"""What an officer reads of a dossier: papers, steps, record, and why there may be nothing to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import workflow
from portal.core.audit import history_of
from portal.core.models import AuditEvent, User
from services.catalogue import answers as form_answers
from services.catalogue.blocks import Lines
from services.catalogue.definition import FieldSpec
from services.catalogue.lookups import stands_in
from services.documents.models import IssuedDocument
from services.dossiers import standing
from services.dossiers.models import ENDED_STATES, WAITING_STATES, Attachment, Dossier, DossierState, FindingSheet, Step
from services.dossiers.permissions import is_owner, owes_step
from services.dossiers.transitions import DESK_MOVES, is_blocked

from .pages import PAGES, MovePage


@dataclass(frozen=True)
class File:
    """A paper's file as the viewer shows it."""

    id: str
    name: str
    size: int
    pages: int
    url: str
    is_image: bool


@dataclass(frozen=True)
class Paper:
    spec: FieldSpec
    files: list[File]
    looked_up_in: str = ""  # the database that answered in its place


def available_pages(dossier: Dossier, officer: User, *, at: datetime) -> list[MovePage]:
    """The moves this officer may make now, the chief one first."""
    return [PAGES[move.name] for move in workflow.available(DESK_MOVES, dossier, officer, at=at) if move.name in PAGES]


def why_nothing(dossier: Dossier, officer: User) -> str:
    """In words: why this officer has no move to make here."""
    if is_owner(officer, dossier):
        return _("Đây là hồ sơ của chính bạn. Người khác phải xử lý, bạn chỉ xem được ở đây.")
    if dossier.state in ENDED_STATES:
        return _("Hồ sơ đã kết thúc: %(state)s.") % {"state": dossier.get_state_display()}
    if is_blocked(dossier, timezone.now()):
        return ""  # the road out of lateness stands above it (templatetags/lateness.py)
    if dossier.state == DossierState.SUPPLEMENT:
        return _("Đang chờ công dân bổ sung. Thời hạn tạm dừng.")
    step = dossier.current_step
    if step is None:
        return _("Hồ sơ không có bước nào đang chờ.")
    if owes_step(officer, dossier) and dossier.state == DossierState.DONE:
        return _("Văn bản kết quả đang được lập và ký số. Trả kết quả được ngay khi văn bản có; hãy mở lại trang này.")
    return _("Bước này do %(who)s (%(position)s) thực hiện.") % {
        "who": step.assignee,
        "position": step.get_position_display(),
    }


def who_goes_on(dossier: Dossier, officer: User) -> str:
    """In words: whose the dossier is now, where it is no longer the officer's. Nothing while the resident is waited for."""
    step = dossier.current_step
    if step is None or step.assignee is None or step.assignee_id == officer.pk or dossier.state in WAITING_STATES:
        return ""
    return _("Người làm tiếp: %(who)s (%(position)s).") % {
        "who": step.assignee,
        "position": step.get_position_display(),
    }


def papers_of(dossier: Dossier, officer: User) -> list[Paper]:
    """The papers of the form that were asked or given, each with its files."""
    files: dict[str, list[File]] = {}
    for attachment in Attachment.objects.visible_to(officer).kept().filter(dossier=dossier):
        files.setdefault(attachment.field, []).append(_file(attachment))
    answers = form_answers.asked_answers(dossier.spec, dossier.answers)
    return [
        Paper(spec, files.get(spec.key, []), stands_in(spec, dossier.answers))
        for spec in dossier.spec.fields()
        if spec.key in files or (spec.kind == form_answers.FILE and spec.asked(answers))
    ]


@dataclass(frozen=True)
class Found:
    """What was found, as one officer wrote it down."""

    rows: list[tuple[FieldSpec, Lines]]
    who: User
    when: datetime


def findings_of(dossier: Dossier, officer: User) -> list[Found]:
    """What was found, each time it was written down; the last time, which counts, first."""
    if not dossier.spec.findings:
        return []
    sheets = FindingSheet.objects.visible_to(officer).filter(dossier=dossier).select_related("found_by")
    return [
        Found(
            form_answers.findings_in_words(dossier.spec, dossier.answers, sheet.values),
            sheet.found_by,
            sheet.found_at,
        )
        for sheet in sheets.order_by("-number")
    ]


def documents_of(dossier: Dossier, officer: User) -> list[IssuedDocument]:
    return list(IssuedDocument.objects.visible_to(officer).about(dossier))


@dataclass(frozen=True)
class StepLine:
    """A step as the hand-over slip will say it: who, from when to when, in time or not."""

    step: Step
    state: str  # past, now, next
    in_time: bool | None = None

    @property
    def who(self) -> str:
        position = self.step.get_position_display()
        return f"{self.step.assignee} ({position})" if self.step.assignee else position


def steps_of(dossier: Dossier) -> list[StepLine]:
    lines = []
    for step in dossier.steps.select_related("assignee"):
        if step.pk == dossier.current_step_id:
            lines.append(StepLine(step, "now"))
        elif step.finished_at:
            lines.append(StepLine(step, "past", in_time=step.due_at is None or step.finished_at <= step.due_at))
        elif dossier.is_open:
            lines.append(StepLine(step, "next"))
    return lines


# The resident's timeline has the words for what they see; these are what they do not.
_WORDS: dict[str, str | Promise] = {
    **standing.HAPPENED,
    "send_back": gettext_lazy("Trả lại để thẩm định lại"),
    "completed": gettext_lazy("Công dân sửa nội dung được yêu cầu"),
    "take": gettext_lazy("Nhận việc"),
    "renew_draft": gettext_lazy("Chuyển bản nháp sang mẫu mới của thủ tục"),
    "record_findings": gettext_lazy("Ghi kết quả thẩm định"),
    "begin_at_counter": gettext_lazy("Bắt đầu điền giúp tại quầy"),
    "undo": gettext_lazy("Hoàn tác trước khi gửi đi"),
    "reassign": gettext_lazy("Lãnh đạo giao cho người khác"),
    "change_ward": gettext_lazy("Chuyển sang phường mới theo quyết định sắp xếp phường"),
    "cover": gettext_lazy("Chuyển người làm thay vì người được giao vắng mặt"),
    "declare_interest": gettext_lazy("Khai báo quan hệ thân thích"),
    "approve_interest": gettext_lazy("Lãnh đạo đồng ý để người đã khai báo xử lý tiếp"),
    "propose_supplement": gettext_lazy("Đề nghị yêu cầu bổ sung"),
    "decline_supplement": gettext_lazy("Lãnh đạo không duyệt yêu cầu bổ sung"),
}


@dataclass(frozen=True)
class Happening:
    """One line of the record. What the resident does not see says so."""

    title: str | Promise
    when: datetime
    who: str
    words: str
    public: bool


RECENT = 12  # lines of the record on the dossier's own page; the timeline has all of them


def record_of(dossier: Dossier) -> list[Happening]:
    """What happened to a dossier lately, oldest first."""
    newest = list(history_of(dossier).order_by("-seq")[:RECENT])
    return [_happening(event) for event in reversed(newest)]


def what_happened(event: AuditEvent | None) -> str | Promise:
    """An event in words; one nobody has put into words keeps its own name."""
    return _WORDS.get(event.action, event.action) if event else ""


def words_of(event: AuditEvent) -> str:
    """What was said with it: whom it is about, the reason, the note."""
    return "\n".join(filter(None, (event.data.get(key) for key in ("agency", "reason", "note"))))


def _happening(event: AuditEvent) -> Happening:
    return Happening(what_happened(event), event.at, event.actor_name, words_of(event), event.public)


def _file(attachment: Attachment) -> File:
    return File(
        id=str(attachment.pk),
        name=attachment.name,
        size=attachment.size,
        pages=attachment.pages,
        url=reverse("dossiers:file", args=[attachment.dossier_id, attachment.pk]),
        is_image=attachment.content_type.startswith("image/"),
    )


def chosen(papers: Iterable[Paper], id: str) -> File | None:
    """The file the viewer opens: the one asked for, else the first."""
    files = [file for paper in papers for file in paper.files]
    return next((file for file in files if file.id == id), files[0] if files else None)
