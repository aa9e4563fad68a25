"""What the resident is told.

Every notice says: agency, who holds the dossier, what is next, by when (NĐ 224/2026 art. 15).
"""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from buildings.models import Ward
from portal.core import outbox
from portal.core.models import Notification
from portal.core.workflow import Transition

from .. import transitions as moves
from ..models import Dossier, Lateness, SupplementRequest
from .desk import work_arrived
from .telling import tell_owner, when


def begun_at_counter(dossier: Dossier, *, at: datetime) -> None:
    """A clerk opens a form in somebody's name: they are told at once, in case they did not ask for it."""
    tell_owner(
        dossier,
        "begun",
        at,
        lambda: (
            _("Cán bộ phường đang điền hồ sơ giúp bạn"),
            _("%(who)s đang điền một hồ sơ giúp bạn tại quầy. Nếu bạn không yêu cầu, hãy gọi %(phone)s.")
            % {"who": dossier.filed_by, "phone": dossier.ward.phone.as_national if dossier.ward.phone else ""},
        ),
    )


def submitted(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        "submitted",
        at,
        lambda: (
            _("Đã nhận hồ sơ %(code)s") % {"code": dossier.code},
            _("Hồ sơ của bạn đã đến %(ward)s.") % {"ward": dossier.ward.shown},
        ),
    )
    work_arrived(dossier, at=at)


def accepted(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        "accepted",
        at,
        lambda: (
            _("Hồ sơ %(code)s đã được tiếp nhận") % {"code": dossier.code},
            _("Hẹn trả kết quả: %(due)s.") % {"due": when(dossier.due_at)},
        ),
    )
    _invite_to_rate(dossier, "receipt", at=at)


def supplement_requested(dossier: Dossier, request: SupplementRequest, *, at: datetime) -> None:
    def words() -> tuple[str, str]:
        return (
            _("Hồ sơ %(code)s cần bổ sung") % {"code": dossier.code},
            _(
                "Có %(count)s nội dung cần bổ sung. Mở hồ sơ để xem từng nội dung và gửi bổ sung. Người hướng dẫn: %(who)s."
            )
            % {"count": request.items.count(), "who": request.contact},
        )

    tell_owner(dossier, f"supplement:{request.pk}", at, words)
    _invite_to_rate(dossier, "supplement", at=at)


def supplement_answered(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        f"answered:{at.timestamp()}",
        at,
        lambda: (
            _("Đã nhận phần bổ sung của hồ sơ %(code)s") % {"code": dossier.code},
            _("%(ward)s sẽ xem lại hồ sơ từ đầu.") % {"ward": dossier.ward.shown},
        ),
    )
    work_arrived(dossier, at=at)


def refused(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        "refused",
        at,
        lambda: (
            _("Hồ sơ %(code)s không được tiếp nhận") % {"code": dossier.code},
            _("Mở hồ sơ để xem lý do và phiếu từ chối."),
        ),
    )
    _invite_to_rate(dossier, "refusal", at=at)


def withdrawn(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
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
            _("Hẹn trả kết quả: %(due)s.") % {"due": when(dossier.due_at)},
        )

    tell_owner(dossier, f"{move.name}:{at.timestamp()}", at, words)
    if move is moves.DELIVER:
        _invite_to_rate(dossier, "delivery", at=at)


def result_ready(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        "result",
        at,
        lambda: (
            _("Hồ sơ %(code)s đã có kết quả") % {"code": dossier.code},
            _("Kết quả đã được ký số. Mở hồ sơ để tải về."),
        ),
    )


def correction_ready(dossier: Dossier, old: str, new: str, *, at: datetime) -> None:
    """A corrected result takes the place of the one they have."""
    tell_owner(
        dossier,
        f"corrected:{new}",
        at,
        lambda: (
            _("Kết quả hồ sơ %(code)s đã được đính chính") % {"code": dossier.code},
            _("Văn bản số %(new)s thay thế văn bản số %(old)s. Mở hồ sơ để tải bản mới; bản cũ không còn giá trị.")
            % {"new": new, "old": old},
        ),
    )


def receipt_ready(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        "receipt",
        at,
        lambda: (
            _("Giấy tiếp nhận hồ sơ %(code)s") % {"code": dossier.code},
            _("Giấy tiếp nhận và hẹn trả kết quả đã có trong hồ sơ của bạn."),
        ),
    )


