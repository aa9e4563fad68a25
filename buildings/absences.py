"""Who is away from the desk, and who does their work meanwhile.

Kept so that at any day to come whoever stands in is there: a substitute is never away himself, and
nobody goes away while standing in for another. So the question needs no chain of substitutes.
Days are Vietnamese dates; the first and the last both count.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core import audit
from portal.core.calendar import VIETNAM
from portal.core.models import User

from .agencies import AGENCIES, HEADS
from .models import Absence, Membership, Ward
from .roles import DESK_POSITIONS, Position


class AbsenceRefused(ValidationError):
    """An absence that cannot be recorded or ended. `field` is the question it is about, if one is."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


# --- Asking ------------------------------------------------------------------------------------------


def absence_of(user: User, ward: Ward, on: date) -> Absence | None:
    """The absence of this person from the ward's desk on this day, with its substitute."""
    return _on(ward, on).filter(user=user).select_related("substitute").first()


def stands_in(user: User, ward: Ward, on: date) -> list[User]:
    """Whose work this person does in the ward on this day besides their own."""
    return list(User.objects.filter(absences__in=_on(ward, on).filter(substitute=user)).order_by("pk"))


def absences_on(ward: Ward, on: date) -> dict[int, Absence]:
    """user id → absence, of everybody who is away from the ward's desk on this day; one query."""
    return {absence.user_id: absence for absence in _on(ward, on).select_related("substitute")}


def officers_of(ward: Ward) -> dict[User, frozenset[str]]:
    """Everybody at the ward's desk today with the positions they hold there, by name."""
    held: dict[User, set[str]] = {}
    for membership in (
        Membership.objects.current()
        .filter(ward=ward, position__in=DESK_POSITIONS, user__is_active=True)
        .select_related("user")
        .order_by("user__full_name", "user")
    ):
        held.setdefault(membership.user, set()).add(membership.position)
    return {user: frozenset(positions) for user, positions in held.items()}


def can_stand_in(substitute: Iterable[str], absent: Iterable[str]) -> bool:
    """Whether who holds these positions may do the work of who holds those.

    A head may do anybody's of their own agency, and only another head a head's; else every position must be held.
    """
    return frozenset(absent) <= _within_reach(substitute)


def _within_reach(held: Iterable[str]) -> frozenset[str]:
    """The positions whose work a holder of these may do."""
    held = frozenset(held)
    return held.union(*(agency.positions for agency in AGENCIES.values() if agency.head in held))


def may_record(by: User, user: User, ward: Ward) -> bool:
    """A leader records for everybody at the ward's desk, the head of the police for theirs, an officer for themself."""
    officers = officers_of(ward)
    held = officers.get(by, frozenset())
    if user not in officers or by == user or Position.LEADER in held:
        return user in officers
    return bool(held & HEADS) and can_stand_in(held, officers[user])


def _on(ward: Ward, day: date):
    return Absence.objects.standing().filter(ward=ward).between(day, day)


# --- Writing -----------------------------------------------------------------------------------------


def record_absence(
    user: User,
    ward: Ward,
    *,
    from_date: date,
    to_date: date,
    substitute: User,
    by: User,
    at: datetime,
    reason: str = "",
) -> Absence:
    """Record that somebody will be away, and who does their work.

    Raises AbsenceRefused, and PermissionDenied when it is not theirs to record.
    """
    with transaction.atomic():
        _lock(user, substitute)
        if not may_record(by, user, ward):
            raise PermissionDenied("record_absence")
        _check_dates(from_date, to_date, today=_day(at))
        _check_free(user, ward, from_date, to_date)
        _check_substitute(substitute, user, ward, from_date, to_date)
        absence = Absence.objects.create(
            user=user,
            ward=ward,
            from_date=from_date,
            to_date=to_date,
            substitute=substitute,
            reason=reason,
            recorded_by=by,
            recorded_at=at,
        )
        audit.record(
            absence,
            "record_absence",
            by=by,
            at=at,
            user=user.pk,
            from_date=from_date,
            to_date=to_date,
            substitute=substitute.pk,
        )
        return absence


