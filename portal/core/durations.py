"""Working time in words, as a person says it: its largest whole unit."""

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .calendar import WorkingCalendar


def amount(minutes: int, calendar: WorkingCalendar) -> str:
    """Working minutes in their largest whole unit: "25 phút", "3 giờ", "2 ngày"; nothing for none."""
    return in_words(minutes, a_day=day_minutes(calendar))


def amount_left(at: datetime, due_at: datetime, calendar: WorkingCalendar) -> str:
    """The working time left, as `amount`; on the last day in hours, because "1 ngày" would then sound like tomorrow."""
    minutes = calendar.minutes_between(at, due_at)
    is_today = localdate(at) == localdate(due_at)
    return in_words(minutes, a_day=minutes + 1 if is_today else day_minutes(calendar))


def left(time: str) -> str:
    """How something stands that is not due yet, by its amount of time: "Còn 3 giờ"."""
    return _("Còn %(time)s") % {"time": time} if time else _("Đến hạn ngay")


def overdue(time: str) -> str:
    """How something stands that was due, by the amount of time since: "Quá hạn 2 ngày"."""
    return _("Quá hạn %(time)s") % {"time": time} if time else _("Vừa quá hạn")


def in_words(minutes: int, *, a_day: int) -> str:
    """Minutes in their largest whole unit, a day being so many of them."""
    days = minutes // a_day
    hours = minutes // 60
    if days:
        return ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days}
    if hours:
        return ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours}
    return ngettext("%(count)s phút", "%(count)s phút", minutes) % {"count": minutes} if minutes else ""


def day_minutes(calendar: WorkingCalendar) -> int:
    """The working minutes of an ordinary day."""
    return max(sum(closes - opens for opens, closes in hours) for hours in calendar.weekly) or 8 * 60
