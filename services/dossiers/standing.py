"""Where a dossier stands, in words: for its owner, and for whoever looks it up with its secret."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.audit import history_of
from portal.core.languages import marked
from portal.core.lateness import LatenessState
from portal.core.models import AuditEvent, User

from . import transitions as moves
from .models import ENDED_STATES, WAITING_STATES, Dossier, DossierState, Step

S = DossierState

# The shape and colour that go with a state's word (templatetags/components/telling.py, TONES).
TONES: dict[str, str] = {
    S.DRAFT: "draft",
    S.SUBMITTED: "progress",
    S.SUPPLEMENT: "action",
    S.AWAITING_FEE: "action",
    S.CONFIRMING: "action",
    S.VISITING: "action",
    S.REFUSED: "refused",
    S.ACCEPTED: "progress",
    S.PROCESSING: "progress",
    S.DONE: "done",
    S.DELIVERED: "done",
    S.WITHDRAWN: "neutral",
    S.STOPPED: "neutral",
    S.CLOSED: "neutral",
}

# What the state means for the resident, and what comes next.
EXPLAINED: dict[str, str | Promise] = {
    S.DRAFT: _("Bạn chưa nộp hồ sơ này. Phường chưa nhìn thấy nó."),
    S.SUBMITTED: _("Hồ sơ đã đến phường. Cán bộ một cửa đang kiểm tra xem hồ sơ đã đủ chưa."),
    S.SUPPLEMENT: _("Trong khi chờ bổ sung, thời hạn tạm dừng. Gửi bổ sung xong, phường xem lại hồ sơ từ đầu."),
    S.AWAITING_FEE: _("Hồ sơ cần nộp phí, lệ phí. Trong khi chờ, thời hạn tạm dừng; nộp xong, phường giải quyết tiếp."),
    S.CONFIRMING: _("Xem lại bản điện tử phường đã lập. Sau một ngày làm việc không có ý kiến, coi như bạn đồng ý."),
    S.VISITING: _("Phường chờ bạn đến theo hẹn. Trong khi chờ, thời hạn tạm dừng. Hãy chọn ngày giờ đến."),
    S.REFUSED: _("Phường không tiếp nhận hồ sơ này. Phiếu từ chối ghi đủ lý do."),
    S.ACCEPTED: _("Hồ sơ đã đủ và đã được tiếp nhận. Phường sắp chuyển đến người giải quyết."),
    S.PROCESSING: _("Phường đang giải quyết hồ sơ."),
    S.DONE: _("Kết quả đã được ký và phát hành."),
    S.DELIVERED: _("Kết quả đã được trả. Hồ sơ đã hoàn thành."),
    S.WITHDRAWN: _("Người nộp đã rút hồ sơ này. Phường không giải quyết nữa."),
    S.STOPPED: _("Phường đã dừng giải quyết hồ sơ này. Thông báo dừng ghi đủ lý do."),
    S.CLOSED: _("Hồ sơ đã đóng vì phường chờ mà bạn không bổ sung hoặc không đến. Bạn nộp lại được bất cứ lúc nào."),
}

# What a resident reads in the timeline for each move made by the desk, and for their own.
HAPPENED: dict[str, str | Promise] = {
    moves.SUBMIT.name: _("Đã nộp hồ sơ"),
    moves.ACCEPT.name: _("Đã tiếp nhận hồ sơ"),
    moves.CHANGE_WARD.name: _("Phường mới tiếp tục giải quyết hồ sơ sau khi sắp xếp phường"),
    moves.REQUEST_SUPPLEMENT.name: _("Yêu cầu bổ sung hồ sơ"),
    moves.ANSWER_SUPPLEMENT.name: _("Đã gửi bổ sung"),
    moves.REFUSE.name: _("Từ chối tiếp nhận hồ sơ"),
    moves.HAND_ON.name: _("Đã chuyển đến người giải quyết"),
    moves.APPROVE.name: _("Đã thẩm định xong, trình ký"),
    moves.SIGN.name: _("Đã ký kết quả"),
    moves.NUMBER.name: _("Đã cấp số kết quả"),
    moves.ISSUE.name: _("Đã phát hành kết quả"),
    moves.DELIVER.name: _("Đã trả kết quả"),
    "correction_drafted": _("Đề nghị đính chính kết quả"),
    "corrected": _("Đã đính chính kết quả bằng văn bản mới"),
    moves.CONFIRM_RECEIPT.name: _("Đã nhận kết quả"),
    moves.WITHDRAW.name: _("Đã rút hồ sơ"),
    moves.APPROVE_SUPPLEMENT.name: _("Yêu cầu bổ sung hồ sơ, lãnh đạo phường đã duyệt"),
    moves.ANSWER_APPRAISAL.name: _("Đã gửi bổ sung, thời hạn tính lại từ đầu"),
    moves.ASK_FEE.name: _("Yêu cầu nộp phí, lệ phí"),
    moves.RECORD_FEE.name: _("Đã nộp phí, lệ phí"),
    moves.ASK_VERIFICATION.name: _("Hỏi cơ quan khác xác minh, thời hạn kéo dài theo luật"),
    moves.ASK_CONFIRMATION.name: _("Gửi bản điện tử để bạn xác nhận"),
    moves.ASK_VISIT.name: _("Mời bạn đến theo hẹn"),
    moves.RECORD_VISIT.name: _("Bạn đã đến theo hẹn"),
    moves.RECORD_FIRST_VISIT.name: _("Bạn đã đến theo hẹn"),
    moves.CONFIRM.name: _("Bản điện tử đã được đồng ý"),
    moves.DISPUTE.name: _("Đề nghị sửa bản điện tử"),
    moves.STOP.name: _("Dừng giải quyết hồ sơ"),
    moves.CLOSE.name: _("Đóng hồ sơ vì không có phản hồi trong thời hạn"),
    moves.MARK_LATE.name: _("Quá hạn: phường phải giải trình và xin lỗi"),
    moves.RELEASE.name: _("Giải quyết tiếp sau khi xin lỗi"),
}
# Reasons that are meant for the resident; a note between officers is not.
REASON_TOLD = {
    move.name
    for move in (
        moves.REQUEST_SUPPLEMENT,
        moves.REFUSE,
        moves.WITHDRAW,
        moves.ASK_FEE,
        moves.ASK_VERIFICATION,
        moves.STOP,
        moves.DISPUTE,
    )
} | {"corrected"}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `state`: past, now or next."""

    title: str | Promise
    state: str
    when: datetime | None = None
    who: str | Promise = ""
    detail: str = ""
    due_at: datetime | None = None


