"""What people are told, and when: one function an event, called inside the action's transaction.

Every notice to a resident says: agency, who holds the dossier, what is next, by when (NĐ 224/2026
art. 15). No personal data: these texts travel by e-mail and SMS.
"""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.core.models import User
from portal.core.notifications import notify
from portal.core.workflow import Transition

from . import transitions as moves
from .models import Dossier, SupplementRequest


def submitted(dossier: Dossier, *, at: datetime) -> None:
    _tell_owner(
        dossier,
        "submitted",
        at,
        lambda: (
            _("Đã nhận hồ sơ %(code)s") % {"code": dossier.code},
            _("Hồ sơ của bạn đã đến %(ward)s.") % {"ward": dossier.ward},
        ),
    )
    work_arrived(dossier, at=at)


def accepted(dossier: Dossier, *, at: datetime) -> None:
    _tell_owner(
        dossier,
        "accepted",
        at,
        lambda: (
            _("Hồ sơ %(code)s đã được tiếp nhận") % {"code": dossier.code},
            _("Hẹn trả kết quả: %(due)s.") % {"due": _when(dossier.due_at)},
        ),
    )


def supplement_requested(dossier: Dossier, request: SupplementRequest, *, at: datetime) -> None:
    def words() -> tuple[str, str]:
        return (
            _("Hồ sơ %(code)s cần bổ sung") % {"code": dossier.code},
            _(
                "Có %(count)s nội dung cần bổ sung. Mở hồ sơ để xem từng nội dung và gửi bổ sung. Người hướng dẫn: %(who)s."
            )
            % {"count": request.items.count(), "who": request.contact},
        )

    _tell_owner(dossier, f"supplement:{request.pk}", at, words)


def supplement_answered(dossier: Dossier, *, at: datetime) -> None:
    _tell_owner(
        dossier,
        f"answered:{at.timestamp()}",
        at,
        lambda: (
            _("Đã nhận phần bổ sung của hồ sơ %(code)s") % {"code": dossier.code},
            _("%(ward)s sẽ xem lại hồ sơ từ đầu.") % {"ward": dossier.ward},
        ),
    )
    work_arrived(dossier, at=at)


def refused(dossier: Dossier, *, at: datetime) -> None:
    _tell_owner(
        dossier,
        "refused",
        at,
        lambda: (
            _("Hồ sơ %(code)s không được tiếp nhận") % {"code": dossier.code},
            _("Mở hồ sơ để xem lý do và phiếu từ chối."),
        ),
    )


def withdrawn(dossier: Dossier, *, at: datetime) -> None:
    _tell_owner(
        dossier,
        "withdrawn",
        at,
        lambda: (_("Hồ sơ %(code)s đã được rút") % {"code": dossier.code}, _("Bạn đã rút hồ sơ này.")),
    )


def moved_on(dossier: Dossier, move: Transition, *, at: datetime) -> None:
    def words() -> tuple[str, str]:
        if move is moves.DELIVER:
            return _("Đã trả kết quả hồ sơ %(code)s") % {"code": dossier.code}, _("Hồ sơ đã hoàn thành.")
        return (
            _("Hồ sơ %(code)s đã chuyển bước") % {"code": dossier.code},
            _("Hẹn trả kết quả: %(due)s.") % {"due": _when(dossier.due_at)},
        )

    _tell_owner(dossier, f"{move.name}:{at.timestamp()}", at, words)


def result_ready(dossier: Dossier, *, at: datetime) -> None:
    _tell_owner(
        dossier,
        "result",
        at,
        lambda: (
            _("Hồ sơ %(code)s đã có kết quả") % {"code": dossier.code},
            _("Kết quả đã được ký số. Mở hồ sơ để tải về."),
        ),
    )


def receipt_ready(dossier: Dossier, *, at: datetime) -> None:
    _tell_owner(
        dossier,
        "receipt",
        at,
        lambda: (
            _("Giấy tiếp nhận hồ sơ %(code)s") % {"code": dossier.code},
            _("Giấy tiếp nhận và hẹn trả kết quả đã có trong hồ sơ của bạn."),
        ),
    )


def work_arrived(dossier: Dossier, *, at: datetime) -> None:
    """Tell the person who owes the step now."""
    step = dossier.current_step
    if step is None or step.assignee is None:
        return
    with translation.override(step.assignee.preferred_language):
        notify(
            step.assignee,
            kind="desk.work",
            key=f"work:{step.pk}:{at.timestamp()}",
            title=_("Việc mới: %(step)s, hồ sơ %(code)s") % {"step": step.name, "code": dossier.code},
            body=_("Hạn của bước: %(due)s.") % {"due": _when(step.due_at)},
            url=reverse("desk:dossier", args=[dossier.pk]),
            at=at,
        )


def _tell_owner(dossier: Dossier, what: str, at: datetime, words) -> None:
    owner: User = dossier.owner
    with translation.override(owner.preferred_language):
        title, body = words()
        notify(
            owner,
            kind=f"dossiers.{what.split(':')[0]}",
            key=f"dossier:{dossier.pk}:{what}",
            title=title,
            body="\n".join([body, *_where_it_stands(dossier)]),
            url=dossier.get_absolute_url(),
            at=at,
        )


def _where_it_stands(dossier: Dossier) -> list[str]:
    lines = [_("Cơ quan: %(agency)s") % {"agency": dossier.ward}]
    step = dossier.current_step
    if step and step.assignee and dossier.state != moves.S.SUPPLEMENT:
        lines.append(_("Người đang xử lý: %(who)s (%(step)s)") % {"who": step.assignee, "step": step.name})
        lines.append(_("Hạn của bước này: %(due)s") % {"due": _when(step.due_at)})
    return lines


def _when(moment: datetime | None) -> str:
    if not moment:
        return ""
    local = timezone.localtime(moment)
    return _("%(time)s ngày %(date)s") % {"time": f"{local:%H:%M}", "date": f"{local:%d/%m/%Y}"}
