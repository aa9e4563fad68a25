"""The interface components, one tag each; the tag `x` renders `templates/components/x.html`.

A tag is the only way to place a component: its signature says what the component needs, and a
misspelt argument fails at once instead of rendering a hole. Components that hold other markup are
block tags, closed by `{% end<name> %}`. The library is a template builtin, so nothing is loaded.
`/_thanh-phan/` shows every one of them with the line that makes it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

import heroicons
from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.core import addresses, languages, styles
from portal.core.counting import grouped

register = template.Library()

# A state is told by its word, then by the shape in front of it, and only then by colour.
TONES = {
    "neutral": "minus-circle",
    "draft": "pencil",
    "progress": "arrow-right-circle",
    "waiting": "pause-circle",
    "action": "exclamation-triangle",
    "done": "check-circle",
    "soon": "clock",
    "late": "exclamation-circle",
    "refused": "x-circle",
}
NOTICE_ICONS = {
    "info": "information-circle",
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "error": "x-circle",
}


def _component(name: str, content: str, **context: object) -> SafeString:
    # What a block tag holds was rendered, hence escaped, by the template it stands in.
    context["content"] = mark_safe(content.strip())  # noqa: S308
    return get_template(f"components/{name}.html").render(context)


# --- Small print ---------------------------------------------------------------------------------
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
def language_links(context: template.Context) -> SafeString:
    """Tells search engines the page's own address and where it stands in each language."""
    request = context.get("request")
    if not request:
        return mark_safe("")
    root = f"{request.scheme}://{request.get_host()}"
    places = [(code, root + addresses.in_language(request.path, code)) for code, _name in settings.LANGUAGES]
    places.append(("x-default", root + addresses.plain(request.path)))
    alternates = format_html_join("\n", '<link rel="alternate" hreflang="{}" href="{}">', places)
    return format_html('<link rel="canonical" href="{}">\n{}', root + request.path, alternates)


@register.filter
def vi(words: object) -> object:
    """What stays Vietnamese on a page of any language: `{{ procedure.name|vi }}`. Not for attributes and `<title>`."""
    return languages.marked(words)


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
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return moment(value)


@register.filter
def dong(amount: int | None) -> str:
    """An amount of đồng as the language groups it: `8.000 đồng`, `8,000 đồng`. Nothing to pay is said in words."""
    if amount is None:
        return ""
    return _("%(amount)s đồng") % {"amount": grouped(amount)} if amount else _("Không thu phí")


@register.filter
def office_hours(hours: str) -> str:
    """`08:00-12:00,13:30-17:00` as people write it: `08:00–12:00 và 13:30–17:00`."""
    return _(" và ").join(span.strip().replace("-", "–") for span in hours.split(","))


@register.filter
def begins_with(text: str, start: str) -> bool:
    return bool(start) and text.startswith(start)


# --- Moving about --------------------------------------------------------------------------------
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


@register.simple_block_tag
def rooms(content: str, label: str) -> SafeString:
    """The rooms of a work place, one `li` each: a row on wide screens, on a phone one line that opens."""
    return _component("rooms", content=content, label=label)


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
    return _component("filter_bar", content=content, label=label or _("Lọc danh sách"), action=action)


@register.simple_block_tag
def filter_links(content: str, label: str = "") -> SafeString:
    return _component("filter_links", content=content, label=label or _("Lọc danh sách"))


@register.inclusion_tag("components/filter_link.html")
def filter_link(label: str, href: str, count: int | None = None, current: bool = False) -> dict:
    return {"label": label, "href": href, "count": count, "current": current}


@register.inclusion_tag("components/ward_picker.html")
def ward_picker(wards: Iterable, label: str = "") -> dict:
    """Wards with `name`, `get_absolute_url` and, if known, `address`."""
    return {"wards": wards, "label": label or _("Chọn phường của bạn")}


