"""Where a request stands, in words: for its reporter, for the neighbours, for the managers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.audit import history_of
from portal.core.models import AuditEvent, User

from . import transitions as moves
from .models import BuildingRequest, RequestState
from .rules import limits

S = RequestState

# The shape and colour that go with a state's word (templatetags/components/telling.py, TONES).
TONES: dict[str, str] = {
    S.NEW: "progress",
    S.ACCEPTED: "progress",
    S.PLANNED: "progress",
    S.WAITING: "waiting",
    S.WITH_WARD: "waiting",
    S.DONE: "action",
    S.CLOSED: "done",
    S.REFUSED: "refused",
    S.WITHDRAWN: "neutral",
    S.JOINED: "neutral",
}

# What the state means for the resident, and what comes next.
EXPLAINED: dict[str, str | Promise] = {
    S.NEW: _("Yêu cầu đã đến ban quản lý. Người chịu trách nhiệm sẽ trả lời."),
    S.ACCEPTED: _("Ban quản lý đã nhận việc và đang thu xếp."),
    S.PLANNED: _("Ban quản lý đã hẹn ngày làm."),
    S.WAITING: _("Việc đang tạm chờ; đến ngày hẹn, yêu cầu tự trở lại."),
    S.WITH_WARD: _("Việc này thuộc thẩm quyền của phường; ban quản lý đã chuyển và chờ trả lời."),
    S.DONE: _("Ban quản lý báo đã làm xong."),
    S.CLOSED: _("Yêu cầu đã hoàn thành."),
    S.REFUSED: _("Ban quản lý không nhận việc này."),
    S.WITHDRAWN: _("Người báo đã rút yêu cầu này."),
    S.JOINED: _("Yêu cầu này được gộp vào yêu cầu khác về cùng một việc."),
}

HAPPENED: dict[str, str | Promise] = {
    "send": _("Đã gửi yêu cầu"),
    moves.ACCEPT.name: _("Đã tiếp nhận"),
    moves.PLAN.name: _("Đã hẹn ngày làm"),
    moves.WAIT.name: _("Tạm chờ"),
    moves.RESUME.name: _("Làm tiếp"),
    moves.BRING_BACK.name: _("Hết thời gian chờ, làm tiếp"),
    moves.ANSWER.name: _("Người báo đã trả lời, làm tiếp"),
    moves.ASSIGN.name: _("Đã giao việc"),
    moves.RECLASSIFY.name: _("Xếp lại nhóm việc, mức độ"),
    moves.FINISH.name: _("Báo đã làm xong"),
    moves.CONFIRM.name: _("Đã xác nhận xong"),
    moves.REOPEN.name: _("Người báo mở lại"),
    moves.REFUSE.name: _("Từ chối"),
    moves.WITHDRAW.name: _("Đã rút yêu cầu"),
    moves.JOIN.name: _("Gộp vào yêu cầu khác"),
    moves.REFER.name: _("Đã chuyển phường"),
    moves.COME_BACK.name: _("Phường đã trả lời"),
    moves.MARK_LATE.name: _("Quá hạn: ban quản lý phải giải trình và xin lỗi"),
    moves.RELEASE.name: _("Làm tiếp sau khi xin lỗi"),
}
RESIDENTS_OWN = frozenset({"send", *(move.name for move in moves.RESIDENT_MOVES)})


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    title: str | Promise
    when: datetime
    who: str | Promise = ""
    detail: str = ""


def tone_of(request: BuildingRequest) -> str:
    return TONES[request.state]


def explained(request: BuildingRequest) -> str | Promise:
    if request.state == S.DONE:
        words = gettext(
            "Ban quản lý báo đã làm xong. Sau %(days)s ngày làm việc người báo không có ý kiến, coi như đạt."
        )
        return words % {"days": limits().silence_days}
    return EXPLAINED[request.state]


def due_state(request: BuildingRequest, *, at: datetime) -> str:
    """How the promised time stands, in the words of the component `due_label`; "" when none is promised any more."""
    if request.state in (S.REFUSED, S.WITHDRAWN, S.JOINED):
        return ""
    if request.done_at:
        return "late" if request.was_late else "kept"
    if moves.is_blocked(request, at):
        return "late"
    if request.stopped_at:
        return "paused"
    return "rescheduled" if request.promised_at > request.due_at else "on_time"


def timeline(request: BuildingRequest, *, reader: User) -> list[Entry]:
    """The public part of its history, oldest first. Neighbours are not named to one another."""
    return [_entry(event, request, reader) for event in _public(request)]


def _public(request: BuildingRequest) -> Iterable[AuditEvent]:
    return history_of(request).filter(public=True)


def _entry(event: AuditEvent, request: BuildingRequest, reader: User) -> Entry:
    who: str | Promise = event.actor_name
    if event.actor_id is None:
        who = _("Hệ thống") if event.action != moves.CONFIRM.name else _("Tự động, hết thời gian xác nhận")
    elif event.action in RESIDENTS_OWN:
        who = _("Bạn") if event.actor_id == reader.pk else _("Người báo")
    return Entry(HAPPENED.get(event.action, event.action), event.at, who, _detail(event))


def _detail(event: AuditEvent) -> str:
    said = event.data
    lines = [str(said.get(key) or "") for key in ("reason", "note", "answer")]
    if planned := said.get("planned_for"):
        lines.insert(0, gettext("Hẹn làm lúc %(when)s.") % {"when": _moment(planned)})
    if back_on := said.get("back_on"):
        what = BuildingRequest.Waiting(said["waiting_for"]).label
        lines.insert(
            0,
            gettext("%(what)s, xem lại ngày %(day)s.")
            % {"what": str(what).capitalize(), "day": f"{date.fromisoformat(back_on):%d/%m/%Y}"},
        )
    if elsewhere := said.get("elsewhere"):
        lines.append(gettext("Nơi giải quyết: %(where)s") % {"where": elsewhere})
    if executor := said.get("executor"):
        lines.append(gettext("Người làm: %(who)s") % {"who": executor})
    if into := said.get("into"):
        lines.append(str(into))
    return "\n".join(line for line in lines if line)


def _moment(text: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(text)):%H:%M %d/%m/%Y}"
