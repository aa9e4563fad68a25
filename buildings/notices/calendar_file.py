"""A dated notice as an entry of the reader's own calendar: corrected ones replace it, withdrawn ones take it out."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core import ical
from portal.core.addresses import plain

from .models import Notice

FILENAME = "lich-toa-nha.ics"


def event_of(notice: Notice) -> ical.Event:
    """Raises ValueError for a notice without a time."""
    if not notice.starts_at or not notice.ends_at:
        raise ValueError("nothing happens at a time")
    return ical.Event(
        uid=str(notice.pk),
        sequence=max(0, notice.version - 1) + notice.is_withdrawn,
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        summary=f"{notice.title} – {notice.building}",
        description="\n".join([notice.audience, *([notice.text] if notice.is_public else [])]),
        location=notice.place or notice.building.address,
        url=settings.PUBLIC_URL + plain(notice.get_absolute_url()),
        cancelled=notice.is_withdrawn,
        organizer=notice.building.ward.email,
        organizer_name=notice.issuer,
    )


def when_in_words(notice: Notice) -> str:
    """`08:00 – 11:00, ngày 28/11/2026`, or from a moment to a moment when it takes days."""
    if not notice.starts_at or not notice.ends_at:
        return ""
    starts, ends = timezone.localtime(notice.starts_at), timezone.localtime(notice.ends_at)
    if starts.date() == ends.date():
        return _("%(from)s – %(to)s ngày %(day)s") % {
            "from": f"{starts:%H:%M}",
            "to": f"{ends:%H:%M}",
            "day": f"{starts:%d/%m/%Y}",
        }
    return _("Từ %(from)s đến %(to)s") % {"from": f"{starts:%H:%M %d/%m/%Y}", "to": f"{ends:%H:%M %d/%m/%Y}"}
