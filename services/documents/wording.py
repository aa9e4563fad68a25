"""Verdicts in plain words: what is so, and what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import IssuedDocument
from .verifying import Outcome

# outcome → tone of the notice, its title, what it means
WORDS: dict[Outcome, tuple[str, Promise | str, Promise | str]] = {
    Outcome.VALID: (
        "success",
        _("Văn bản thật, đang có hiệu lực"),
        _("Tệp này đúng là văn bản đã phát hành, còn nguyên vẹn, có chữ ký số của cơ quan ban hành."),
    ),
    Outcome.REPLACED: (
        "warning",
        _("Văn bản thật, nhưng đã được thay thế"),
        _("Tệp còn nguyên vẹn, nhưng cơ quan ban hành đã phát hành văn bản khác thay thế. Hãy yêu cầu văn bản mới."),
    ),
    Outcome.REVOKED: (
        "error",
        _("Văn bản đã bị thu hồi"),
        _("Tệp còn nguyên vẹn, nhưng cơ quan ban hành đã thu hồi văn bản này. Văn bản không còn giá trị."),
    ),
    Outcome.ALTERED: (
        "error",
        _("Tệp đã bị sửa sau khi ký"),
        _("Nội dung không còn khớp với chữ ký số của cơ quan ban hành. Không dùng tệp này."),
    ),
    Outcome.APPENDED: (
        "error",
        _("Tệp đã bị thêm nội dung sau khi ký"),
        _(
            "Phần gốc có chữ ký số đúng, nhưng phần thêm vào phía sau có thể thay đổi điều bạn nhìn thấy. Không dùng tệp này."
        ),
    ),
    Outcome.STRIPPED: (
        "error",
        _("Chữ ký số đã bị gỡ khỏi tệp"),
        _(
            "Tệp mang mã kiểm tra của một văn bản đã phát hành nhưng không còn chữ ký số của cơ quan. Hãy yêu cầu tệp gốc."
        ),
    ),
    Outcome.UNSIGNED: (
        "error",
        _("Tệp không có chữ ký số"),
        _("Đây không phải văn bản điện tử do các phường phát hành trên cổng này."),
    ),
    Outcome.IMPOSTOR: (
        "error",
        _("Chữ ký số giả mạo"),
        _(
            "Chứng thư dùng để ký không phải của người và cơ quan đã ban hành văn bản, hoặc không do cơ quan chứng thực của cổng cấp."
        ),
    ),
    Outcome.FOREIGN: (
        "error",
        _("Tệp do nơi khác ký số"),
        _("Tệp có chữ ký số nhưng không phải của các phường trên cổng này."),
    ),
    Outcome.UNKNOWN: (
        "error",
        _("Không có văn bản này trong sổ"),
        _("Chữ ký số đúng nhưng cổng không lưu văn bản nào như vậy. Hãy hỏi cơ quan ban hành."),
    ),
    Outcome.UNREADABLE: (
        "error",
        _("Không đọc được tệp"),
        _("Tệp bị hỏng hoặc không đúng định dạng PDF. Hãy tải lại tệp gốc từ cổng rồi thử lại."),
    ),
    Outcome.NOT_PDF: (
        "error",
        _("Tệp không phải PDF"),
        _("Hãy chọn đúng tệp PDF đã tải về. Ảnh chụp hoặc bản in thì kiểm tra bằng mã QR."),
    ),
    Outcome.TOO_BIG: (
        "error",
        _("Tệp quá lớn"),
        _("Văn bản của cổng không bao giờ lớn hơn 5 MB. Hãy chọn đúng tệp đã tải về."),
    ),
}

State = IssuedDocument.State

# What a QR code alone can tell: nothing of the paper it is printed on.
STANDING: dict[str, tuple[str, Promise | str, Promise | str]] = {
    State.ISSUED: (
        "success",
        _("Mã đúng, văn bản đang có hiệu lực"),
        _(
            "Hãy so những thông tin dưới đây với bản bạn đang cầm. Muốn chắc từng chữ không bị sửa, hãy kiểm tra tệp PDF."
        ),
    ),
    State.REPLACED: (
        "warning",
        _("Mã đúng, nhưng văn bản đã được thay thế"),
        _("Cơ quan ban hành đã phát hành văn bản khác thay thế. Hãy yêu cầu văn bản mới."),
    ),
    State.REVOKED: (
        "error",
        _("Văn bản đã bị thu hồi"),
        _("Cơ quan ban hành đã thu hồi văn bản này. Văn bản không còn giá trị."),
    ),
}