def tone_of(dossier: Dossier) -> str:
    return TONES[dossier.state]


def explained(dossier: Dossier) -> str | Promise:
    words, days = EXPLAINED[dossier.state], dossier.rules.visit_silence_days
    if dossier.state == S.VISITING and days:
        closing = _("Không đến và không hẹn lại trong %(days)s ngày làm việc thì hồ sơ tự đóng.") % {"days": days}
        return f"{words} {closing}"
    return words


def step_now(dossier: Dossier) -> Step | None:
    """The step the ward owes now; none while it waits for the resident or when it has ended."""
    if dossier.state in (S.DRAFT, *WAITING_STATES, *ENDED_STATES):
        return None
    return dossier.current_step


def holder(dossier: Dossier) -> str:
    """Who owes the step now, by name and position; "" when nobody at the ward does."""
    step = step_now(dossier)
    return format_html("{}, {}", marked(str(step.assignee)), step.get_position_display()) if step else ""


def due_state(dossier: Dossier, *, at: datetime) -> str:
    """How the promised time stands, in the words of the component `due_label`; "" when none is promised."""
    if dossier.due_at is None or dossier.state in (S.REFUSED, S.WITHDRAWN, S.STOPPED, S.CLOSED):
        return ""
    if dossier.state in WAITING_STATES:
        return "paused"
    if dossier.done_at:
        return "late" if dossier.done_at > dossier.due_at else "kept"
    if at > dossier.promised_at:
        return "late"
    return "rescheduled" if dossier.rescheduled_to else "on_time"


def timeline(dossier: Dossier, *, reader: User) -> list[Entry]:
    """What happened, what is being done, what comes: with the named person and the time of each."""
    entries = [_past(event, reader) for event in history_of(dossier).filter(public=True)]
    if dossier.state == S.SUPPLEMENT:
        entries.append(Entry(_("Chờ bạn bổ sung"), "now", who=pgettext_lazy("timeline", "Bạn")))
    if dossier.is_open:
        steps = list(dossier.steps.select_related("assignee"))
        current = next((step for step in steps if step.pk == dossier.current_step_id), None)
        if current and dossier.state not in WAITING_STATES:
            entries.append(_owed(current, "now"))
        entries += [_owed(step, "next") for step in steps if current is None or step.seq > current.seq]
    return entries


def _past(event: AuditEvent, reader: User) -> Entry:
    title = HAPPENED.get(event.action, event.action)
    if event.action == moves.RELEASE.name and event.data.get("outcome") == LatenessState.OVERRIDDEN:
        title = _("Lãnh đạo phường cho giải quyết tiếp")
    mine = event.actor_id == reader.pk
    detail = event.data.get("reason", "") if event.action in REASON_TOLD else ""
    if event.action == moves.ASK_VERIFICATION.name:
        detail = f"{event.data['agency']}: {detail}"
    return Entry(
        title,
        "past",
        when=event.at,
        who=pgettext_lazy("timeline", "Bạn") if mine else marked(event.actor_name),
        detail=marked(detail),
    )


def _owed(step: Step, state: str) -> Entry:
    position = step.get_position_display()
    who = format_html("{} ({})", marked(str(step.assignee)), position) if step.assignee else position
    return Entry(
        marked(step.name), state, who=who, detail=marked(step.task), due_at=step.due_at if state == "now" else None
    )
