"""What the demo's wards announce. Invented, with events counted from the day it is loaded."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from buildings.models import Ward, holders_of
from buildings.roles import Position
from portal.core.models import User
from portal.core.text import fold

from . import demo_pictures
from .blocks import AnnouncementBody
from .kinds import Kind
from .models import (
    AnnouncementIndexPage,
    AnnouncementPage,
    Audience,
    AudiencePart,
    Picture,
    PublicFile,
    WardPage,
)

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Day:
    """In a text: `{day:+3}` is the date in three days, `{day:5}` the next Saturday (0 is Monday)."""

    today: date

    def ahead(self, spec: str) -> int:
        """In how many days that is."""
        return int(spec) if spec[0] in "+-" else (int(spec) - self.today.weekday() - 1) % 7 + 1

    def __format__(self, spec: str) -> str:
        day = self.today + timedelta(days=self.ahead(spec))
        return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


@dataclass(frozen=True)
class Item:
    """One announcement. A body line is a paragraph; `# …` is a heading, `- …` an entry of a list."""

    kind: Kind
    title: str
    summary: str
    body: str
    days_ago: int
    decided_days_ago: int | None = None
    urgent_days: int = 0
    more: tuple[tuple[str, Any], ...] = ()  # blocks after the text
    decision_number: str = ""
    downtime: tuple[int, int, int] | None = None  # in how many days, from which hour, how many hours
    event: tuple[str, int, int, str] | None = None  # the day as in a text, from which hour, how many minutes, where
    repeats: str = ""
    goes_live_in_days: int = 0
    expires_in_days: int = 0
    for_building: tuple[str, int | None, int | None] | None = None  # slug, floors from and to
    english: tuple[str, str, str, str] | None = None  # title, summary, body, picture
    drawing: str = ""
    alt: str = ""
    file: tuple[str, str, str] | None = None  # title, name, text


BUDGET = """Nội dung;Dự toán năm (triệu đồng)
Tổng thu ngân sách phường;18.420
Thu phí, lệ phí;640
Thu bổ sung từ ngân sách cấp trên;17.780
Tổng chi ngân sách phường;18.420
Chi đầu tư phát triển;3.150
Chi thường xuyên;14.900
Dự phòng;370
"""

# The last digits are no subscriber's.
CONTACTS = (
    {
        "office": "Bộ phận Một cửa",
        "matter": "Hướng dẫn và nhận hồ sơ, trả kết quả",
        "hours": "Thứ Hai đến thứ Sáu, trong giờ làm việc",
        "phone": "",
        "email": "",
    },
    {
        "office": "Công an phường",
        "matter": "Cư trú, an ninh, phòng cháy",
        "hours": "Trực cả ngày đêm",
        "phone": "024 3875 0000",
        "email": "",
    },
    {
        "office": "Trạm Y tế phường",
        "matter": "Tiêm chủng, sơ cứu, phòng dịch",
        "hours": "7 giờ 30 đến 16 giờ 30, kể cả thứ Bảy",
        "phone": "024 3875 0001",
        "email": "",
    },
)
CONTACTS_ENGLISH = (
    {
        "office": "One-stop desk",
        "matter": "Advice, applications, results",
        "hours": "Monday to Friday, during office hours",
        "phone": "",
        "email": "",
    },
    {
        "office": "Ward police",
        "matter": "Residence, security, fire prevention",
        "hours": "Day and night",
        "phone": "024 3875 0000",
        "email": "",
    },
    {
        "office": "Ward health station",
        "matter": "Vaccination, first aid, disease prevention",
        "hours": "7:30 to 16:30, Saturdays too",
        "phone": "024 3875 0001",
        "email": "",
    },
)

EVERYWHERE = (
    Item(
        Kind.RECEPTION,
        "Lịch tiếp công dân của Chủ tịch UBND phường",
        "Chủ tịch tiếp công dân sáng {day:3} tại trụ sở. Không cần hẹn trước; mang theo giấy tờ liên quan nếu có.",
        """Chủ tịch Ủy ban nhân dân phường {ward} tiếp công dân định kỳ mỗi tuần một ngày.
