"""How a value is written."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.core import languages

from .library import register


@register.filter
def moment(value: datetime | date | str | None) -> str:
    """`17:05 ngày 23/11/2026`, machine readable; a date without a time gives the date alone."""
    if not value or isinstance(value, str):
        return value or ""
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "d/m/Y"))
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    words = _("%(time)s ngày %(date)s") % {
        "time": date_format(local, "H:i"),
        "date": date_format(local, "d/m/Y"),
    }
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


@register.filter
def day(value: datetime | date | None) -> str:
    """`23/11/2026`, machine readable."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return moment(value)


@register.filter
def dong(amount: int | None) -> str:
    """An amount of đồng as the language groups it: `8.000 đồng`, `8,000 đồng`. Nothing to pay is said in words."""
    if amount is None:
        return ""
    return (
        _("%(amount)s đồng") % {"amount": number_format(amount, force_grouping=True)} if amount else _("Không thu phí")
    )


@register.filter
def office_hours(hours: str) -> str:
    """`08:00-12:00,13:30-17:00` as people write it: `08:00–12:00 và 13:30–17:00`."""
    return _(" và ").join(span.strip().replace("-", "–") for span in hours.split(","))


@register.filter
def vi(words: object) -> object:
    """What stays Vietnamese on a page of any language: `{{ procedure.name|vi }}`. Not for attributes and `<title>`."""
    return languages.marked(words)
