"""What the pages of a ward say of its announcements."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from home.reading import banners
from portal.core import languages
from portal.core.addresses import plain

register = template.Library()

# Where one searches in a ward, or follows it: its pages too, at addresses of the portal.
BESIDE_THE_WARD = ("/tim-kiem/", "/theo-doi/")
WEEKDAYS = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật"))


@register.inclusion_tag("home/banners.html", takes_context=True)
def ward_banners(context: template.Context) -> dict:
    """Urgent announcements on every public page of a ward; on its services their interruptions too."""
    ward, request = context.get("ward"), context.get("request")
    home = f"/{ward.slug}/" if ward and getattr(ward, "slug", "") else ""
    if not home or request is None or not plain(request.path).startswith((home, *BESIDE_THE_WARD)):
        return {}
    at = timezone.now()
    on_services = plain(request.path).startswith(f"{home}dich-vu/")
    procedure = context.get("procedure") if on_services else None
    shown = context.get("banners") or banners.above(
        request, ward, at=at, on_services=on_services, service=getattr(procedure, "pk", None)
    )
    # An announcement does not stand above itself.
    page = context.get("page")
    return {
        "urgent": [each for each in shown.urgent if each.pk != getattr(page, "pk", None)],
        "downtimes": shown.downtimes,
    }


@register.simple_tag
def lang_of(page) -> str:
    """` lang="vi"` for words of a page that are not in the language of the page around them."""
    return format_html(' lang="{}"', page.lang_of_content) if page.lang_of_content != languages.around() else ""


@register.filter
def beside(cells, columns) -> list[tuple]:
    """Each cell of a row with its column, whose heading a phone repeats."""
    return list(zip(cells, columns, strict=False))


@register.filter
def on_day(moment: datetime) -> str:
    """Thứ Năm, 26/11/2026: a date people plan by."""
    day = timezone.localtime(moment)
    return f"{WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y}"


@register.simple_tag
def in_its_language(words: str, lang: str) -> str:
    """The words, with the language they are in where the page around them is in another."""
    return languages.marked(words, lang)
