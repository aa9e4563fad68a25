"""The moves of the managers as screens: one row a move. What may be done is the table's to say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core import workflow
from portal.core.models import User

from ..requests import actions, contractors, referrals
from ..requests import transitions as moves
from ..requests.models import BuildingRequest
from .move_forms import (
    AssignForm,
    ContractorForm,
    FinishForm,
    JoinForm,
    MoveForm,
    PlanForm,
    ReclassifyForm,
    ReferForm,
    RefuseForm,
    WaitForm,
)


@dataclass(frozen=True)
class MovePage:
    name: str
    slug: str  # in its address
    move: workflow.Transition
    action: Callable[..., Any]
    follows: str | Promise  # what it brings about, said before it is done
    done: str | Promise  # said after it was done
    form: type[MoveForm] = MoveForm
    kind: str = "primary"  # of its button
    title: str | Promise = ""

    @property
    def label(self) -> str | Promise:
        return self.title or self.move.label


# In the order in which a screen offers them: what leads on first.
PAGES = {
    page.slug: page
    for page in (
        MovePage(
            "accept",
            "tiep-nhan",
            moves.ACCEPT,
            actions.accept,
            _("Cư dân được báo: ban quản lý đã nhận, ai chịu trách nhiệm và hạn xong."),
            _("Đã tiếp nhận %(code)s."),
        ),
        MovePage(
            "finish",
            "xong",
            moves.FINISH,
            actions.finish,
            _("Cư dân xem ảnh và xác nhận. Không trả lời sau vài ngày làm việc thì coi là đồng ý."),
            _("Đã báo xong %(code)s. Chờ cư dân xác nhận."),
            form=FinishForm,
        ),
        MovePage(
            "plan",
            "hen-ngay",
            moves.PLAN,
            actions.plan,
            _("Cư dân được báo ngày giờ này. Hẹn không được muộn hơn hạn đã hứa."),
            _("Đã hẹn ngày làm cho %(code)s."),
            form=PlanForm,
        ),
        MovePage(
            "assign",
            "giao-viec",
            moves.ASSIGN,
            actions.assign,
            _("Người chịu trách nhiệm trả lời cư dân; người làm là người đến tận nơi."),
            _("Đã giao %(code)s."),
            form=AssignForm,
        ),
        MovePage(
            "contractor",
            "nha-thau",
            moves.ASSIGN,
            contractors.send_link,
            _(
                "Bạn nhận một liên kết để gửi cho nhà thầu. Ai có liên kết xem được nội dung, ảnh, nơi cần làm và báo "
                "xong được, không cần tài khoản; không thấy tên và số điện thoại của cư dân."
            ),
            _("Đã tạo liên kết cho nhà thầu của %(code)s."),
            form=ContractorForm,
            title=_("Giao nhà thầu"),
        ),
        MovePage(
            "resume",
            "lam-tiep",
            moves.RESUME,
            actions.resume,
            _("Yêu cầu trở lại danh sách phải làm và thời hạn tính tiếp."),
            _("%(code)s đang được làm tiếp."),
        ),
        MovePage(
            "wait",
            "tam-cho",
            moves.WAIT,
            actions.wait,
            _("Cư dân được báo đang chờ gì và đến ngày nào."),
            _("%(code)s đang tạm chờ."),
            form=WaitForm,
        ),
        MovePage(
            "join",
            "gop",
            moves.JOIN,
            actions.join,
            _("Người gửi yêu cầu này được báo về tiến độ của yêu cầu được giữ lại."),
            _("Đã gộp %(code)s."),
            form=JoinForm,
        ),
        MovePage(
            "reclassify",
            "sua-nhom",
            moves.RECLASSIFY,
            actions.reclassify,
            _("Hạn tính lại theo nhóm việc và mức độ mới; cư dân đọc được lý do."),
            _("Đã sửa nhóm việc, mức độ của %(code)s."),
            form=ReclassifyForm,
        ),
        MovePage(
            "refer",
            "chuyen-phuong",
            moves.REFER,
            referrals.refer,
            _("Thời hạn của ban quản lý dừng lại cho đến khi phường trả lời. Cư dân được báo."),
            _("Đã chuyển %(code)s cho phường."),
            form=ReferForm,
        ),
        MovePage(
            "refuse",
            "tu-choi",
            moves.REFUSE,
            actions.refuse,
            _("Cư dân được báo lý do và nơi khác có thể đến. Cư dân đề nghị xem lại được một lần."),
            _("Đã từ chối %(code)s."),
            form=RefuseForm,
            kind="warning",
        ),
    )
}
CHIEF = ("accept", "finish", "plan", "resume")  # what leads on; the others stand aside


def available_pages(request: BuildingRequest, manager: User, *, at: datetime) -> list[MovePage]:
    """What this manager may do now, what leads on first."""
    table = {page.move.name: page.move for page in PAGES.values()}
    open_to = {move.name for move in workflow.available(table.values(), request, manager, at=at)}
    return [page for page in PAGES.values() if page.move.name in open_to]
