"""What a ward announces, by topic (domain.md §6), and which topics the law obliges it to publish."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    def obliged(self) -> bool:
        """Article 11 of Luật Thực hiện dân chủ ở cơ sở (10/2022/QH15) obliges the ward to publish it."""
        return self in OBLIGED


OBLIGED = frozenset(
    {
        Kind.PROCEDURES,
        Kind.FEES,
        Kind.MILITARY,
        Kind.SUPPORT,
        Kind.CONSULTATION,
        Kind.LAND,
        Kind.BUDGET,
        Kind.FUNDS,
    }
)
