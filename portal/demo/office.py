"""What the office itself lives through: a storm, a deputy who is away, a result that was wrong and is put right."""

from datetime import datetime, timedelta

from buildings import absences
from buildings.models import Ward, holders_of
from buildings.roles import Position
from portal.core import calendar_days
from portal.core.calendar import VIETNAM, WorkingCalendar, load_calendar
from portal.core.models import CalendarDay
from services.documents import rendering
from services.dossiers import corrections
from services.dossiers.models import Dossier, DossierState

from .dossiers import BIRTH

STORM_DAYS_AGO = 12  # working days


def load_days_off(ward: Ward, *, at: datetime) -> None:
    """Before any dossier, so that their clocks know: a storm closed the ward, and the deputy is away from today."""
    calendar = load_calendar(ward)
    today = at.astimezone(VIETNAM).date()
    chairman, deputy = (held.user for held in holders_of(Position.LEADER, ward).select_related("user")[:2])
    storm = calendar.working_day_before(today, STORM_DAYS_AGO)
    calendar_days.set_day(
        storm,
        office=ward,
        kind=CalendarDay.Kind.CLOSED,
        note="Nghỉ tránh bão, đường vào trụ sở ngập",
        source="Công điện ứng phó bão của Chủ tịch UBND thành phố (văn bản trình diễn)",
        by=chairman,
        at=datetime.combine(storm, datetime.min.time(), VIETNAM) - timedelta(hours=4),
    )
    absences.record_absence(
        deputy,
        ward,
        from_date=today,
        to_date=calendar.working_day_after(today, 2),
        substitute=chairman,
        by=deputy,
        at=at,
        reason="Tập huấn của thành phố",
    )


def load_correction(ward: Ward, *, at: datetime) -> None:
    """A birth certificate that named the hospital wrongly: noticed by the specialist, signed and issued anew."""
    calendar = load_calendar(ward)
    wrong = Dossier.objects.get(ward=ward, state=DossierState.DELIVERED, version__procedure__code=BIRTH)
    specialist, registry, chairman = (
        holders_of(position, ward)[0].user
        for position in (Position.SPECIALIST, Position.REGISTRY_CLERK, Position.LEADER)
    )
    moments = _moments(calendar, wrong.changed_at, at)
    correction = corrections.draft(
        wrong,
        by=specialist,
        at=next(moments),
        texts={"co_so_y_te": "Bệnh viện Phụ sản Hà Nội, phường Ngọc Khánh, Hà Nội"},
        reason="Tên cơ sở y tế ghi thiếu so với giấy chứng sinh.",
    )
    correction = corrections.sign(correction, by=chairman, at=next(moments))
    correction = corrections.number(correction, by=registry, at=next(moments))
    issued_at = next(moments)
    correction = corrections.issue(correction, by=registry, at=issued_at)
    rendering.render(str(correction.new_document_id), at=issued_at)


def _moments(calendar: WorkingCalendar, since: datetime, latest: datetime):
    """Half an hour of work apart, from the working day after `since` on; never later than `latest`."""
    moment = since
    first = calendar.working_day_after(since.astimezone(VIETNAM).date())
    moment = max(moment, calendar.closing(first) - timedelta(hours=3))
    while True:
        yield min(moment, latest)
        moment = calendar.add_minutes(moment, 30)
