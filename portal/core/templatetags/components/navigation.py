"""Getting about: to another page, and to the part of a list that is looked for."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .library import block, register


@register.simple_block_tag
def rooms(content: str, label: str) -> SafeString:
    """The rooms of a work place, one `li` each: a row on wide screens, on a phone one line that opens."""
    return block("rooms", content=content, label=label)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_urls: str) -> dict:
    """Label, address, label, address, …: the pages above this one, the highest first.

    A last label without an address is the page itself.
    """
    pairs, here = labels_and_urls, ""
    if len(pairs) % 2:
        *pairs, here = pairs
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True)), "here": here}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: object, parameter: str = "trang") -> dict:
    """Keeps the other parameters of the address, so that a filtered list stays filtered."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    paginator = page.paginator
    return {
        "page": page,
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
        "numbers": [
            (number, address(number) if isinstance(number, int) else "")
            for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }


@register.inclusion_tag("components/step_indicator.html")
def step_indicator(current: int, total: int, name: str = "") -> dict:
    return {"current": current, "total": total, "name": name}


@register.inclusion_tag("components/search_box.html")
def search_box(
    action: str,
    label: str,
    name: str = "q",
    value: str = "",
    hint: str = "",
    button: str = "",
    id: str = "tim",
    ward: str = "",
) -> dict:
    """With a ward's slug only that ward is searched."""
    return {
        "action": action,
        "label": label,
        "name": name,
        "value": value,
        "hint": hint,
        "button": button or _("Tìm kiếm"),
        "id": id,
        "ward": ward,
    }


@register.simple_block_tag
def filter_bar(content: str, label: str = "", action: str = "") -> SafeString:
    """Fields of a GET form that narrow the list below it; works as an ordinary form."""
    return block("filter_bar", content=content, label=label or _("Lọc danh sách"), action=action)


@register.simple_block_tag
def filter_links(content: str, label: str = "") -> SafeString:
    return block("filter_links", content=content, label=label or _("Lọc danh sách"))


@register.inclusion_tag("components/filter_link.html")
def filter_link(label: str, href: str, count: int | None = None, current: bool = False) -> dict:
    return {"label": label, "href": href, "count": count, "current": current}


@register.inclusion_tag("components/ward_picker.html")
def ward_picker(wards: Iterable, label: str = "") -> dict:
    """Wards with `name`, `get_absolute_url` and, if known, `address`."""
    return {"wards": wards, "label": label or _("Chọn phường của bạn")}