# Thời gian và địa điểm
- Thời gian: từ 8 giờ đến 11 giờ 30, {day:3}
- Địa điểm: Phòng Tiếp công dân, {address}
# Người đến cần biết
Mỗi người được phát số thứ tự khi đến. Người cao tuổi, người khuyết tật, phụ nữ có thai và người nuôi con nhỏ được mời trước.
Kiến nghị đã có trả lời bằng văn bản thì mang theo văn bản đó. Trường hợp không đến được, gửi đơn qua bưu điện hoặc thư điện tử {email}.""",
        days_ago=2,
        event=("3", 8, 210, "Phòng Tiếp công dân, {address}"),
        repeats="weekly",
        more=(("notice", {"tone": "info", "text": "<p>Ngày lễ, Tết không tiếp; lịch bù đăng trước ba ngày.</p>"}),),
        english=(
            "Meet the chairperson of the ward",
            "The chairperson receives residents every Thursday morning at the ward office. No appointment needed.",
            """The chairperson of the People's Committee receives residents once a week.
# When and where
- From 8:00 to 11:30, every Thursday
- Reception room, {address}
# Good to know
You get a number when you arrive. Older people, people with disabilities, pregnant women and parents with small children go first.""",
            "",
        ),
    ),
    Item(
        Kind.PROCEDURES,
        "Xác nhận tình trạng hôn nhân và đăng ký khai sinh: nộp hồ sơ trên mạng, nhận kết quả có chữ ký số",
        "Hai thủ tục làm trọn vẹn trên cổng này: điền tờ khai, gửi ảnh giấy tờ, nhận văn bản PDF ký số.",
        """Phường {ward} tiếp nhận hồ sơ trên mạng đối với cấp Giấy xác nhận tình trạng hôn nhân và đăng ký khai sinh.
# Người dân làm gì
- Đăng nhập bằng số điện thoại hoặc thư điện tử
- Điền tờ khai theo từng trang, có thể dừng và làm tiếp
- Chụp rõ giấy tờ kèm theo, xem lại trang trước khi gửi
# Phường làm gì
Hồ sơ nhận trước 15 giờ được giải quyết trong ngày làm việc nếu không phải xác minh. Ai đang xử lý, đến bước nào, khi nào xong đều xem được trong mục Hồ sơ của tôi.
Văn bản kết quả có mã QR. Nơi nhận quét mã để biết văn bản do phường cấp và còn nguyên vẹn.""",
        days_ago=6,
        decided_days_ago=9,
        decision_number="86/QĐ-UBND",
        drawing="lotus",
        alt="Hình vẽ một bông sen trên mặt hồ",
        more=(
            (
                "steps",
                [
                    {"title": "Chọn thủ tục, đăng nhập", "text": ""},
                    {"title": "Điền tờ khai, gửi ảnh giấy tờ", "text": "<p>Dừng giữa chừng vẫn giữ nguyên.</p>"},
                    {"title": "Nhận văn bản ký số", "text": "<p>Trong mục Hồ sơ của tôi; báo qua tin nhắn.</p>"},
                ],
            ),
            ("procedure", {"procedure": "xac-nhan-tinh-trang-hon-nhan", "label": "Xin xác nhận tình trạng hôn nhân"}),
            (
                "questions",
                [
                    {"question": "Có phải đến phường không?", "answer": "<p>Không. Kết quả tải về từ cổng.</p>"},
                    {"question": "Nơi nhận kiểm tra thế nào?", "answer": "<p>Quét mã QR trên văn bản.</p>"},
                ],
            ),
        ),
        english=(
            "Marital status certificates and birth registration: apply online, get a signed PDF",
            "Both can be done from start to end on this portal: fill in the form, send photos, receive a signed PDF.",
            """You can apply to {ward_en} Ward online for a certificate of marital status and for birth registration.
# What you do
- Sign in with your phone number or e-mail
- Fill in the form page by page; stop and go on later
- Check everything before you send it
# What the ward does
Applications received before 15:00 are settled the same working day unless something has to be verified.""",
            "Drawing of a lotus on a pond",
        ),
    ),
    Item(
        Kind.BUDGET,
        "Công khai dự toán ngân sách phường",
        "Tổng thu và tổng chi ngân sách phường năm tới là 18,42 tỷ đồng. Tải biểu chi tiết trong bài.",
        """Hội đồng nhân dân phường đã quyết định dự toán ngân sách. Ủy ban nhân dân phường công khai để người dân biết và giám sát.
