"""The stories the demo's dossiers tell: which procedure, how long ago, how far they have come."""

from dataclasses import dataclass, field
from typing import Any

from services.dossiers.models import Dossier

Way = Dossier.Delivery
MARITAL, BIRTH, EXTRACT, MARRIAGE = "1.004873", "1.001193", "2.000635", "1.000894"
STAYING, RESIDENCE, DISABILITY = "1.004194", "1.010041", "1.001699"
A_STEP = 25  # working minutes between two moves
TO_RESULT = ("accept", "hand_on", "approve", "sign", "number", "issue")
SAID: dict[str, dict[str, Any]] = {
    "request_supplement": {
        "reason": "Chưa đủ căn cứ để giải quyết.",
    },
    "refuse": {
        "reason": "Hồ sơ không thuộc thẩm quyền của phường: nơi thường trú ghi trong tờ khai ở phường khác. "
        "Đề nghị nộp tại phường nơi đăng ký thường trú."
    },
    "withdraw": {"reason": "Tôi không cần giấy này nữa."},
    "send_back": {"reason": "Đề nghị ghi rõ kết quả xác minh nơi cư trú trước đây."},
    "ask_fee": {"amount": 8_000, "reason": "Phí cấp bản sao trích lục hộ tịch: 8.000 đồng một bản."},
    "stop": {"reason": "Người yêu cầu đã được cấp giấy này ở hồ sơ khác cùng ngày."},
}


@dataclass(frozen=True)
class Story:
    """One dossier: which procedure, whose, how many working days ago it was sent, what became of it."""

    procedure: str
    resident: int
    days_ago: int
    moves: tuple[str, ...] = ()
    answers: dict[str, Any] = field(default_factory=dict)
    items: tuple[tuple[str, str], ...] = ()
    late: tuple[str, ...] = ()  # how far each of its latenesses was answered for
    pace: int = A_STEP
    delivery: str = Way.PORTAL
    received: bool = True  # what does not say so by itself: opened on the portal, confirmed from home


STORIES = (
    Story(MARITAL, 0, 0),
    Story(BIRTH, 1, 0),
    Story(EXTRACT, 2, 0, ("accept",)),
    Story(MARITAL, 1, 0, ("accept", "hand_on")),
    Story(MARRIAGE, 1, 0, ("accept", "hand_on", "approve")),
    # So slow that what remains no longer fits before its promise.
    Story(MARITAL, 2, 2, ("accept", "hand_on", "approve", "send_back"), pace=180),
    Story(BIRTH, 2, 0, ("accept", "hand_on", "approve", "sign")),
    Story(
        BIRTH,
        2,
        2,
        ("request_supplement",),
        items=(
            ("giay_chung_sinh", "Ảnh giấy chứng sinh bị mờ ở phần dấu, đề nghị chụp lại."),
            ("que_quan", "Ghi rõ phường, xã của quê quán."),
        ),
    ),
    # The watch closes it: nobody answered for fifteen working days.
    Story(MARITAL, 1, 18, ("request_supplement",), items=(("muc_dich", "Ghi rõ dùng giấy vào việc gì, nộp ở đâu."),)),
    Story(BIRTH, 1, 0, ("accept", "hand_on", "ask_confirmation")),
    Story(EXTRACT, 2, 0, ("accept", "hand_on", "ask_fee")),
    Story(MARITAL, 2, 7, ("accept", "hand_on", "stop")),
    # Late: nobody has explained it; the apology waits for its signature; apologised, with a new date; late again.
    Story(MARITAL, 0, 8, ("accept", "hand_on"), late=("explaining",)),
    Story(MARRIAGE, 1, 4, ("accept", "hand_on"), late=("drafted",)),
    Story(MARITAL, 2, 5, ("accept", "hand_on"), late=("told",)),
    Story(MARITAL, 1, 9, ("accept", "hand_on"), late=("told", "explained")),
    Story(EXTRACT, 1, 0, TO_RESULT, delivery=Way.COUNTER),
    Story(MARITAL, 1, 9, (*TO_RESULT, "deliver"), {"muc_dich": "nha_dat"}),
    Story(BIRTH, 2, 15, (*TO_RESULT, "deliver"), delivery=Way.POST),
    Story(MARRIAGE, 2, 20, (*TO_RESULT, "deliver"), delivery=Way.COUNTER),
    # A month that is over has enough to be rated.
    Story(EXTRACT, 0, 24, (*TO_RESULT, "deliver"), delivery=Way.HOME),
    Story(EXTRACT, 1, 26, (*TO_RESULT, "deliver"), delivery=Way.POST, received=False),
    Story(EXTRACT, 2, 28, (*TO_RESULT, "deliver"), received=False),
    # The police's: one waits to be received, one for its findings, one for the head's signature, one is done.
    Story(RESIDENCE, 0, 0),
    Story(STAYING, 1, 0, ("accept", "hand_on")),
    Story(STAYING, 2, 0, ("accept", "hand_on", "approve")),
    Story(RESIDENCE, 1, 6, (*TO_RESULT, "deliver"), pace=15),
    # Three steps of examination: the council's degree is written down before the leader signs.
    Story(DISABILITY, 0, 1, ("accept", "hand_on", "approve", "approve", "approve")),
    Story(MARITAL, 2, 6, ("refuse",)),
    Story(EXTRACT, 0, 5, ("withdraw",)),
)
