"""What the desk is told: the officers and the leaders of the dossier's ward."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from buildings.models import holders_of
from portal.core.models import User
from portal.core.notifications import notify

from ..models import Dossier, Lateness, Step
from .telling import tell_leaders, tell_officer, when


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
            body=_("Hạn của bước: %(due)s.") % {"due": when(step.due_at)},
            url=reverse("desk:dossier", args=[dossier.pk]),
            at=at,
        )


def supplement_proposed(dossier: Dossier, *, at: datetime) -> None:
    tell_leaders(
        dossier,
        f"proposed:{at.timestamp()}",
        at,
        lambda: (
            _("Chờ duyệt yêu cầu bổ sung, hồ sơ %(code)s") % {"code": dossier.code},
            _("Công chức thụ lý đề nghị công dân bổ sung sau khi đã tiếp nhận."),
        ),
    )


def correction_drafted(dossier: Dossier, *, at: datetime) -> None:
    tell_leaders(
        dossier,
        f"correction:{at.timestamp()}",
        at,
        lambda: (
            _("Chờ ký bản đính chính, hồ sơ %(code)s") % {"code": dossier.code},
            _("Kết quả đã phát hành có sai sót. Mở hồ sơ để xem chỗ sai và ký bản thay thế."),
        ),
        to="desk:correction",
    )


def correction_signed(dossier: Dossier, *, at: datetime) -> None:
    """Whoever numbers and issues for the agency goes on with it."""

    def words() -> tuple[str, str]:
        return (
            _("Chờ cấp số bản đính chính, hồ sơ %(code)s") % {"code": dossier.code},
            _("Lãnh đạo đã ký bản thay thế. Cấp số rồi phát hành; từ lúc đó văn bản cũ hết hiệu lực."),
        )

    for holder in holders_of(dossier.agency.registrar, dossier.ward).select_related("user"):
        tell_officer(dossier, holder.user, f"correction_signed:{at.timestamp()}", at, words, to="desk:correction")


def correction_declined(dossier: Dossier, drafted_by: User, *, at: datetime, reason: str) -> None:
    def words() -> tuple[str, str]:
        return _("Bản đính chính không được duyệt, hồ sơ %(code)s") % {"code": dossier.code}, reason

    tell_officer(dossier, drafted_by, f"correction_declined:{at.timestamp()}", at, words, to="desk:correction")


def leader_steps_in(dossier: Dossier, step: Step, *, at: datetime) -> None:
    tell_officer(
        dossier,
        step.assignee,
        f"instead:{step.pk}:{at.timestamp()}",
        at,
        lambda: (
            _("Bước “%(step)s” không có người nhận") % {"step": step.name},
            _("Hồ sơ %(code)s được giao cho bạn. Hãy tự xử lý hoặc phân công người khác.") % {"code": dossier.code},
        ),
    )


def intake_waits(dossier: Dossier, *, at: datetime) -> None:
    step = dossier.owed_step
    tell_officer(
        dossier,
        step.assignee,
        f"intake:{step.turn}",
        at,
        lambda: (
            _("Hồ sơ %(code)s chờ tiếp nhận đã 2 giờ làm việc") % {"code": dossier.code},
            _("Phải trả lời công dân trước %(due)s.") % {"due": when(step.due_at)},
        ),
    )


def forecast(dossier: Dossier, *, at: datetime, kind: str) -> None:
    """To whoever holds it and to the leaders: it will be late unless something is done."""

    def words() -> tuple[str, str]:
        return (
            _("Hồ sơ %(code)s có nguy cơ quá hạn") % {"code": dossier.code},
            _("Hẹn trả %(due)s. Công việc còn lại khó kịp trong thời gian còn lại.")
            % {"due": when(dossier.promised_at)},
        )

    step = dossier.owed_step
    key = f"{kind}:{dossier.promised_at}:{step.turn}"
    tell_officer(dossier, step.assignee, key, at, words)
    tell_leaders(dossier, key, at, words)


def late(dossier: Dossier, case: Lateness, *, at: datetime) -> None:
    def words() -> tuple[str, str]:
        return (
            _("Hồ sơ %(code)s quá hạn, tạm dừng chuyển bước") % {"code": dossier.code},
            _("Bước “%(step)s” quá hạn. Cần giải trình và thư xin lỗi trước khi hồ sơ đi tiếp.") % {"step": case.what},
        )

    tell_officer(dossier, case.responsible, f"late:{case.pk}", at, words)
    tell_leaders(dossier, f"late:{case.pk}", at, words)


def visit_missed(dossier: Dossier, *, day: int, at: datetime) -> None:
    """The desk and its leaders are asked to do something before it closes by itself."""

    def words() -> tuple[str, str]:
        return (
            _("Hồ sơ %(code)s: công dân chưa đến") % {"code": dossier.code},
            _(
                "Đã %(day)s ngày làm việc từ khi mời. Gọi điện, đặt giờ hẹn giúp, hoặc trình lãnh đạo dừng. "
                "Quá %(limit)s ngày, hồ sơ sẽ tự đóng."
            )
            % {"day": day, "limit": dossier.rules.visit_silence_days},
        )

    key = f"not_come:{day}:{at.timestamp()}"
    tell_officer(dossier, dossier.owed_step.assignee, key, at, words)
    tell_leaders(dossier, key, at, words)