# Các số chính
- Tổng thu: 18.420 triệu đồng
- Chi đầu tư phát triển: 3.150 triệu đồng
- Chi thường xuyên: 14.900 triệu đồng
Ý kiến xin gửi về {email} hoặc nộp tại Bộ phận Một cửa trong 30 ngày kể từ ngày đăng.""",
        days_ago=16,
        decided_days_ago=19,
        decision_number="112/NQ-HĐND",
        more=(
            (
                "table",
                {
                    "caption": "Dự toán năm, triệu đồng",
                    "columns": [
                        {"type": "text", "heading": "Nội dung"},
                        {"type": "number", "heading": "Dự toán"},
                    ],
                    "rows": [
                        {"values": ["Tổng thu", "18.420"]},
                        {"values": ["Thu phí, lệ phí", "640"]},
                        {"values": ["Thu bổ sung từ cấp trên", "17.780"]},
                        {"values": ["Tổng chi", "18.420"]},
                    ],
                },
            ),
        ),
        file=("Biểu công khai dự toán ngân sách", "du-toan-ngan-sach.csv", BUDGET),
    ),
    Item(
        Kind.SAFETY,
        "Cảnh báo: giả danh cán bộ phường gọi điện yêu cầu cài ứng dụng",
        "Phường không gọi điện yêu cầu cài ứng dụng, đọc mã OTP hay chuyển tiền. Gặp cuộc gọi như vậy, hãy ngắt máy.",
        """Gần đây một số người dân nhận cuộc gọi tự xưng là cán bộ phường, đề nghị “cập nhật dữ liệu dân cư” qua một đường liên kết.
# Cách nhận ra
- Giục làm ngay, dọa khóa tài khoản hoặc phạt tiền
- Gửi liên kết lạ, bảo cài ứng dụng ngoài kho chính thức
- Hỏi mã OTP, mật khẩu, số thẻ
# Nên làm gì
Ngắt máy và gọi lại đường dây nóng của phường: {phone}. Nếu đã cài ứng dụng hoặc chuyển tiền, báo ngay ngân hàng và Công an phường.""",
        days_ago=9,
        expires_in_days=21,
        more=(("notice", {"tone": "warning", "text": "<p>Cán bộ phường không bao giờ hỏi mã OTP hay mật khẩu.</p>"}),),
    ),
    Item(
        Kind.DOWNTIME,
        "Tạm ngừng nộp hồ sơ trên mạng để nâng cấp",
        "Từ 20 giờ đến 24 giờ {day:+14}. Hồ sơ đang điền dở được giữ nguyên; thời hạn giải quyết không bị ảnh hưởng.",
        """Cổng được nâng cấp để nhận tệp lớn hơn và xử lý nhanh hơn.
# Trong thời gian đó
- Không nộp được hồ sơ mới và chưa tải được kết quả
- Vẫn xem được thông báo và đường dây nóng
Việc gấp, xin nộp trước hoặc đến Bộ phận Một cửa vào sáng ngày làm việc tiếp theo.""",
        days_ago=1,
        downtime=(14, 20, 4),
    ),
    Item(
        Kind.EVENTS,
        "Họp tổ dân phố bàn việc đón năm mới",
        "Các tổ dân phố họp lúc 19 giờ 30 {day:+12} tại nhà văn hóa. Mỗi hộ cử một người dự.",
        """Các tổ dân phố họp để bàn việc trang trí, trực đêm và giúp các hộ khó khăn dịp năm mới.
# Nội dung
- Kết quả thu chi các quỹ của tổ
- Phân công trực đêm giao thừa
- Danh sách hộ cần giúp đỡ
Người không đến được gửi ý kiến cho tổ trưởng.""",
        days_ago=0,
        goes_live_in_days=3,
        event=("+12", 19, 120, "Nhà văn hóa tổ dân phố"),
    ),
)

OF_WARD = {
    "viet-hung": (
        Item(
            Kind.OUTAGE,
            "Ngừng cấp nước tại phố Hoa Sữa để sửa ống vỡ",
            "Từ 22 giờ {day:+1} đến 5 giờ sáng hôm sau. Các nhà và chung cư phố Hoa Sữa nên trữ nước dùng trong đêm.",
            """Đường ống truyền dẫn phố Hoa Sữa bị vỡ, đơn vị cấp nước phải đóng van để thay.