# --- Doing ---------------------------------------------------------------------------------------
@register.inclusion_tag("components/button.html")
def button(
    label: str,
    href: str = "",
    kind: str = "primary",
    name: str = "",
    value: object = "",
    icon: str = "",
    hidden: str = "",
    form: str = "",
    formaction: str = "",
    novalidate: bool = False,
) -> dict:
    """A submit button, or with `href` a link that looks like one.

    `kind`: primary (one a screen), secondary, warning (what cannot be undone), quiet (in a row).
    `hidden` completes the label for those who hear it: "Xoá" + "ảnh.jpg".
    """
    if kind not in {"primary", "secondary", "warning", "quiet"}:
        raise ValueError(f"No such kind of button: {kind}")
    return locals()


@register.inclusion_tag("components/code_display.html")
def code_display(code: str, label: str, hint: str = "") -> dict:
    """A code or secret to be written down or copied."""
    return {"code": code, "label": label, "hint": hint}


# --- Telling -------------------------------------------------------------------------------------
@register.inclusion_tag("components/tag.html")
def tag(label: str, tone: str = "neutral") -> dict:
    return {"label": label, "tone": tone, "icon_name": TONES[tone]}


@register.inclusion_tag("components/due_label.html")
def due_label(state: str, due_at: datetime | None = None, detail: str = "") -> dict:
    """How a due time stands: `on_time`, `soon`, `late`, `rescheduled`, `paused` or `kept` (finished in time).

    `detail` is for what only the caller can count, such as "còn 3 ngày làm việc".
    """
    label, tone = {
        "on_time": (_("Còn hạn"), "progress"),
        "soon": (_("Sắp đến hạn"), "soon"),
        "late": (_("Quá hạn"), "late"),
        "rescheduled": (_("Đã hẹn lại"), "soon"),
        "paused": (_("Tạm dừng tính hạn"), "waiting"),
        "kept": (_("Đúng hạn"), "done"),
    }[state]
    return {"label": label, "tone": tone, "due_at": due_at, "detail": detail}


@register.simple_block_tag
def notice(content: str, title: str = "", tone: str = "info") -> SafeString:
    words = {
        "info": _("Thông tin"),
        "success": pgettext("notice", "Đã xong"),
        "warning": _("Lưu ý"),
        "error": pgettext("notice", "Có lỗi"),
    }
    return _component("notice", content=content, title=title or words[tone], tone=tone, icon_name=NOTICE_ICONS[tone])


@register.inclusion_tag("components/flash_messages.html")
def flash_messages(messages: Iterable) -> dict:
    return {
        "flashes": [
            (message, message.level_tag if message.level_tag in NOTICE_ICONS else "info") for message in messages
        ]
    }


@register.simple_block_tag
def urgent_banner(content: str, title: str, href: str = "") -> SafeString:
    return _component("urgent_banner", content=content, title=title, href=href)


@register.simple_block_tag
def panel(content: str, title: str) -> SafeString:
    """The one sentence a confirmation page is about; its title is the page's h1."""
    return _component("panel", content=content, title=title)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return _component("inset", content=content)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:
    return _component("details", content=content, summary=summary, open=open)


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    return _component("empty_state", content=content, title=title)


# --- Listing -------------------------------------------------------------------------------------
@register.simple_block_tag
def summary_list(content: str, title: str = "", href: str = "", change: str = "", level: int = 2) -> SafeString:
    """What was answered. With `href` the whole section has one change link."""
    return _component("summary_list", content=content, title=title, href=href, change=change or _("Sửa"), level=level)


@register.inclusion_tag("components/summary_row.html")
def summary_row(label: str, value: object = "", href: str = "", change: str = "") -> dict:
    """A list as value gives one line each; nothing gives "Chưa có thông tin"."""
    values = value if isinstance(value, list | tuple) else [value] if value not in (None, "") else []
    return {"label": label, "values": values, "href": href, "change": change or _("Sửa")}


@register.simple_block_tag
def task_list(content: str) -> SafeString:
    return _component("task_list", content=content)