def closed(dossier: Dossier, *, at: datetime, why: str) -> None:
    """`why`: a key of `slips.WHY_STOPPED`."""

    def words() -> tuple[str, str]:
        body = (
            _("Bạn được mời mà chưa đến trong thời hạn nên hồ sơ đã đóng. Bạn nộp lại được bất cứ lúc nào.")
            if why == "absent"
            else _("Hồ sơ không được bổ sung trong thời hạn nên đã đóng. Bạn nộp lại được bất cứ lúc nào.")
        )
        return _("Hồ sơ %(code)s đã đóng") % {"code": dossier.code}, body

    tell_owner(dossier, "closed", at, words)


def stopped(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        "stopped",
        at,
        lambda: (
            _("Hồ sơ %(code)s đã dừng giải quyết") % {"code": dossier.code},
            _("Mở hồ sơ để xem lý do và thông báo dừng giải quyết."),
        ),
    )


def silence_warned(dossier: Dossier, *, day: int, at: datetime) -> None:
    tell_owner(
        dossier,
        f"silence:{day}:{dossier.pauses.count()}",
        at,
        lambda: (
            _("Hồ sơ %(code)s vẫn chờ bạn bổ sung") % {"code": dossier.code},
            _("Đã %(day)s ngày làm việc chưa có bổ sung. Quá %(limit)s ngày, hồ sơ sẽ tự đóng.")
            % {"day": day, "limit": dossier.rules.supplement_silence_days},
        ),
    )


def fee_asked(dossier: Dossier, *, at: datetime, amount: int) -> None:
    tell_owner(
        dossier,
        f"fee:{at.timestamp()}",
        at,
        lambda: (
            _("Hồ sơ %(code)s cần nộp phí, lệ phí") % {"code": dossier.code},
            _("Số tiền: %(amount)s đồng. Mở hồ sơ để xem thông báo.")
            % {"amount": number_format(amount, force_grouping=True)},
        ),
    )


def confirmation_asked(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        f"confirmation:{at.timestamp()}",
        at,
        lambda: (
            _("Hồ sơ %(code)s chờ bạn xác nhận") % {"code": dossier.code},
            _("Kiểm tra bản điện tử trong hồ sơ. Sau một ngày làm việc không có ý kiến, bản này coi như được đồng ý."),
        ),
    )


def visit_asked(dossier: Dossier, *, at: datetime) -> None:
    tell_owner(
        dossier,
        f"visit:{at.timestamp()}",
        at,
        lambda: (
            _("Hồ sơ %(code)s: mời bạn đến theo hẹn") % {"code": dossier.code},
            _("Chọn ngày giờ đến trong hồ sơ. Trong khi chờ, thời hạn giải quyết tạm dừng."),
        ),
    )


def visit_awaited(dossier: Dossier, *, day: int, at: datetime) -> None:
    """They were invited, and have neither come nor made a new appointment."""
    tell_owner(
        dossier,
        f"not_come:{day}:{at.timestamp()}",
        at,
        lambda: (
            _("Hồ sơ %(code)s vẫn chờ bạn đến") % {"code": dossier.code},
            _(
                "Đã %(day)s ngày làm việc phường chờ bạn. Chọn giờ hẹn trong hồ sơ; quá %(limit)s ngày, hồ sơ sẽ tự đóng."
            )
            % {"day": day, "limit": dossier.rules.visit_silence_days},
        ),
    )


def verification_asked(dossier: Dossier, *, at: datetime) -> None:
    """Why it takes longer, and until when. Whom the ward asked is read in the dossier, not in an SMS."""
    tell_owner(
        dossier,
        "verification",
        at,
        lambda: (
            _("Hồ sơ %(code)s phải xác minh, hẹn trả ngày khác") % {"code": dossier.code},
            _("Phường phải hỏi cơ quan khác mới giải quyết được. Hẹn trả kết quả: %(due)s. Mở hồ sơ để xem lý do.")
            % {"due": when(dossier.promised_at)},
        ),
    )


