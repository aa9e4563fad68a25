"""The one library all components are registered with, and how a block tag renders its template."""

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def block(name: str, content: str, **context: object) -> SafeString:
    """`components/<name>.html` around what the block tag holds."""
    # What a block tag holds was rendered, hence escaped, by the template it stands in.
    context["content"] = mark_safe(content.strip())  # noqa: S308
    return get_template(f"components/{name}.html").render(context)
