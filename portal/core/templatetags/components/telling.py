"""Saying how things stand."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .library import block, register

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


@register.inclusion_tag("components/code_display.html")
def code_display(code: str, label: str, hint: str = "") -> dict:
    """A code or secret to be written down or copied."""
    return {"code": code, "label": label, "hint": hint}


@register.simple_block_tag
def notice(content: str, title: str = "", tone: str = "info") -> SafeString:
    words = {
        "info": _("Thông tin"),
        "success": pgettext("notice", "Đã xong"),
        "warning": _("Lưu ý"),
        "error": pgettext("notice", "Có lỗi"),
    }
    return block("notice", content=content, title=title or words[tone], tone=tone, icon_name=NOTICE_ICONS[tone])


@register.inclusion_tag("components/flash_messages.html")
def flash_messages(messages: Iterable) -> dict:
    return {
        "flashes": [
            (message, message.level_tag if message.level_tag in NOTICE_ICONS else "info") for message in messages
        ]
    }


@register.simple_block_tag
def urgent_banner(content: str, title: str, href: str = "") -> SafeString:
    return block("urgent_banner", content=content, title=title, href=href)


@register.simple_block_tag
def panel(content: str, title: str) -> SafeString:
    """The one sentence a confirmation page is about; its title is the page's h1."""
    return block("panel", content=content, title=title)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return block("inset", content=content)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:
    return block("details", content=content, summary=summary, open=open)


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    return block("empty_state", content=content, title=title)
