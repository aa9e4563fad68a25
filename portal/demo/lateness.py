"""What became of the demo's late dossiers: each led along the road out by the people it belongs to."""

from datetime import datetime, timedelta

from buildings.models import holders_of
from portal.core.calendar import WorkingCalendar
from portal.core.lateness import LatenessState
from portal.core.models import User
from services.documents import rendering
from services.documents.models import IssuedDocument
from services.dossiers import lateness, slips
from services.dossiers.models import Dossier, Lateness

L = LatenessState
ROAD = (L.EXPLAINING, L.EXPLAINED, L.APOLOGISING, L.DRAFTED, L.SIGNED, L.SENT, L.TOLD)
PACE = 45  # working minutes from one part of the road to the next
JUST_NOW = 30  # working minutes since the last of them

EXPLANATION = (
    "Trong ba ngày vừa qua tôi xác minh lưu động ở tổ dân phố, không mở hồ sơ trên máy nên không thấy cảnh báo. "
    "Hồ sơ nằm lại ở bước của tôi."
)
REMEDY = "Thẩm định hồ sơ này ngay trong ngày; mở danh sách việc vào đầu mỗi buổi, kể cả khi đi xác minh."
APOLOGY = (
    "Công chức phụ trách đã không kịp thẩm định hồ sơ đúng hạn. Đây là thiếu sót của phường; "
    "Ông/Bà đã làm đầy đủ phần của mình."
)


def answer_for(dossier: Dossier, reached: tuple[str, ...], calendar: WorkingCalendar, *, latest: datetime) -> Dossier:
    """Let the dossier be late as often as `reached` has entries, each case led up to that state.

    `latest` is the last moment the office was open. All but the last case were answered for at once;
    of the last one everything was done shortly before `latest`.
    """
    for turn, state in enumerate(reached, start=1):
        opened = dossier.next_due_at + timedelta(minutes=1)
        case = lateness.find_late(dossier, at=opened)
        parts = ROAD[1 : ROAD.index(L(state)) + 1]
        began = opened
        if turn == len(reached):
            began = max(opened, calendar.subtract_minutes(latest, JUST_NOW + PACE * len(parts)))
        for number, part in enumerate(parts, start=1):
            moment = calendar.add_minutes(began, PACE * number)
            # "Anew" is later than what was promised: a day, or two where it is still to be kept.
            after = max(moment, dossier.promised_at or moment)
            promise = calendar.end_of_nth_working_day(after, 2 if turn == len(reached) else 1)
            case = _take(case, part, at=moment, promise=promise)
        dossier = Dossier.objects.with_people().get(pk=dossier.pk)
    return dossier


def _take(case: Lateness, part: str, *, at: datetime, promise: datetime) -> Lateness:
    process, late, head = lateness.process, case.responsible, _head_of(case)
    match part:
        case L.EXPLAINED:
            return process.explain(case, by=late, at=at, cause="own", text=EXPLANATION, remedy=REMEDY)
        case L.APOLOGISING:
            return process.accept_explanation(case, by=head, at=at)
        case L.DRAFTED:
            new_due_at = promise if case.new_date_allowed else None
            return process.draft_apology(case, by=late, at=at, text=APOLOGY, new_due_at=new_due_at)
        case L.SIGNED:
            signed = process.sign_apology(case, by=head, at=at)
            letter = IssuedDocument.objects.about(case.dossier).filter(kind=slips.APOLOGY).latest("issued_at")
            rendering.render(str(letter.pk), at=at)
            return signed
        case L.SENT:
            return process.send_apology(case, at=at)
        case _:
            return process.arrive(case, at=at, how=f"email: {case.dossier.owner.email}")


def _head_of(case: Lateness) -> User:
    """The first of the agency's heads to be hired: the chairman."""
    return holders_of(case.dossier.agency.head, case.dossier.ward).select_related("user").first().user
