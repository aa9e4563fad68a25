"""What every page has around its content."""

from collections.abc import Sequence
from functools import lru_cache

import heroicons
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.core import addresses, styles

from .library import register


@register.simple_tag
@lru_cache(maxsize=200)  # the package builds each anew from its parts
def icon(name: str, style: str = "mini", size: int = 20) -> SafeString:
    """A heroicon beside a word that says the same, hence hidden from screen readers."""
    attrs: dict[str, object] = {"class": "icon", "aria-hidden": "true"}
    return mark_safe(heroicons._render_icon(style, name + "", size, attrs))  # noqa: S308, SLF001 - package's own SVG


@register.simple_tag
def stylesheets() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', styles.url())


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: template.Context) -> dict:
    """The same place in the other languages, the query string kept. Nothing where no page is asked for."""
    request = context.get("request")
    here = request.get_full_path() if request else ""
    others = [code for code, _name in settings.LANGUAGES if code != get_language()]
    return {"others": [(code, addresses.in_language(here, code)) for code in others] if here else []}


@register.simple_tag(takes_context=True)
def language_links(context: template.Context, spoken: Sequence[str] = ()) -> SafeString:
    """Tells search engines the page's own address and where it stands in each language.

    `spoken` are the codes of the languages it was written in, when not in all: elsewhere only its frame is another.
    """
    request = context.get("request")
    if not request:
        return mark_safe("")
    root = f"{request.scheme}://{request.get_host()}"
    codes = spoken or [code for code, _name in settings.LANGUAGES]
    places = [(code, root + addresses.in_language(request.path, code)) for code in codes]
    own = dict(places).get(get_language() or "", places[0][1])
    places.append(("x-default", root + addresses.plain(request.path)))
    alternates = format_html_join("\n", '<link rel="alternate" hreflang="{}" href="{}">', places)
    return format_html('<link rel="canonical" href="{}">\n{}', own, alternates)


@register.simple_tag(takes_context=True)
def site_links(context: template.Context) -> SafeString:
    """Where the header leads: the person's places of work, the ward's pages, what everybody does. Shown twice."""
    user, ward = context.get("user"), context.get("ward")
    signed_in = getattr(user, "is_authenticated", False)
    links = list(context.get("workplaces") or ()) if signed_in else []
    if signed_in and not links:  # at work the way home is in the account's menu
        links += [(_("Tòa nhà của tôi"), reverse("notices:mine"))]
    exact = set()
    if ward:
        home = ward.get_absolute_url()
        exact.add(home)
        links += [(_("Trang phường"), home), (_("Dịch vụ công"), f"{home}dich-vu/")]
        links += [(_("Thông báo"), f"{home}thong-bao/")]
    else:
        front = reverse("wagtail_serve", args=[""])
        exact.add(front)
        links += [(_("Chọn phường"), front)]
    links += [(_("Hồ sơ của tôi"), reverse("dossiers:list")), (_("Tra cứu hồ sơ"), reverse("dossiers:lookup"))]
    links += [(_("Kiểm tra giấy tờ"), reverse("documents:verify"))]
    request = context.get("request")
    here = request.path if request else ""

    def mark(address: str) -> SafeString:
        if here == address:
            return mark_safe(' aria-current="page"')
        below = address not in exact and here.startswith(address)
        return mark_safe(' aria-current="true"') if below else mark_safe("")

    return format_html_join(
        "", '<li><a href="{}"{}>{}</a></li>', ((address, mark(address), label) for label, address in links)
    )
