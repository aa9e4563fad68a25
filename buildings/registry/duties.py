"""What a building's operator owes its residents, and what the service fee does not pay for (domain.md §5)."""

from django.utils.translation import gettext_lazy as _

OF_OPERATOR = (  # [VH], [BQL]
    _("Vận hành, bảo dưỡng thang máy, máy bơm nước, máy phát điện, hệ thống báo cháy và chữa cháy"),
    _("Bảo vệ, vệ sinh, thu gom rác, diệt côn trùng ở phần sở hữu chung"),
    _("Thông báo bằng văn bản các khoản phải đóng"),
    _("Cảnh báo kịp thời khi có thiên tai, dịch bệnh, cháy nổ"),
    _("Hướng dẫn việc lắp đặt, sửa chữa trong căn hộ"),
)
NOT_IN_FEE = (  # [VH]
    _("bảo hiểm cháy, nổ"),
    _("kinh phí bảo trì phần sở hữu chung"),
    _("giá trông giữ xe"),
    _("điện, nước, điện thoại, truyền hình, Internet"),
    _("thù lao Ban quản trị"),
)