@register.inclusion_tag("components/task.html")
def task(label: str, href: str = "", status: str = "", tone: str = "neutral", hint: str = "") -> dict:
    return {"label": label, "href": href, "status": status, "tone": tone, "hint": hint}


@register.simple_block_tag
def data_table(content: str, caption: str, hide_caption: bool = False, narrow: bool = False) -> SafeString:
    """Rows of a table; on a phone each row is a list, so give every `td` its `data-label`.

    `narrow`: a word and a few short figures a row, which fit a phone as the table they are.
    """
    return _component("data_table", content=content, caption=caption, hide_caption=hide_caption, narrow=narrow)


@register.simple_block_tag
def timeline(content: str, label: str = "") -> SafeString:
    return _component("timeline", content=content, label=label or _("Quá trình giải quyết"))


@register.simple_block_tag
def timeline_entry(
    content: str, title: str, when: datetime | date | str | None = None, who: str = "", state: str = "past"
) -> SafeString:
    """`state`: past, now (being done), next (still to come)."""
    return _component("timeline_entry", content=content, title=title, when=when, who=who, state=state)


@register.simple_block_tag
def entry_list(content: str) -> SafeString:
    """Announcements, services, search results: a title that leads on, and a line or two."""
    return _component("entry_list", content=content)


@register.simple_block_tag
def entry(
    content: str,
    title: str,
    href: str,
    when: datetime | date | None = None,
    kind: str = "",
    meta: str = "",
    level: int = 3,
) -> SafeString:
    return _component("entry", content=content, title=title, href=href, when=when, kind=kind, meta=meta, level=level)


@register.simple_block_tag
def document_list(content: str) -> SafeString:
    return _component("document_list", content=content)


@register.inclusion_tag("components/document_row.html")
def document_row(
    title: str,
    href: str,
    kind: str = "PDF",
    size: int | None = None,
    pages: int | None = None,
    when: datetime | date | None = None,
    note: str = "",
    verify_url: str = "",
) -> dict:
    """A document to download; `size` in bytes."""
    return locals()


@register.inclusion_tag("components/file_list.html")
def file_list(files: Iterable, remove_name: str = "", remove_formaction: str = "") -> dict:
    """Uploaded files: mappings or objects with `id`, `name`, `size` (bytes), `pages`, `url`, `thumbnail_url`.

    With `remove_name` each has a button that submits the surrounding form with `<remove_name>=<id>`.
    """
    return {"files": files, "remove_name": remove_name, "remove_formaction": remove_formaction}


# --- Forms ---------------------------------------------------------------------------------------
def focus_id(field: BoundField) -> str:
    """The id a link in the error summary leads to: the first control of the field."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_with_errors: forms.BaseForm | list[forms.BaseForm]) -> dict:
    """Everything that is wrong on the page, at its top, each leading to its field. Takes forms, and lists of them."""
    mistakes = []
    for form in (one for given in forms_with_errors for one in (given if isinstance(given, list) else [given])):
        if not form:
            continue
        mistakes += [("", message, "") for message in form.non_field_errors()]
        mistakes += [(field.label, message, focus_id(field)) for field in form for message in field.errors]
    return {"mistakes": mistakes}


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict:
    """The fields of a form, hidden ones included, without its error summary."""
    return {"form": form}


@register.filter
def field_kind(field: BoundField) -> str:
    """Which of the layouts in `components/field.html` a field wants."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if field.use_fieldset else "control"


@register.filter
def is_radio(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect)


@register.inclusion_tag("components/file_upload.html")
def file_upload(
    field: BoundField,
    files: Iterable = (),
    upload_name: str = "",
    upload_value: object = "",
    remove_name: str = "",
    formaction: str = "",
) -> dict:
    """A file field with what was already given.

    The button beside it submits the surrounding form with `<upload_name>=<upload_value>`, so that a
    file is kept before the rest is right; with JavaScript choosing a file presses that button.
    """
    return {
        "field": field,
        "files": files,
        "upload_name": upload_name,
        "upload_value": upload_value,
        "remove_name": remove_name,
        "formaction": formaction,
    }
