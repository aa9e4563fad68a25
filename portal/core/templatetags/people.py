"""How people's contacts and numbers are shown."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from phonenumber_field.phonenumber import PhoneNumber

from portal.core.accounts.fields import as_national

register = template.Library()


@register.filter
def contact(value: PhoneNumber | str | None) -> str:
    """A phone number as it is read at home, an e-mail address as it is."""
    return str(value) if value and "@" in str(value) else as_national(value)


@register.filter
def masked(number: str | None) -> str:
    """A personal number of which a passer-by reads the end alone: `••••••••0123`."""
    return f"{'•' * (len(number) - 4)}{number[-4:]}" if number else ""


@register.inclusion_tag("core/demo_mailbox.html")
def demo_mailbox(recipient: str = "") -> dict[str, str]:
    """In the demo: where the message that was not sent can be read. Elsewhere nothing."""
    url = f"{reverse('core:mailbox')}?{urlencode({'q': recipient})}" if settings.DEMO else ""
    return {"url": url}