# Nơi bị ảnh hưởng
- Chung cư Sen Hồng và Nhà ở số 5
- Các số nhà từ 2 đến 64 phố Hoa Sữa
# Khi có nước trở lại
Nước có thể đục trong ít phút đầu. Mở vòi cho chảy hết nước đục rồi mới dùng. Xe bồn phục vụ người già và hộ có trẻ nhỏ đỗ tại cổng Chung cư Sen Hồng từ 21 giờ.""",
            days_ago=0,
            urgent_days=2,
            drawing="water",
            alt="Hình vẽ dòng sông dưới nắng",
        ),
        Item(
            Kind.FIRE,
            "Diễn tập chữa cháy và thoát nạn tại Chung cư Bằng Lăng",
            "Chuông báo cháy sẽ reo từ 8 giờ 30 {day:5}. Đây là diễn tập; mời mỗi căn hộ cử một người tham gia.",
            """Ban quản lý Chung cư Bằng Lăng phối hợp với Công an phường tổ chức diễn tập.
# Trong buổi diễn tập
- 8 giờ 30: chuông báo cháy, thang máy dừng, mọi người xuống theo thang bộ
- 9 giờ: tập dùng bình chữa cháy tại sân
- 10 giờ: hỏi đáp về pin xe điện và chỗ sạc
Người không đi thang bộ được thì ở lại căn hộ và báo trước với ban quản lý.""",
            days_ago=4,
            event=("5", 8, 150, "Sân Chung cư Bằng Lăng"),
            for_building=("bang-lang", None, None),
            drawing="houses",
            alt="Hình vẽ các tòa chung cư lúc chạng vạng, vài ô cửa sáng đèn",
        ),
        Item(
            Kind.HEALTH,
            "Tiêm vắc xin sởi cho trẻ từ 1 đến 5 tuổi",
            "Tiêm miễn phí tại Trạm Y tế phường từ 7 giờ 30 đến 11 giờ, {day:5} và {day:6}.",
            """Trẻ từ 1 đến 5 tuổi chưa đủ hai mũi sởi được tiêm miễn phí, kể cả trẻ tạm trú.
# Mang theo
- Sổ tiêm chủng hoặc mã tiêm chủng điện tử
- Giấy khai sinh (bản chụp trong điện thoại cũng được)
Trẻ đang sốt thì hoãn tiêm và báo trạm y tế để hẹn lại.""",
            days_ago=3,
            event=("5", 7, 240, "Trạm Y tế phường"),
            more=(
                (
                    "contact",
                    {
                        "office": "Trạm Y tế phường",
                        "matter": "Hỏi về mũi tiêm, hẹn lại",
                        "phone": "024 3875 0001",
                        "email": "",
                        "hours": "7 giờ 30 đến 16 giờ 30",
                    },
                ),
            ),
        ),
        Item(
            Kind.CONSULTATION,
            "Lấy ý kiến về việc cải tạo vườn hoa phố Bằng Lăng",
            "Hai phương án: giữ nguyên cây và làm lối đi, hoặc thêm sân chơi trẻ em. Góp ý đến hết {day:+14}.",
            """Phường dự kiến cải tạo vườn hoa phố Bằng Lăng trong năm tới và xin ý kiến người dân trước khi quyết định.
# Hai phương án
- Phương án 1: giữ toàn bộ cây xanh, làm lối đi lát gạch và thêm ghế
- Phương án 2: như trên, bớt bồn cỏ phía đông để làm sân chơi 120 m²
Góp ý gửi về {email} hoặc bỏ vào hòm thư tại Bộ phận Một cửa.""",
            days_ago=11,
            decided_days_ago=13,
            drawing="trees",
            alt="Hình vẽ hàng cây bên lối đi",
        ),
    ),
    "giang-bien": (
        Item(
            Kind.SAFETY,
            "Nước sông lên: không xuống bãi ven sông",
            "Mực nước sông lên nhanh trong {day:+1}. Không tắm, câu cá, chăn thả ở bãi ven sông cho đến khi có thông báo mới.",
            """Mực nước sông đang lên do mưa lớn ở thượng nguồn. Phường đặt biển cấm tại các lối xuống bãi.
