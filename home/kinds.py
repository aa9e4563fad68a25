"""What a ward announces, by topic (domain.md §6), and the rules of each topic as data.

Which topics must be published, for how long and how is said by Luật Thực hiện dân chủ ở cơ sở
(10/2022/QH15): art. 11 names the content, art. 12 and 13 the ways and the time. To add a kind: a
member and a row of `RULES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LAW = _("Điều 11 Luật Thực hiện dân chủ ở cơ sở")
PUBLISHED_WITHIN = 5  # working days after the decision
KEPT_UP = 30  # consecutive days, at least
SPOKEN = 3  # days in a row, at least, over the loudspeakers
DOWNTIME_NOTICE = 7  # working days ahead (NĐ 224/2026)


@dataclass(frozen=True)
class Rule:
    """What the law and good order ask of one kind of announcement."""

    clause: str | Promise = ""  # the content art. 11 obliges the ward to publish; empty: not obliged
    kept_for_good: bool = False  # comes down only when what it says no longer holds
    loudspeaker: bool = False  # to be read over the loudspeakers too, `SPOKEN` days
    shown_days: int | None = None  # proposed to the editor as the day it comes down; None: stays
    may_be_urgent: bool = False
    event: bool = False  # has a date and a place
    downtime: bool = False  # names services that will not answer


class Kind(models.TextChoices):
    """The value is what the address of the filtered list says."""

    RECEPTION = "tiep-cong-dan", _("Lịch tiếp công dân")
    PROCEDURES = "thu-tuc-hanh-chinh", _("Thủ tục hành chính")
    FEES = "phi-le-phi", _("Phí, lệ phí")
    MILITARY = "nghia-vu-quan-su", _("Nghĩa vụ quân sự")
    SUPPORT = "tro-cap-bao-hiem", _("Trợ cấp, hộ nghèo, bảo hiểm y tế")
    CONSULTATION = "lay-y-kien", _("Lấy ý kiến nhân dân")
    LAND = "du-an-thu-hoi-dat", _("Dự án, thu hồi đất")
    BUDGET = "ngan-sach", _("Ngân sách")
    FUNDS = "quy-dong-gop", _("Quỹ, khoản đóng góp")
    HEALTH = "tiem-chung-phong-dich", _("Tiêm chủng, phòng dịch")
    OUTAGE = "cat-dien-nuoc", _("Cắt điện, cắt nước")
    FIRE = "phong-chay", _("Phòng cháy, chữa cháy")
    SAFETY = "an-ninh", _("An ninh, tạm trú, cảnh báo lừa đảo")
    ENVIRONMENT = "ve-sinh-moi-truong", _("Vệ sinh môi trường")
    EVENTS = "tuyen-sinh-su-kien", _("Tuyển sinh, bầu cử, sự kiện")
    DOWNTIME = "tam-ngung-dich-vu", _("Tạm ngừng dịch vụ trực tuyến")

    @property
    def rule(self) -> Rule:
        return RULES[self]

    @property
    def obliged(self) -> bool:
        """Whether article 11 obliges the ward to publish it."""
        return bool(RULES[self].clause)

    @property
    def basis(self) -> str:
        """Why it is published, as the register says it; empty when no law obliges to."""
        return f"{LAW}: {RULES[self].clause}" if self.obliged else ""


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        Kind.RECEPTION: Rule(shown_days=30, event=True),
        Kind.PROCEDURES: Rule(_("thủ tục hành chính do phường giải quyết"), kept_for_good=True),
        Kind.FEES: Rule(_("đối tượng, mức thu phí, lệ phí"), loudspeaker=True),
        Kind.MILITARY: Rule(_("danh sách gọi nhập ngũ, tạm hoãn"), loudspeaker=True),
        Kind.SUPPORT: Rule(_("trợ cấp, hộ nghèo, bảo hiểm y tế"), loudspeaker=True),
        Kind.CONSULTATION: Rule(_("nội dung và kết quả lấy ý kiến nhân dân"), loudspeaker=True),
        Kind.LAND: Rule(_("dự án, phương án bồi thường, thu hồi đất")),
        Kind.BUDGET: Rule(_("dự toán, quyết toán ngân sách")),
        Kind.FUNDS: Rule(_("quản lý, sử dụng các quỹ, khoản nhân dân đóng góp")),
        Kind.HEALTH: Rule(shown_days=60, may_be_urgent=True, event=True),
        Kind.OUTAGE: Rule(shown_days=14, may_be_urgent=True),
        Kind.FIRE: Rule(shown_days=90, may_be_urgent=True, event=True),
        Kind.SAFETY: Rule(shown_days=90, may_be_urgent=True),
        Kind.ENVIRONMENT: Rule(shown_days=60, may_be_urgent=True, event=True),
        Kind.EVENTS: Rule(shown_days=90, event=True),
        Kind.DOWNTIME: Rule(shown_days=60, may_be_urgent=True, downtime=True),
    }
)
