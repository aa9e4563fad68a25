"""Prepared words for what the desk writes most often. They go into official slips, hence Vietnamese only."""

WHAT_TO_DO = (
    "Chụp hoặc quét lại cho rõ, đủ bốn góc và đọc được mọi chữ.",
    "Bổ sung đủ các trang, cả mặt sau.",
    "Thay bằng bản còn hiệu lực.",
    "Thay bằng bản chính hoặc bản sao có chứng thực.",
    "Ghi đúng như trong giấy tờ tùy thân.",
    "Ghi đầy đủ ngày, tháng, năm.",
    "Ghi đầy đủ địa chỉ: số nhà, đường, phường, tỉnh hoặc thành phố.",
)

SUPPLEMENT_REASONS = (
    "Thành phần hồ sơ chưa đủ theo quy định của thủ tục.",
    "Giấy tờ kèm theo không đọc được nên chưa kiểm tra được nội dung.",
    "Thông tin kê khai chưa khớp với giấy tờ kèm theo.",
)

REFUSAL_REASONS = (
    "Hồ sơ không thuộc thẩm quyền giải quyết của Ủy ban nhân dân phường này.",
    "Người nộp không thuộc đối tượng thực hiện thủ tục.",
    "Hồ sơ trùng với hồ sơ đã được tiếp nhận.",
)

RETURN_REASONS = (
    "Dự thảo kết quả chưa khớp với giấy tờ trong hồ sơ.",
    "Cần xác minh thêm trước khi ký.",
    "Dự thảo kết quả còn lỗi chính tả hoặc sai họ tên, ngày tháng.",
)

STOP_REASONS = (
    "Công dân có văn bản đề nghị dừng giải quyết hồ sơ.",
    "Đang có tranh chấp, khiếu nại liên quan; việc giải quyết phải chờ kết luận của cơ quan có thẩm quyền.",
)
