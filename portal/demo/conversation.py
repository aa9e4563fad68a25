"""What the residents of a ward and its desk said to each other, one complaint that waits, and what was rated."""

from datetime import datetime, timedelta
from itertools import cycle

from buildings.models import Ward, holders_of
from buildings.roles import Position
from portal.core.calendar import VIETNAM
from portal.core.models import User
from services.conversation import actions as conversation
from services.conversation.models import Message
from services.dossiers.models import Dossier, DossierState
from services.ratings import actions as ratings
from services.ratings import queries
from services.ratings.criteria import asked_at

SCORES = (5, 4, 5, 3, 4, 5, 2, 4)
COMMENTS = ("Cán bộ hướng dẫn dễ hiểu.", "", "Nhận kết quả ngay trên điện thoại.", "Chờ hơi lâu.", "")


def load_conversations(ward: Ward, residents: list[User], *, at: datetime) -> None:
    """As of `at`, about dossiers that are there: a talk, a question that waits, a complaint, a note."""
    clerk = holders_of(Position.CLERK, ward)[0].user
    specialist = holders_of(Position.SPECIALIST, ward)[0].user
    sent = Dossier.objects.filter(ward=ward).sent().order_by("submitted_at")

    completing = sent.get(state=DossierState.SUPPLEMENT)
    asked = completing.changed_at + timedelta(minutes=10)
    _talk(
        completing,
        asked,
        (completing.owner, "Giấy chứng sinh tôi chụp bằng điện thoại có được không, hay phải quét?"),
        (clerk, "Chụp bằng điện thoại được, chị nhé. Chị để giấy trên mặt bàn sáng, chụp thẳng và thấy rõ dấu đỏ."),
        (completing.owner, "Vâng, cảm ơn phường. Tối nay tôi gửi lại."),
    )
    waiting = sent.filter(state=DossierState.PROCESSING, owner=residents[0]).first()
    _talk(
        waiting,
        at - timedelta(days=4),
        (residents[0], "Hồ sơ của tôi đã quá ngày hẹn. Phường cho biết bao giờ có kết quả?"),
        (specialist, "Chúng tôi đang chờ trả lời xác minh của nơi bạn từng thường trú, xin lỗi vì để bạn chờ."),
    )
    note = "Đã gọi phường nơi thường trú cũ hai lần; họ hẹn trả lời bằng văn bản trong tuần."
    _say(waiting, specialist, note, at - timedelta(days=3), kind=Message.Kind.NOTE)
    complaint = "Tôi đã chờ hơn hai tuần mà không ai gọi lại. Đề nghị lãnh đạo phường xem xét việc này."
    _say(waiting, residents[0], complaint, at - timedelta(days=2), kind=Message.Kind.COMPLAINT)
    question = sent.filter(state=DossierState.ACCEPTED, owner=residents[2]).last()
    if question:
        _say(question, residents[2], "Tôi có cần mang bản chính giấy tờ đến phường không?", at)
    _load_ratings(ward, at=at)


def _load_ratings(ward: Ward, *, at: datetime) -> None:
    """Whatever happened before this month was rated on the last evening of the month before."""
    today = at.astimezone(VIETNAM)
    evening = today.replace(day=1, hour=20, minute=0, second=0, microsecond=0) - timedelta(days=1)
    scores, comments = cycle(SCORES), cycle(COMMENTS)
    for dossier in Dossier.objects.filter(ward=ward).sent().order_by("submitted_at").select_related("owner"):
        for occasion in queries.to_rate(dossier):
            if occasion.at < evening:
                marks = {criterion.key: next(scores) for criterion in asked_at(occasion.event)}
                ratings.rate(
                    dossier,
                    occasion.event,
                    by=dossier.owner,
                    at=evening,
                    score=next(scores),
                    marks=marks,
                    comment=next(comments),
                )


def _talk(dossier: Dossier, begins: datetime, *lines: tuple[User, str]) -> None:
    for number, (who, text) in enumerate(lines):
        _say(dossier, who, text, begins + timedelta(minutes=25 * number))


def _say(dossier: Dossier, who: User, text: str, at: datetime, **more: str) -> None:
    conversation.write(dossier, by=who, at=at, text=text, **more)