def ward_changed(dossier: Dossier, old: Ward, *, because: str, at: datetime) -> None:
    """Wards were merged or split: who answers for it now, and that nothing else has changed."""

    def words() -> tuple[str, str]:
        body = _(
            "%(old)s chuyển hồ sơ cho %(new)s (%(because)s). Mã hồ sơ, giấy tờ và ngày hẹn trả không đổi; bạn không phải nộp lại gì. Liên hệ: %(address)s, %(phone)s."
        )
        facts = {
            "old": old.shown,
            "new": dossier.ward.shown,
            "because": because,
            "address": dossier.ward.address,
            "phone": dossier.ward.phone.as_national,
        }
        return _("Hồ sơ %(code)s nay do %(ward)s giải quyết") % {
            "code": dossier.code,
            "ward": dossier.ward.shown,
        }, body % facts

    tell_owner(dossier, f"ward_changed:{dossier.ward_id}:{at.timestamp()}", at, words)


def draft_changed_ward(draft: Dossier, old: Ward, *, at: datetime) -> None:
    tell_owner(
        draft,
        f"draft_moved:{draft.ward_id}:{at.timestamp()}",
        at,
        lambda: (
            _("Bản nháp của bạn nay gửi đến %(ward)s") % {"ward": draft.ward.shown},
            _("%(old)s đã sắp xếp lại. Những gì bạn đã điền còn nguyên: mở bản nháp để xem lại và nộp.")
            % {"old": old.shown},
        ),
    )


def draft_left_behind(draft: Dossier, ward: Ward, *, at: datetime) -> None:
    """The new ward does not offer the service (yet): the draft stays, and cannot be sent for now."""
    tell_owner(
        draft,
        f"draft_stays:{ward.pk}",
        at,
        lambda: (
            _("Bản nháp của bạn chưa gửi được"),
            _(
                "%(old)s không còn nhận hồ sơ và %(new)s chưa có thủ tục này trên cổng. Bản nháp còn nguyên. Hãy gọi %(phone)s để được hướng dẫn."
            )
            % {"old": draft.ward.shown, "new": ward.shown, "phone": ward.phone.as_national},
        ),
    )


def draft_ends(draft: Dossier, *, ends: datetime, at: datetime) -> None:
    tell_owner(
        draft,
        _draft_ends(draft),
        at,
        lambda: (
            _("Bản nháp sẽ bị xóa sau ngày %(date)s") % {"date": f"{timezone.localtime(ends):%d/%m/%Y}"},
            _(
                "Bạn chưa gửi hồ sơ này và đã lâu không mở lại. Để bảo vệ giấy tờ của bạn, bản nháp và các tệp kèm theo sẽ bị xóa. Muốn giữ lại, hãy mở bản nháp và lưu một trang."
            ),
        ),
    )


def draft_warning(draft: Dossier) -> Notification | None:
    """That its owner was warned of the end of this draft, as it has stood since its last change."""
    key = f"{draft.owner_id}:dossier:{draft.pk}:{_draft_ends(draft)}"
    return Notification.objects.filter(key=key).first()


def _draft_ends(draft: Dossier) -> str:
    return f"draft_ends:{int(draft.changed_at.timestamp())}"


def lateness_owned_up(dossier: Dossier, case: Lateness, *, at: datetime) -> None:
    """The resident sees at once that it is late, and that an apology is owed."""
    tell_owner(
        dossier,
        f"late:{case.pk}",
        at,
        lambda: (
            _("Hồ sơ %(code)s đang bị chậm") % {"code": dossier.code},
            _("Bước “%(step)s” đã quá hạn. Phường phải giải trình và gửi thư xin lỗi bạn.") % {"step": case.what},
        ),
    )


def apology_arrives(dossier: Dossier, case: Lateness, *, at: datetime) -> None:
    """The apology itself, with its reason and its date. What becomes of it is recorded (`then`)."""

    def words() -> tuple[str, str]:
        body = _("%(ward)s xin lỗi bạn. Lý do: %(reason)s") % {"ward": dossier.ward.shown, "reason": case.apology}
        if case.new_due_at:
            body += "\n" + _("Hẹn lại ngày trả kết quả: %(due)s.") % {"due": when(case.new_due_at)}
        return _("Thư xin lỗi về hồ sơ %(code)s") % {"code": dossier.code}, body

    tell_owner(dossier, f"apology:{case.pk}", at, words, then="dossiers.apology_arrived")


def _invite_to_rate(dossier: Dossier, event: str, *, at: datetime) -> None:
    """Promised by name: the room of ratings lies above this one (domain.md §1.7)."""
    payload = {"dossier_id": str(dossier.pk), "event": event}
    outbox.enqueue("ratings.invite", f"{dossier.pk}:{event}", at=at, payload=payload)