# Cần làm ngay
- Đưa vật nuôi, đồ đạc ở bãi lên phía trong đê
- Không cho trẻ em ra gần mép nước
Thấy sạt lở hoặc người gặp nạn, gọi ngay {phone} hoặc 114.""",
            days_ago=0,
            urgent_days=2,
            drawing="water",
            alt="Hình vẽ dòng sông dưới nắng",
        ),
        Item(
            Kind.SUPPORT,
            "Rà soát hộ nghèo, hộ cận nghèo năm tới",
            "Hộ có nhu cầu nộp giấy đề nghị tại Bộ phận Một cửa đến hết {day:+10}. Tổ rà soát đến từng nhà sau đó.",
            """Phường rà soát hộ nghèo, hộ cận nghèo để lập danh sách hưởng hỗ trợ, trong đó có bảo hiểm y tế.
# Các bước
- Hộ gia đình nộp giấy đề nghị rà soát
- Tổ rà soát đến nhà thu thập thông tin
- Họp tổ dân phố lấy ý kiến, niêm yết danh sách 3 ngày làm việc
- Chủ tịch phường quyết định công nhận
Người không tự viết được thì cán bộ tại Bộ phận Một cửa viết giúp.""",
            decision_number="41/KH-UBND",
            days_ago=4,
            decided_days_ago=6,
        ),
        Item(
            Kind.ENVIRONMENT,
            "Tổng vệ sinh sáng Chủ nhật và thu gom đồ cồng kềnh",
            "Từ 7 giờ {day:6}. Đồ gỗ, đệm, tủ cũ đặt trước cổng trước 6 giờ 30; xe thu gom miễn phí.",
            """Mỗi hộ cử một người cùng tổ dân phố quét dọn, khơi rãnh, xóa quảng cáo dán trái phép.
# Đồ cồng kềnh
- Chung cư Ven Sông và Chung cư Lúa Vàng: tập kết tại sân sau
- Nhà phố: đặt trước cổng, không để lòng đường
# Chó, mèo
Chó ra nơi công cộng phải có rọ mõm và người dắt; chủ nuôi dọn chất thải của vật nuôi.""",
            days_ago=3,
            drawing="trees",
            alt="Hình vẽ hàng cây bên lối đi",
        ),
        Item(
            Kind.OUTAGE,
            "Cắt điện một phần Chung cư Lúa Vàng để thay tủ điện",
            "Từ 9 giờ đến 11 giờ {day:+2}, các tầng 2 đến 6 của Chung cư Lúa Vàng. Thang máy vẫn chạy.",
            """Ban quản lý thay tủ điện tầng kỹ thuật.
# Cần làm
- Rút phích cắm thiết bị điện tử trước 9 giờ
- Không mở tủ lạnh nhiều lần trong lúc mất điện""",
            days_ago=1,
            for_building=("lua-vang", 2, 6),
        ),
        Item(
            Kind.MILITARY,
            "Danh sách công dân đủ điều kiện khám tuyển nghĩa vụ quân sự",
            "Danh sách niêm yết tại trụ sở và nhà văn hóa. Ý kiến gửi trước {day:+7}.",
            """Hội đồng Nghĩa vụ quân sự phường công khai danh sách công dân được gọi khám tuyển và công dân tạm hoãn.
Danh sách có thông tin cá nhân nên chỉ niêm yết tại trụ sở phường và nhà văn hóa tổ dân phố, không đăng trên mạng.
Ai thấy thiếu, thừa hoặc sai thì báo với Ban Chỉ huy Quân sự phường trong giờ làm việc.""",
            days_ago=12,
            decided_days_ago=14,
        ),
    ),
    "thuong-thanh": (
        Item(
            Kind.OUTAGE,
            "Mất điện do sự cố trạm biến áp phố Cây Đa",
            "Điện lực đang thay thiết bị, dự kiến có điện trở lại trước 18 giờ {day:+1}. Thang máy Chung cư Cây Đa chạy bằng máy phát.",
            """Trạm biến áp phố Cây Đa gặp sự cố. Đơn vị điện lực huy động hai tổ sửa chữa.
# Nơi bị ảnh hưởng
- Chung cư Cây Đa, Chung cư Gió Mùa
- Phố Cây Đa, ngõ 9 và ngõ 11
# An toàn
- Rút phích cắm bếp điện, bàn là
- Không chạy máy phát trong nhà hoặc hành lang kín
Nhà có người dùng máy thở, gọi ngay {phone} để được hỗ trợ.""",
            days_ago=0,
            urgent_days=2,
        ),
        Item(
            Kind.ENVIRONMENT,
            "Phun muỗi và dọn tầng hầm Chung cư Cây Đa",
            "Từ 8 giờ {day:5}. Chủ xe đưa xe ra khỏi tầng hầm trước 7 giờ 30.",
            """Ban quản lý phối hợp với Trạm Y tế phường phun muỗi toàn bộ tầng hầm.
