from datetime import datetime

import pytest

from portal.core.calendar import VIETNAM, WorkingCalendar
from portal.core.durations import amount
from services.desk.due import Standing, standing
from services.dossiers.models import Dossier

CALENDAR = WorkingCalendar()  # 08:00-12:00, 13:00-17:00


def vn(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("at", "due_at", "words", "tone"),
    [
        ("2026-02-05 10:00", "2026-02-05 10:25", "Còn 25 phút", "soon"),
        ("2026-02-05 10:00", "2026-02-05 14:00", "Còn 3 giờ", "soon"),
        ("2026-02-05 08:00", "2026-02-05 14:00", "Còn 5 giờ", "progress"),
        ("2026-02-06 16:00", "2026-02-09 09:00", "Còn 2 giờ", "soon"),  # over a week-end
        ("2026-02-05 08:00", "2026-02-09 08:00", "Còn 2 ngày", "progress"),
        ("2026-02-04 17:00", "2026-02-05 17:00", "Còn 1 ngày", "progress"),
        ("2026-02-05 07:00", "2026-02-05 17:00", "Còn 8 giờ", "progress"),  # due today: "1 ngày" would mean tomorrow
        ("2026-02-05 10:00", "2026-02-05 10:00", "Đến hạn ngay", "soon"),
        ("2026-02-05 11:00", "2026-02-05 10:00", "Quá hạn 1 giờ, chờ giải trình", "late"),
        ("2026-02-06 10:00", "2026-02-05 10:00", "Quá hạn 1 ngày, chờ giải trình", "late"),
        ("2026-02-05 20:00", "2026-02-05 17:00", "Vừa quá hạn, chờ giải trình", "late"),  # nobody has worked since
    ],
)
def test_a_due_time_is_told_in_working_time(at, due_at, words, tone):
    dossier = Dossier(state="submitted", next_due_at=vn(due_at))

    assert standing(dossier, calendar=CALENDAR, at=vn(at)) == Standing(words, tone, vn(due_at))


@pytest.mark.parametrize(
    ("state", "words"),
    [("supplement", "Tạm dừng: chờ công dân"), ("delivered", "Đã kết thúc"), ("withdrawn", "Đã kết thúc")],
)
def test_what_waits_for_the_resident_or_has_ended_is_never_late(state, words):
    dossier = Dossier(state=state, next_due_at=vn("2026-02-01 10:00"))

    assert standing(dossier, calendar=CALENDAR, at=vn("2026-02-05 10:00")).words == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, ""), (59, "59 phút"), (60, "1 giờ"), (479, "7 giờ"), (480, "1 ngày")]
)
def test_an_amount_is_told_in_its_largest_whole_unit(minutes, words):
    assert amount(minutes, CALENDAR) == words
