"""What one ward announces and the others do not, by its slug."""

from home.kinds import Kind

from .items import Item

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