def end_absence(absence: Absence, *, by: User, at: datetime) -> Absence:
    """The person is back today, or does not go: days that have passed stay recorded, the others fall away.

    Raises AbsenceRefused when it has ended already, and PermissionDenied when it is not theirs to end.
    """
    with transaction.atomic():
        locked = Absence.objects.select_for_update(of=("self",)).select_related("user", "ward").get(pk=absence.pk)
        if not may_record(by, locked.user, locked.ward):
            raise PermissionDenied("end_absence")
        today = _day(at)
        if locked.cancelled_at or locked.to_date < today:
            raise AbsenceRefused(_("Đợt vắng mặt này đã kết thúc."))
        planned = locked.to_date
        if locked.from_date < today:
            locked.to_date = today - timedelta(days=1)
        else:
            locked.cancelled_at = at
        locked.save(update_fields=["to_date", "cancelled_at"])
        audit.record(locked, "end_absence", by=by, at=at, planned_to_date=planned)
        return locked


def follow(user_id: int, old: Ward, new: Ward, *, at: datetime) -> int:
    """What is still to come of a person's absences holds in the ward they went over to as well, if their substitute
    works there too. Twice is once. Returns how many were recorded."""
    today, made = _day(at), 0
    officers = {officer.pk for officer in officers_of(new)}
    standing = Absence.objects.standing().filter(user=user_id, ward=old, to_date__gte=today)
    for absence in standing.filter(substitute__in=officers) if user_id in officers else ():
        first = max(absence.from_date, today)
        with transaction.atomic():
            _lock(absence.user, absence.substitute)
            if Absence.objects.standing().filter(user=user_id, ward=new).between(first, absence.to_date).exists():
                continue
            copy = Absence.objects.create(
                user=absence.user,
                ward=new,
                from_date=first,
                to_date=absence.to_date,
                substitute=absence.substitute,
                reason=absence.reason,
                recorded_by=absence.recorded_by,
                recorded_at=at,
            )
            audit.record(copy, "record_absence", by=None, at=at, user=user_id, instead_of=absence.pk)
            made += 1
    return made


def _lock(*people: User) -> None:
    """Whoever else records something of these people waits. In one order, so that nobody waits in a ring."""
    ids = {person.pk for person in people}
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def _check_dates(from_date: date, to_date: date, *, today: date) -> None:
    if from_date < today:
        raise AbsenceRefused(_("Không làm thay được cho ngày đã qua. Chọn từ hôm nay trở đi."), "from_date")
    if to_date < from_date:
        raise AbsenceRefused(_("Ngày cuối phải bằng hoặc sau ngày đầu."), "to_date")


def _check_free(user: User, ward: Ward, from_date: date, to_date: date) -> None:
    meanwhile = Absence.objects.standing().filter(ward=ward).between(from_date, to_date)
    if other := meanwhile.filter(user=user).first():
        raise AbsenceRefused(_("Đã ghi vắng mặt từ %(from)s đến hết %(to)s.") % _dates(other), "from_date")
    if other := meanwhile.filter(substitute=user).select_related("user").first():
        raise AbsenceRefused(
            _(
                "%(absentee)s vắng mặt từ %(from)s đến hết %(to)s, và người này đang làm thay. Hãy đổi người làm thay trước."
            )
            % {**_dates(other), "absentee": other.user},
            "from_date",
        )


def _check_substitute(substitute: User, user: User, ward: Ward, from_date: date, to_date: date) -> None:
    if substitute == user:
        raise AbsenceRefused(_("Người làm thay phải là người khác."), "substitute")
    officers = officers_of(ward)
    if not can_stand_in(officers.get(substitute, ()), officers[user]):
        if officers[user] & HEADS:
            raise AbsenceRefused(_("Chỉ lãnh đạo cùng cơ quan làm thay được lãnh đạo."), "substitute")
        raise AbsenceRefused(
            _("%(substitute)s không giữ đủ vị trí của người vắng. Chọn người cùng vị trí, hoặc lãnh đạo phường.")
            % {"substitute": substitute},
            "substitute",
        )
    away = Absence.objects.standing().filter(ward=ward, user=substitute).between(from_date, to_date).first()
    if away:
        raise AbsenceRefused(
            _("%(substitute)s cũng vắng mặt, từ %(from)s đến hết %(to)s. Chọn người khác.")
            % {**_dates(away), "substitute": substitute},
            "substitute",
        )


def _dates(absence: Absence) -> dict[str, str]:
    return {"from": f"{absence.from_date:%d/%m/%Y}", "to": f"{absence.to_date:%d/%m/%Y}"}
