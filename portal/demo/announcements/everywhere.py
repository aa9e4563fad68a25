"""What every ward announces, and whom it says to ask."""

from home.kinds import Kind

from .items import Item

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