# Sau khi phun
- Không xuống tầng hầm trong hai giờ
- Trẻ nhỏ, người bệnh hô hấp nên ở trong căn hộ, đóng cửa sổ""",
            days_ago=2,
            for_building=("cay-da", None, None),
            event=("5", 8, 120, "Tầng hầm Chung cư Cây Đa"),
        ),
        Item(
            Kind.LAND,
            "Niêm yết phương án bồi thường dự án mở rộng ngõ 9 phố Cây Đa",
            "Phương án niêm yết 30 ngày tại trụ sở phường. Họp với các hộ có đất thu hồi lúc 19 giờ 30 {day:4}.",
            """Dự án mở rộng ngõ 9 phố Cây Đa từ 3,5 m lên 7 m liên quan đến 26 hộ.
# Người dân có thể
- Xem phương án và bản đồ tại trụ sở trong giờ làm việc
- Dự họp tại nhà văn hóa tổ 5
- Gửi ý kiến bằng văn bản đến {email}
Phường ghi biên bản mọi ý kiến, kể cả ý kiến không đồng ý.""",
            days_ago=8,
            decided_days_ago=10,
            drawing="houses",
            alt="Hình vẽ các tòa chung cư lúc chạng vạng, vài ô cửa sáng đèn",
        ),
        Item(
            Kind.EVENTS,
            "Tuyển sinh lớp 1 và mẫu giáo 5 tuổi",
            "Phụ huynh kiểm tra thông tin nơi cư trú của con trước {day:+20}; đăng ký trên mạng hoặc tại trường.",
            """Trẻ thường trú và tạm trú trên địa bàn phường được nhận học theo tuyến.
# Chuẩn bị
- Số định danh cá nhân của trẻ
- Xác nhận cư trú nếu thông tin trên hệ thống chưa đúng
Gia đình mới chuyển đến chung cư nên nhờ ban quản lý xác nhận cư trú trên cổng này để trường tra cứu được.""",
            days_ago=5,
            drawing="trees",
            alt="Hình vẽ hàng cây bên lối đi",
        ),
    ),
}


def load_announcements(ward: Ward, *, at: datetime | None = None) -> None:
    """Publishes the ward's demo announcements as of `at` (now). What is there already stays."""
    now = at or timezone.now()
    page = WardPage.objects.select_related("collection").get(ward=ward)
    index = AnnouncementIndexPage.objects.child_of(page).get()
    if not page.intro:
        page.intro = "Nộp hồ sơ, xem thông báo, gặp đúng người khi cần."
        page.title_en = f"{fold(ward.name).title()} Ward"
        page.intro_en = "Apply, read announcements, and reach the right person when you need to."
        page.contacts = [("contact", contact) for contact in CONTACTS]
        page.contacts_en = [("contact", contact) for contact in CONTACTS_ENGLISH]
        page.save()
    for number, item in enumerate((*OF_WARD.get(ward.slug, ()), *EVERYWHERE)):
        slug = slugify(fold(item.title))[:80].strip("-")
        if not AnnouncementPage.objects.of(ward).filter(slug=slug).exists():
            with transaction.atomic():
                _publish(
                    item,
                    slug,
                    page,
                    index,
                    now,
                    published_at=now - timedelta(days=item.days_ago, minutes=7 * number + 60),
                )


