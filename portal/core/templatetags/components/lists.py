"""Several things of one sort."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .library import block, register


@register.simple_block_tag
def summary_list(content: str, title: str = "", href: str = "", change: str = "", level: int = 2) -> SafeString:
    """What was answered. With `href` the whole section has one change link."""
    return block("summary_list", content=content, title=title, href=href, change=change or _("Sửa"), level=level)


@register.inclusion_tag("components/summary_row.html")
def summary_row(label: str, value: object = "", href: str = "", change: str = "") -> dict:
    """A list as value gives one line each; nothing gives "Chưa có thông tin"."""
    values = value if isinstance(value, list | tuple) else [value] if value not in (None, "") else []
    return {"label": label, "values": values, "href": href, "change": change or _("Sửa")}


@register.simple_block_tag
def task_list(content: str) -> SafeString:
    return block("task_list", content=content)


@register.inclusion_tag("components/task.html")
def task(label: str, href: str = "", status: str = "", tone: str = "neutral", hint: str = "") -> dict:
    return {"label": label, "href": href, "status": status, "tone": tone, "hint": hint}


@register.simple_block_tag
def data_table(content: str, caption: str, hide_caption: bool = False, narrow: bool = False) -> SafeString:
    """Rows of a table; on a phone each row is a list, so give every `td` its `data-label`.

    `narrow`: a word and a few short figures a row, which fit a phone as the table they are.
    """
    return block("data_table", content=content, caption=caption, hide_caption=hide_caption, narrow=narrow)


@register.simple_block_tag
def timeline(content: str, label: str = "") -> SafeString:
    return block("timeline", content=content, label=label or _("Quá trình giải quyết"))


@register.simple_block_tag
def timeline_entry(
    content: str, title: str, when: datetime | date | str | None = None, who: str = "", state: str = "past"
) -> SafeString:
    """`state`: past, now (being done), next (still to come)."""
    return block("timeline_entry", content=content, title=title, when=when, who=who, state=state)


@register.simple_block_tag
def entry_list(content: str) -> SafeString:
    """Announcements, services, search results: a title that leads on, and a line or two."""
    return block("entry_list", content=content)


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
    return block("entry", content=content, title=title, href=href, when=when, kind=kind, meta=meta, level=level)


@register.simple_block_tag
def document_list(content: str) -> SafeString:
    return block("document_list", content=content)


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
