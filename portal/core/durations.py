"""Working time in words, as a person says it: its largest whole unit."""

from django.utils.translation import ngettext

from .calendar import WorkingCalendar


def amount(minutes: int, calendar: WorkingCalendar) -> str:
    """Working minutes in their largest whole unit: "25 phút", "3 giờ", "2 ngày"; nothing for none."""
    return in_words(minutes, a_day=day_minutes(calendar))


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