def _publish(
    item: Item, slug: str, page: WardPage, index: AnnouncementIndexPage, now: datetime, *, published_at: datetime
) -> None:
    ward = page.ward
    words = {
        "day": Day(timezone.localdate(now)),
        "ward": ward.name,
        "ward_en": fold(ward.name).title(),
        "address": ward.address,
        "email": ward.email,
        "phone": ward.phone.as_national,
    }
    body = _blocks(item.body.format(**words)) + [(kind, _value(kind, value)) for kind, value in item.more]
    if item.file:
        body.append(("files", [_file(item.file, page)]))
    up = item.goes_live_in_days == 0
    announcement = AnnouncementPage(
        title=item.title,
        slug=slug,
        kind=item.kind,
        summary=item.summary.format(**words),
        body=body,
        picture=_picture(item.drawing, page) if item.drawing else None,
        picture_alt=item.alt,
        decision_date=_decided(item, now),
        decision_number=item.decision_number,
        urgent_until=published_at + timedelta(days=item.urgent_days) if item.urgent_days else None,
        expire_at=now + timedelta(days=item.expires_in_days) if item.expires_in_days else None,
        owner=_editor_of(ward),
        live=up,
        first_published_at=published_at if up else None,
        last_published_at=published_at if up else None,
        **_downtime(item, now),
        **_event(item, words, now),
        **_english(item, words),
    )
    if item.for_building:
        _aim(announcement, item.for_building, ward)
    index.add_child(instance=announcement)
    if not up:
        announcement.go_live_at = now + timedelta(days=item.goes_live_in_days)
        announcement.save_revision().publish()


def _editor_of(ward: Ward) -> User | None:
    """Who the register says published it."""
    membership = holders_of(Position.WARD_EDITOR, ward).select_related("user").first()
    return membership.user if membership else None


def _value(kind: str, value: Any) -> Any:
    """What a block holds, from the plain data above."""
    return AnnouncementBody().child_blocks[kind].to_python(value)


def _event(item: Item, words: dict[str, Any], now: datetime) -> dict[str, Any]:
    if item.event is None:
        return {}
    day, hour, minutes, place = item.event
    begins = timezone.localtime(now).replace(hour=hour, minute=30 if hour in (7, 19) else 0, second=0, microsecond=0)
    begins += timedelta(days=words["day"].ahead(day))
    return {
        "event_starts_at": begins,
        "event_ends_at": begins + timedelta(minutes=minutes),
        "event_place": place.format(**words),
        "event_repeats": item.repeats,
    }


def _english(item: Item, words: dict[str, Any]) -> dict[str, Any]:
    if item.english is None:
        return {}
    title, summary, body, alt = item.english
    return {
        "title_en": title,
        "summary_en": summary,
        "body_en": _blocks(body.format(**words)),
        "picture_alt_en": alt,
    }


def _aim(announcement: AnnouncementPage, place: tuple[str, int | None, int | None], ward: Ward) -> None:
    slug, first, last = place
    if building := ward.buildings.filter(slug=slug).first():
        announcement.audience = Audience.BUILDINGS
        announcement.audience_parts = [AudiencePart(building=building, from_floor=first, to_floor=last)]


def _downtime(item: Item, now: datetime) -> dict[str, datetime]:
    if item.downtime is None:
        return {}
    days, hour, hours = item.downtime
    begins = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return {"downtime_from": begins, "downtime_until": begins + timedelta(hours=hours)}


def _decided(item: Item, now: datetime) -> date | None:
    if item.decided_days_ago is None:
        return None
    return timezone.localdate(now) - timedelta(days=item.decided_days_ago)


def _blocks(text: str) -> list[tuple[str, object]]:
    blocks: list[tuple[str, object]] = []
    markup = ""

    def close() -> None:
        nonlocal markup
        if markup:
            blocks.append(("paragraph", markup.replace("</ul><ul>", "")))
            markup = ""

    for line in text.splitlines():
        if line.startswith("# "):
            close()
            blocks.append(("heading", line[2:]))
        else:
            markup += f"<ul><li>{line[2:]}</li></ul>" if line.startswith("- ") else f"<p>{line}</p>"
    close()
    return blocks


def _picture(drawing: str, page: WardPage) -> Picture:
    title = f"Hình vẽ: {drawing}"
    found = Picture.objects.filter(collection=page.collection, title=title).first()
    if found:
        return found
    content = demo_pictures.jpeg(drawing, seed=crc32(page.slug.encode()))
    return Picture.objects.create(
        title=title, collection=page.collection, file=ContentFile(content, name=f"{page.slug}-{drawing}.jpg")
    )


def _file(file: tuple[str, str, str], page: WardPage) -> PublicFile:
    title, name, text = file
    content = text.encode("utf-8-sig")  # Excel reads it as UTF-8 only with the mark
    return PublicFile.objects.create(
        title=title, collection=page.collection, file=ContentFile(content, name=name), file_size=len(content)
    )
